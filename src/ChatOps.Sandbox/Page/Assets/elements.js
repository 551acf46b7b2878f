// Buttons and menus inside messages and dialogs.
import { el } from './dom.js';
import { confirmed } from './dialog.js';
import { text } from './blocks.js';
import { state } from './state.js';

export function element(part, block, press) {
  const use = async (control, choice) => {
    if (part.confirm && !await confirmed(part.confirm)) {
      if (control.tagName === 'SELECT') control.value = '';
      return;
    }
    control.disabled = true;
    try { await press(part, choice, block); } finally { control.disabled = false; }
  };
  const common = { 'data-testid': `action-${part.action_id}`, 'data-block': block.block_id };
  switch (part.type) {
    case 'button':
      return el('button', {
        type: 'button', class: `button ${part.style ?? ''}`, 'aria-label': part.accessibility_label, ...common,
        onclick: event => {
          if (part.url && /^https?:/.test(part.url)) window.open(part.url, '_blank', 'noopener,noreferrer');
          return use(event.currentTarget, null);
        },
      }, text(part.text));
    case 'static_select':
    case 'users_select':
    case 'overflow':
      return el('select', {
        class: 'menu', 'aria-label': part.placeholder?.text ?? 'More actions', ...common,
        onchange: event => event.currentTarget.value && use(event.currentTarget, event.currentTarget.value),
      }, el('option', { value: '' }, part.placeholder?.text ?? '⋯'), choices(part, part.initial_option?.value ?? part.initial_user));
    case 'datepicker':
    case 'timepicker':
      return el('input', { type: part.type === 'datepicker' ? 'date' : 'time', 'aria-label': part.placeholder?.text ?? part.type, ...common, onchange: event => use(event.currentTarget, event.currentTarget.value) });
    default:
      return el('span', { class: 'quiet' }, `(a ${part.type})`);
  }
}

export function choices(part, initial) {
  if (part.type.includes('users_select')) {
    return state.view.cast.map(id => el('option', { value: id, selected: id === initial }, state.view.users[id].realName));
  }
  if (part.type.includes('channels_select') || part.type.includes('conversations_select')) {
    return state.view.channels.filter(channel => !channel.isDirect).map(channel => el('option', { value: channel.id, selected: channel.id === initial }, `#${channel.name}`));
  }
  const options = list => list.map(option => el('option', { value: option.value, selected: option.value === initial }, text(option.text)));
  return part.option_groups ? part.option_groups.map(group => el('optgroup', { label: group.label.text }, options(group.options))) : options(part.options ?? []);
}
