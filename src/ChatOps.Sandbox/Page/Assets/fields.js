// Inputs of a dialog: what to show, and what was filled in.
import { el } from './dom.js';
import { text } from './blocks.js';
import { choices } from './elements.js';

export function field(block) {
  const part = block.element;
  const id = `input-${block.block_id}-${part.action_id}`;
  const isGroup = part.type === 'radio_buttons' || part.type === 'checkboxes';
  return el('div', { class: 'field', 'data-block': block.block_id },
    el(isGroup ? 'p' : 'label', { class: 'label', for: isGroup ? null : id, id: `${id}-label` }, text(block.label), block.optional ? el('span', { class: 'quiet' }, ' (optional)') : null),
    isGroup ? group(block, part, id) : control(part, id),
    block.hint ? el('p', { class: 'quiet' }, text(block.hint)) : null,
    el('p', { class: 'problem', role: 'alert', 'data-for': block.block_id }));
}

function control(part, id) {
  const common = { id, 'data-testid': `input-${part.action_id}`, placeholder: part.placeholder?.text };
  switch (part.type) {
    case 'plain_text_input':
      if (part.multiline) return el('textarea', { ...common, rows: 4, maxlength: part.max_length }, part.initial_value ?? '');
      return el('input', { ...common, type: 'text', maxlength: part.max_length, value: part.initial_value });
    case 'email_text_input': return el('input', { ...common, type: 'email', value: part.initial_value });
    case 'url_text_input': return el('input', { ...common, type: 'url', value: part.initial_value });
    case 'number_input': return el('input', { ...common, type: 'number', value: part.initial_value, min: part.min_value, max: part.max_value, step: part.is_decimal_allowed ? 'any' : 1 });
    case 'datepicker': return el('input', { ...common, type: 'date', value: part.initial_date });
    case 'timepicker': return el('input', { ...common, type: 'time', value: part.initial_time });
    case 'datetimepicker': return el('input', { ...common, type: 'datetime-local' });
    default: {
      const initial = part.initial_option?.value ?? part.initial_user ?? part.initial_conversation ?? part.initial_channel;
      const isMany = part.type.startsWith('multi_');
      return el('select', { ...common, multiple: isMany }, isMany ? null : el('option', { value: '' }, part.placeholder?.text ?? 'Choose…'), choices(part, initial));
    }
  }
}

function group(block, part, id) {
  const isRadio = part.type === 'radio_buttons';
  const initial = isRadio ? [part.initial_option?.value] : (part.initial_options ?? []).map(option => option.value);
  return el('div', { role: isRadio ? 'radiogroup' : 'group', 'aria-labelledby': `${id}-label`, class: 'choices' }, part.options.map(option =>
    el('label', {},
      el('input', { type: isRadio ? 'radio' : 'checkbox', name: id, value: option.value, checked: initial.includes(option.value), 'data-testid': `input-${part.action_id}-${option.value}` }),
      el('span', {}, text(option.text), option.description ? el('small', {}, text(option.description)) : null))));
}

export function valueOf(form, block) {
  const part = block.element;
  const home = form.querySelector(`[data-block="${CSS.escape(block.block_id)}"]`);
  if (part.type === 'radio_buttons' || part.type === 'checkboxes') {
    return [...home.querySelectorAll('input:checked')].map(input => input.value).join('\n');
  }
  const input = home.querySelector('input, textarea, select');
  if (input.multiple) return [...input.selectedOptions].map(option => option.value).join('\n');
  return part.type === 'datetimepicker' && input.value ? String(Date.parse(input.value) / 1000) : input.value;
}
