// Where people type: slash commands and mentions are completed, Enter sends.
import { el } from './dom.js';
import { act, state } from './state.js';

const Hints = {
  '/incident': 'declare "title" sev1 apps checkout · status · timeline · help',
  '/gitops': 'status checkout · pause checkout for 45m because … · resume checkout · help',
  '/breakglass': 'request checkout as … for 30m because … · list',
};

export function composer(form, where) {
  const input = form.querySelector('textarea');
  const list = form.querySelector('.suggestions');
  const problem = form.querySelector('.problem');
  let chosen = 0;

  function suggest() {
    const before = input.value.slice(0, input.selectionStart);
    const command = where().thread ? null : before.match(/^\/[a-z]*$/);
    const mention = before.match(/(?:^|\s)@([a-z-]*)$/);
    const found = command ? commands(command[0]) : mention ? people(mention[1]) : [];
    chosen = 0;
    list.replaceChildren(...found.map(({ insert, label, hint }, index) => el('button', {
      type: 'button', role: 'option', tabindex: -1, 'aria-selected': String(index === 0), 'data-testid': `suggestion-${insert.replace(/^[/@]/, '')}`,
      onpointerdown: event => { event.preventDefault(); take(insert, command?.[0] ?? `@${mention[1]}`); },
      'data-insert': insert, 'data-typed': command?.[0] ?? `@${mention[1]}`,
    }, el('strong', {}, label), el('small', {}, hint))));
    list.hidden = found.length === 0;
  }

  const commands = typed => state.view.commands.filter(name => name.startsWith(typed) && name !== typed).map(name => ({ insert: name, label: name, hint: Hints[name] ?? '' }));

  function people(typed) {
    const users = Object.values(state.view.users).filter(user => user.name === 'chatops' || state.view.cast.some(id => state.view.users[id] === user));
    const all = [
      ...users.sort((left, right) => Number(right.isBot) - Number(left.isBot)).map(user => ({ insert: `@${user.name}`, label: `@${user.name}`, hint: user.isBot ? 'the bot' : user.title })),
      ...Object.values(state.view.groups).map(handle => ({ insert: `@${handle}`, label: `@${handle}`, hint: 'user group' })),
    ];
    return all.filter(({ insert }) => insert.startsWith(`@${typed}`) && insert !== `@${typed}`);
  }

  function take(insert, typed) {
    const end = input.selectionStart;
    input.setRangeText(`${insert} `, end - typed.length, end, 'end');
    list.hidden = true;
    input.focus();
    grow();
  }

  function grow() {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
  }

  async function send() {
    const text = input.value.trim();
    if (!text) return;
    input.value = '';
    list.hidden = true;
    grow();
    const failed = await act('say', { ...where(), text }).catch(() => 'The sandbox does not answer.');
    problem.textContent = failed ?? '';
    if (failed && !input.value) input.value = text;
  }

  input.addEventListener('input', () => { problem.textContent = ''; suggest(); grow(); });
  input.addEventListener('blur', () => { list.hidden = true; });
  input.addEventListener('keydown', event => {
    if (!list.hidden) {
      const options = [...list.children];
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        chosen = (chosen + (event.key === 'ArrowDown' ? 1 : options.length - 1)) % options.length;
        options.forEach((option, index) => option.setAttribute('aria-selected', String(index === chosen)));
        return;
      }
      if (event.key === 'Tab' || event.key === 'Enter') {
        event.preventDefault();
        take(options[chosen].dataset.insert, options[chosen].dataset.typed);
        return;
      }
      if (event.key === 'Escape') { list.hidden = true; return; }
    }
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  });
  form.addEventListener('submit', event => { event.preventDefault(); send(); });

  return {
    focus: () => input.focus(),
    setPlaceholder: text => { input.placeholder = text; },
    fill: text => { input.value = text; grow(); input.focus(); },
  };
}
