// Puts the latest view on the page and keeps it there.
import { $, el, reconcile } from './dom.js';
import { channelOf, me, remember, state, user } from './state.js';
import { avatar, keyOf, message } from './messages.js';
import { composer } from './composer.js';
import { showDialog } from './dialog.js';
import { plain } from './mrkdwn.js';
import './cluster.js';

let stream = null;
const main = composer($('composer'), () => ({ channel: state.channel, thread: null }));
const reply = composer($('thread-composer'), () => ({ channel: state.channel, thread: state.thread }));

function listen() {
  stream?.close();
  stream = new EventSource(`/sandbox/slack/stream?as=${encodeURIComponent(state.as)}`);
  stream.addEventListener('view', event => {
    state.view = JSON.parse(event.data);
    state.as = state.view.me;
    render();
  });
}

function actAs(id) {
  state.as = id;
  if (channelOf(state.channel)?.isDirect) { state.channel = 'C0INCIDENT'; state.thread = null; }
  showSidebar(false);
  remember();
  listen();
}

function goTo(id) {
  state.channel = id;
  state.thread = null;
  showSidebar(false);
  remember();
  render();
  toEnd($('scroll'));
}

function openThread(ts) {
  state.thread = ts;
  remember();
  render();
  toEnd($('thread-scroll'));
  if (matchMedia('(min-width: 60rem)').matches) reply.focus();
}

function closeThread() {
  state.thread = null;
  remember();
  render();
}

const showSidebar = isOpen => $('shell').classList.toggle('sidebar-open', isOpen);

const toEnd = scroll => { scroll.scrollTop = scroll.scrollHeight; };

function keepingEnd(scroll, change) {
  const wasAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
  change();
  if (wasAtEnd) toEnd(scroll);
}

function render() {
  const channel = channelOf(state.channel) ?? state.view.channels[0];
  state.channel = channel.id;
  state.seen.set(`${state.view.me} ${channel.id}`, channel.messages.at(-1)?.ts ?? '0');
  renderSidebar(channel);
  $('channel-name').textContent = nameOf(channel);
  $('channel-topic').textContent = channel.isDirect ? 'Only the two of you' : channel.topic;
  document.title = `${nameOf(channel)} · ${me().realName} · ChatOps sandbox`;
  main.setPlaceholder(`Message ${nameOf(channel)} as ${me().realName}`);
  $('try').hidden = channel.id !== 'C0INCIDENT';
  renderPins(channel);
  renderThread(channel);
  const top = channel.messages.filter(said => !said.thread_ts || said.thread_ts === said.ts || said.is_broadcast);
  keepingEnd($('scroll'), () => reconcile($('messages'), top.map(said => item(channel, said, { openThread, isPinned: channel.pins.includes(said.ts) }, 'channel'))));
  showDialog(state.view.dialog);
}

const item = (channel, said, options, where) => ({ key: keyOf(said, `${where} ${channel.id} ${options.isPinned}`), build: () => message(channel, said, options) });

function renderThread(channel) {
  const root = state.thread && channel.messages.find(said => said.ts === state.thread);
  $('thread').hidden = !root;
  $('shell').classList.toggle('thread-open', Boolean(root));
  if (!root) return;
  $('thread-place').textContent = nameOf(channel);
  reply.setPlaceholder(`Reply as ${me().realName}, or @chatops …`);
  const replies = channel.messages.filter(said => said.ts === root.ts || said.thread_ts === root.ts);
  keepingEnd($('thread-scroll'), () => reconcile($('replies'), replies.map(said => item(channel, said, { inThread: true }, 'thread'))));
}

function renderPins(channel) {
  const pinned = channel.pins.map(ts => channel.messages.find(said => said.ts === ts)).filter(Boolean);
  $('pins').replaceChildren(...pinned.map(said => el('button', { type: 'button', 'data-testid': 'pin', onclick: () => openThread(said.ts) }, el('span', { class: 'quiet' }, 'Pinned '), plain(firstLine(said)))));
}

function firstLine(said) {
  const header = said.blocks?.find(block => block.type === 'header');
  const line = (header?.text.text ?? said.text).split('\n')[0].replace(/[*`]/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return line.length > 90 ? `${line.slice(0, 90)}…` : line;
}

function renderSidebar(current) {
  $('cast').replaceChildren(...state.view.cast.map(id => el('button', {
    type: 'button', role: 'radio', 'aria-checked': String(id === state.view.me), 'data-testid': `as-${user(id).name}`, onclick: () => actAs(id),
  }, avatar(id), el('span', {}, el('strong', {}, user(id).realName), el('small', {}, `${user(id).title} · ${user(id).zone.split('/').pop().replace('_', ' ')}`)))));
  $('channels').replaceChildren(...state.view.channels.filter(channel => !channel.isDirect).map(channel => place(channel, current)));
  $('directs').replaceChildren(...state.view.channels.filter(channel => channel.isDirect).map(channel => place(channel, current)));
}

function place(channel, current) {
  const latest = channel.messages.at(-1);
  const isNew = latest && latest.user !== state.view.me && latest.ts > (state.seen.get(`${state.view.me} ${channel.id}`) ?? '0');
  return el('li', {}, el('button', {
    type: 'button', class: isNew ? 'unread' : '', 'aria-current': channel.id === current.id ? 'page' : null,
    'data-testid': channel.isDirect ? `direct-${channel.others.map(id => user(id).name).join('-')}` : `channel-${channel.name}`, onclick: () => goTo(channel.id),
  }, nameOf(channel), isNew ? el('span', { class: 'dot', role: 'img', 'aria-label': 'new messages' }) : null));
}

const nameOf = channel => channel.isDirect ? channel.others.map(id => user(id).realName).join(', ') : `#${channel.name}`;

for (const line of document.querySelectorAll('[data-say]')) {
  line.addEventListener('click', () => {
    const isForThread = 'thread' in line.dataset && state.thread;
    (isForThread ? reply : main).fill(line.dataset.say);
  });
}

$('close-thread').addEventListener('click', closeThread);
for (const button of document.querySelectorAll('.open-sidebar')) button.addEventListener('click', () => showSidebar(true));
$('close-sidebar').addEventListener('click', () => showSidebar(false));
document.addEventListener('keydown', event => { if (event.key === 'Escape') showSidebar(false); });
listen();
