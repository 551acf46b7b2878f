// Modals and confirmations.
import { $, el, toast } from './dom.js';
import { act } from './state.js';
import { blocks, text } from './blocks.js';
import { field, valueOf } from './fields.js';

let shown = null;

export function showDialog(dialog) {
  const modal = $('dialog');
  if (!dialog) {
    shown = null;
    if (modal.open) modal.close();
    return;
  }
  const key = `${dialog.id} ${dialog.hash}`;
  if (key !== shown) {
    shown = key;
    modal.replaceChildren(...content(dialog.content));
    if (!modal.open) modal.showModal();
    modal.querySelector('input, textarea, select')?.focus();
  }
  showProblems(modal, dialog.problems);
}

function content(view) {
  const press = async (part, choice) => {
    const problem = await act('dialog/press', { actionId: part.action_id, choice });
    if (problem) toast(problem);
  };
  const body = view.blocks.map(block => block.type === 'input' ? field(block) : blocks([block], press)[0]).filter(Boolean);
  const submit = async event => {
    event.preventDefault();
    const button = form.querySelector('[type=submit]');
    button.disabled = true;
    const values = Object.fromEntries(view.blocks.filter(block => block.type === 'input').map(block => [block.block_id, valueOf(form, block)]));
    try {
      const problem = await act('dialog/submit', { values });
      if (problem) toast(problem);
    } finally { button.disabled = false; }
  };
  const form = el('form', { novalidate: true, onsubmit: submit },
    el('header', {}, el('h2', { id: 'dialog-title', 'data-testid': 'dialog-title' }, text(view.title)),
      el('button', { type: 'button', class: 'icon', 'aria-label': 'Close the dialog', onclick: close }, '✕')),
    el('div', { class: 'modal-body' }, body),
    el('p', { class: 'problem', role: 'alert', 'data-for': '' }),
    el('footer', {},
      el('button', { type: 'button', class: 'button', 'data-testid': 'dialog-close', onclick: close }, text(view.close) ?? 'Cancel'),
      view.submit ? el('button', { type: 'submit', class: 'button primary', 'data-testid': 'dialog-submit' }, text(view.submit)) : null));
  return [form];
}

function showProblems(modal, problems) {
  for (const line of modal.querySelectorAll('.problem')) {
    const problem = problems[line.dataset.for] ?? '';
    if (line.textContent !== problem) line.textContent = problem;
    const input = line.dataset.for ? modal.querySelector(`[data-block="${CSS.escape(line.dataset.for)}"] :is(input, textarea, select)`) : null;
    input?.toggleAttribute('aria-invalid', problem !== '');
  }
}

const close = () => act('dialog/close', {});

$('dialog').addEventListener('cancel', event => { event.preventDefault(); close(); });

export function confirmed(object) {
  const modal = $('confirm');
  return new Promise(resolve => {
    const answer = yes => { modal.close(); resolve(yes); };
    modal.oncancel = () => resolve(false);
    modal.replaceChildren(
      el('header', {}, el('h2', { id: 'confirm-title' }, text(object.title))),
      el('div', { class: 'modal-body' }, el('p', {}, text(object.text))),
      el('footer', {},
        el('button', { type: 'button', class: 'button', 'data-testid': 'confirm-no', onclick: () => answer(false) }, text(object.deny)),
        el('button', { type: 'button', class: `button ${object.style ?? 'primary'}`, 'data-testid': 'confirm-yes', onclick: () => answer(true) }, text(object.confirm))));
    modal.showModal();
  });
}
