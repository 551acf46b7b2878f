// Slack's mrkdwn: control sequences in <…>, three entities, and its own light markup.
import { el } from './dom.js';
import { me, state, user } from './state.js';

const Emoji = {
  white_check_mark: '✅', x: '❌', warning: '⚠️', rotating_light: '🚨', fire: '🔥', pause_button: '⏸️', double_vertical_bar: '⏸️', arrow_forward: '▶️',
  hourglass: '⌛', hourglass_flowing_sand: '⏳', eyes: '👀', lock: '🔒', unlock: '🔓', no_entry: '⛔', no_entry_sign: '🚫', information_source: 'ℹ️',
  large_green_circle: '🟢', large_yellow_circle: '🟡', red_circle: '🔴', large_orange_circle: '🟠', white_circle: '⚪', bell: '🔔', pushpin: '📌',
  memo: '📝', alarm_clock: '⏰', stopwatch: '⏱️', thumbsup: '👍', '+1': '👍', tada: '🎉', question: '❓', repeat: '🔁', shield: '🛡️', link: '🔗',
};

const unescape = text => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
export const emoji = text => text.replace(/:([a-z0-9_+-]+):/g, (all, name) => Emoji[name] ?? all);

export function plain(text, withEmoji = true) {
  return withEmoji ? emoji(text) : text;
}

export function mrkdwn(text) {
  const out = document.createDocumentFragment();
  for (const [index, part] of text.split('```').entries()) {
    if (index % 2 === 1) out.append(el('pre', {}, el('code', {}, unescape(part.replace(/^\n/, '').replace(/\n$/, '')))));
    else lines(out, part);
  }
  return out;
}

function lines(out, text) {
  let quote = null;
  const all = text.split('\n');
  all.forEach((line, index) => {
    const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
    if (quoted) {
      if (!quote) { quote = el('blockquote'); out.append(quote); } else quote.append(el('br'));
      inline(quote, quoted[1]);
      return;
    }
    const afterQuote = quote !== null;
    quote = null;
    if (index > 0 && !afterQuote) out.append(el('br'));
    inline(out, line);
  });
}

const Token = /`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*([^*\s](?:[^*\n]*[^*\s])?)\*(?![\w*])|(?<![\w_])_([^_\s](?:[^_\n]*[^_\s])?)_(?![\w_])|(?<![\w~])~([^~\s](?:[^~\n]*[^~\s])?)~(?![\w~])/g;

function inline(out, text) {
  let at = 0;
  for (const found of text.matchAll(Token)) {
    out.append(emoji(unescape(text.slice(at, found.index))));
    const [, code, control, bold, italic, strike] = found;
    if (code !== undefined) out.append(el('code', {}, unescape(code)));
    else if (control !== undefined) out.append(sequence(control));
    else {
      const tag = bold !== undefined ? 'strong' : italic !== undefined ? 'em' : 's';
      const node = el(tag);
      inline(node, bold ?? italic ?? strike);
      out.append(node);
    }
    at = found.index + found[0].length;
  }
  out.append(emoji(unescape(text.slice(at))));
}

function sequence(control) {
  const bar = control.indexOf('|');
  const target = bar < 0 ? control : control.slice(0, bar);
  const label = bar < 0 ? null : unescape(control.slice(bar + 1));
  if (target.startsWith('@')) return mention(`@${user(target.slice(1)).name}`, target.slice(1) === state.view.me);
  if (target.startsWith('#')) return mention(`#${state.view.channels.find(channel => channel.id === target.slice(1))?.name ?? label ?? target.slice(1)}`);
  if (target.startsWith('!subteam^')) return mention(`@${state.view.groups[target.slice(9)] ?? label ?? 'group'}`);
  if (target.startsWith('!date^')) return date(target, label);
  if (/^!(here|channel|everyone)$/.test(target)) return mention(`@${target.slice(1)}`, true);
  if (/^(https?:\/\/|mailto:|tel:)/.test(target)) {
    return el('a', { href: unescape(target), rel: 'noreferrer noopener', target: '_blank' }, label ?? unescape(target));
  }
  return document.createTextNode(`<${unescape(control)}>`);
}

const mention = (text, isMe = false) => el('span', { class: isMe ? 'mention me' : 'mention' }, text);

function date(target, fallback) {
  const [, seconds, ...rest] = target.split('^');
  const when = new Date(Number(seconds) * 1000);
  const format = rest[0] ?? '{date} at {time}';
  const text = format.replace(/\{(\w+)\}/g, (all, name) => dateParts[name]?.(when) ?? all);
  const node = el('time', { datetime: when.toISOString(), title: `${when.toISOString().replace('.000Z', 'Z')} · shown in ${me().zone}` }, text);
  const link = rest[1];
  return link && /^https?:/.test(link) ? el('a', { href: link, rel: 'noreferrer noopener', target: '_blank' }, node) : Number.isNaN(when.getTime()) ? document.createTextNode(fallback ?? '') : node;
}

const local = (when, options) => new Intl.DateTimeFormat('en', { timeZone: me().zone, ...options }).format(when);
const isoDate = when => new Intl.DateTimeFormat('sv-SE', { timeZone: me().zone }).format(when);

const dateParts = {
  date_num: isoDate,
  date: when => local(when, { month: 'long', day: 'numeric', year: 'numeric' }),
  date_short: when => local(when, { month: 'short', day: 'numeric', year: 'numeric' }),
  date_long: when => local(when, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }),
  date_pretty: when => pretty(when, dateParts.date),
  date_short_pretty: when => pretty(when, dateParts.date_short),
  date_long_pretty: when => pretty(when, dateParts.date_long),
  time: when => clock(when),
  time_secs: when => clock(when, true),
  ago: when => ago(when),
};

export function clock(when, seconds = false) {
  return local(when, { hour: '2-digit', minute: '2-digit', hour12: false, ...(seconds ? { second: '2-digit' } : {}) });
}

function pretty(when, otherwise) {
  const days = Math.round((Date.parse(isoDate(when)) - Date.parse(isoDate(new Date()))) / 86400000);
  return { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[days] ?? otherwise(when);
}

function ago(when) {
  const minutes = Math.round((when - Date.now()) / 60000);
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  return Math.abs(minutes) < 60 ? words.format(minutes, 'minute') : words.format(Math.round(minutes / 60), 'hour');
}
