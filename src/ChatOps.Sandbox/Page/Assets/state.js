// What the sandbox last told about the person we act as, and where we are looking.
const query = new URLSearchParams(location.search);

export const state = {
  view: null,
  as: query.get('as') ?? 'U0ALICE',
  channel: query.get('channel') ?? 'C0INCIDENT',
  thread: query.get('thread'),
  seen: new Map(),
};

export const user = id => state.view?.users[id] ?? { name: id === 'USLACKBOT' ? 'slackbot' : id, realName: id === 'USLACKBOT' ? 'Slackbot' : id, zone: 'UTC' };
export const me = () => user(state.view.me);
export const channelOf = id => state.view?.channels.find(channel => channel.id === id);

export function remember() {
  const now = new URLSearchParams({ as: state.as, channel: state.channel });
  if (state.thread) now.set('thread', state.thread);
  history.replaceState(null, '', `?${now}`);
}

export async function act(what, body) {
  const response = await fetch(`/sandbox/slack/${what}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ as: state.as, ...body }),
  });
  if (!response.ok) return `The sandbox answered ${response.status}.`;
  return (await response.json()).problem;
}
