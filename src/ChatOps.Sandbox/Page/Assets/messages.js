// One message, wherever it is shown.
import { el, toast } from './dom.js';
import { act, me, state, user } from './state.js';
import { blocks } from './blocks.js';
import { clock, emoji, mrkdwn } from './mrkdwn.js';

const Hues = { U0ALICE: 340, U0BOB: 205, U0CAROL: 150, U0CHATOPS: 265 };

export function avatar(id) {
  const { realName, isBot } = user(id);
  const hue = Hues[id] ?? [...id].reduce((sum, letter) => sum + letter.charCodeAt(0) * 7, 0) % 360;
  const letters = isBot ? '⎈' : realName.split(' ').map(word => word[0]).slice(0, 2).join('');
  return el('span', { class: 'avatar', 'data-hue': Math.round(hue / 15) % 24, 'aria-hidden': 'true' }, letters);
}

// What decides whether a message has to be drawn again.
export const keyOf = (message, where) => `${where} ${state.view.me} ${JSON.stringify(message)}`;

export function message(channel, said, { inThread = false, openThread, isPinned = false } = {}) {
  const author = user(said.user);
  const when = new Date(Number(said.ts) * 1000);
  const isBot = author.isBot || said.bot_id;
  const press = async (part, choice, block) => {
    const problem = await act('press', { channel: channel.id, ts: said.ts, actionId: part.action_id, choice, blockId: block.block_id });
    if (problem) toast(problem);
  };
  const body = el('div', { class: 'said' });
  const rendered = blocks(said.blocks, press);
  if (rendered.length > 0) body.append(...rendered);
  else body.append(el('div', { class: 'b-text' }, mrkdwn(said.text)));
  for (const attachment of said.attachments ?? []) {
    body.append(el('div', { class: 'attachment' }, attachment.blocks ? blocks(attachment.blocks, press) : mrkdwn(attachment.text ?? attachment.fallback ?? '')));
  }

  return el('article', {
    class: `message${said.is_only_for_me ? ' only-me' : ''}${isPinned ? ' is-pinned' : ''}`,
    'data-testid': 'message', 'data-ts': said.ts, 'data-only-for-me': said.is_only_for_me ? 'true' : null, 'aria-label': `${author.realName} at ${clock(when)}`,
  },
  avatar(said.user),
  el('div', { class: 'message-body' },
    isPinned ? el('p', { class: 'note pin' }, 'Pinned to this channel') : null,
    said.is_only_for_me ? el('p', { class: 'note', 'data-testid': 'only-for-you' }, 'Only visible to you') : null,
    el('p', { class: 'byline' },
      el('strong', {}, author.realName), isBot ? el('span', { class: 'app' }, 'APP') : null,
      el('time', { datetime: when.toISOString(), title: `${when.toISOString().replace(/\.\d+Z/, 'Z')} · shown in ${me().zone}` }, clock(when)),
      said.subtype === 'slash_command' ? el('span', { class: 'quiet' }, 'used a command') : null,
      said.edited ? el('span', { class: 'quiet' }, '(edited)') : null),
    body,
    said.reactions?.length ? el('p', { class: 'reactions' }, said.reactions.map(reaction => el('span', {}, `${emoji(`:${reaction.name}:`)} ${reaction.count}`))) : null,
    inThread || said.is_only_for_me ? null : threadLink(said, openThread)));
}

function threadLink(said, openThread) {
  const count = said.reply_count ?? 0;
  return el('button', {
    type: 'button', class: count ? 'thread-link has-replies' : 'thread-link', 'data-testid': 'open-thread', onclick: () => openThread(said.thread_ts ?? said.ts),
  }, count ? `${count} ${count === 1 ? 'reply' : 'replies'}` : 'Reply in thread');
}
