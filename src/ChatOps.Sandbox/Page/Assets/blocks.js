// Block Kit, as far as an app like this one uses it.
import { el } from './dom.js';
import { emoji, mrkdwn, plain } from './mrkdwn.js';
import { element } from './elements.js';
import { state, user } from './state.js';

export function text(object) {
  if (!object) return null;
  return object.type === 'mrkdwn' ? mrkdwn(object.text) : plain(object.text, object.emoji !== false);
}

// `press(element, choice, block)` is called when somebody uses a button or menu.
export function blocks(list, press) {
  return (list ?? []).map(block => render(block, press)).filter(Boolean);
}

function render(block, press) {
  switch (block.type) {
    case 'section': return section(block, press);
    case 'header': return el('h3', { class: 'b-header' }, text(block.text));
    case 'divider': return el('hr');
    case 'context': return el('div', { class: 'b-context' }, block.elements.map(part => part.type === 'image' ? image(part) : el('span', {}, text(part))));
    case 'actions': return el('div', { class: 'b-actions' }, block.elements.map(part => element(part, block, press)));
    case 'image': return el('figure', {}, block.title ? el('figcaption', {}, text(block.title)) : null, image(block));
    case 'rich_text': return el('div', { class: 'b-rich' }, block.elements.map(rich));
    case 'markdown': return el('div', { class: 'b-markdown' }, mrkdwn(block.text.replace(/\*\*(.+?)\*\*/g, '*$1*')));
    case 'table': return table(block);
    case 'input': return null;
    default: return el('p', { class: 'quiet' }, `(a ${block.type} block)`);
  }
}

function section(block, press) {
  const body = el('div', { class: 'b-body' });
  if (block.text) body.append(el('div', { class: 'b-text' }, text(block.text)));
  if (block.fields) body.append(el('div', { class: 'b-fields' }, block.fields.map(field => el('div', {}, text(field)))));
  const side = block.accessory ? (block.accessory.type === 'image' ? image(block.accessory) : element(block.accessory, block, press)) : null;
  return el('div', { class: 'b-section' }, body, side);
}

// The page loads nothing from elsewhere, so a picture is told and not shown.
function image(block) {
  if (block.slack_file) return el('img', { src: `/sandbox/slack/files/${encodeURIComponent(block.slack_file.id)}`, alt: block.alt_text });
  const isOurs = block.image_url?.startsWith('/') || block.image_url?.startsWith('data:image/');
  return isOurs ? el('img', { src: block.image_url, alt: block.alt_text }) : el('span', { class: 'picture', role: 'img', 'aria-label': block.alt_text }, `🖼 ${block.alt_text}`);
}

function table(block) {
  return el('table', {}, block.rows.map(row => el('tr', {}, row.map(cell => el('td', {}, cell.type === 'rich_text' ? cell.elements.map(rich) : cell.text ?? '')))));
}

function rich(part) {
  switch (part.type) {
    case 'rich_text_section': return el('p', {}, part.elements.map(run));
    case 'rich_text_preformatted': return el('pre', {}, el('code', {}, part.elements.map(run)));
    case 'rich_text_quote': return el('blockquote', {}, part.elements.map(run));
    case 'rich_text_list': return el(part.style === 'ordered' ? 'ol' : 'ul', { class: `indent-${part.indent ?? 0}` }, part.elements.map(item => el('li', {}, item.elements.map(run))));
    default: return null;
  }
}

function run(part) {
  switch (part.type) {
    case 'text': return styled(part);
    case 'link': return el('a', { href: /^(https?|mailto):/.test(part.url) ? part.url : null, rel: 'noreferrer noopener', target: '_blank' }, part.text ?? part.url);
    case 'user': return el('span', { class: part.user_id === state.view.me ? 'mention me' : 'mention' }, `@${user(part.user_id).name}`);
    case 'usergroup': return el('span', { class: 'mention' }, `@${state.view.groups[part.usergroup_id] ?? 'group'}`);
    case 'channel': return el('span', { class: 'mention' }, `#${state.view.channels.find(channel => channel.id === part.channel_id)?.name ?? part.channel_id}`);
    case 'broadcast': return el('span', { class: 'mention me' }, `@${part.range}`);
    case 'emoji': return emoji(`:${part.name}:`);
    case 'date': return mrkdwn(`<!date^${part.timestamp}^${part.format}|${part.fallback ?? ''}>`);
    default: return null;
  }
}

function styled(part) {
  let node = document.createTextNode(part.text);
  for (const [style, tag] of [['code', 'code'], ['bold', 'strong'], ['italic', 'em'], ['strike', 's']]) {
    if (part.style?.[style]) node = el(tag, {}, node);
  }
  return node;
}
