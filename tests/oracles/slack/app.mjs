// A small Bolt app: Slack's own client and framework decide whether the simulation speaks Slack.
import bolt from '@slack/bolt';

const { API_URL, BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, SOCKET_MODE } = process.env;
const app = new bolt.App({
  token: BOT_TOKEN,
  ...(SOCKET_MODE ? { socketMode: true, appToken: APP_TOKEN } : { signingSecret: SIGNING_SECRET }),
  endpoints: ['/slack/commands', '/slack/interactions', '/slack/events'],
  clientOptions: { slackApiUrl: API_URL },
  logLevel: 'error',
});

app.command('/incident', async ({ command, ack }) => ack(`heard: ${command.text}`));

app.event('app_mention', async ({ event, client }) => {
  const people = [];
  for await (const page of client.paginate('users.list', { limit: 2 })) people.push(...page.members);
  await client.chat.postMessage({
    channel: event.channel, thread_ts: event.thread_ts ?? event.ts, text: `${people.length} people`,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `${people.length} people` } },
      { type: 'actions', elements: [{ type: 'button', action_id: 'deny', text: { type: 'plain_text', text: 'Deny' }, value: 'op-1' }] },
    ],
  });
});

app.action('deny', async ({ ack, body, client, action }) => {
  await ack();
  await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: 'modal', callback_id: 'deny', private_metadata: action.value, title: { type: 'plain_text', text: 'Deny' }, submit: { type: 'plain_text', text: 'Deny' },
      blocks: [{ type: 'input', block_id: 'why', label: { type: 'plain_text', text: 'Reason' }, element: { type: 'plain_text_input', action_id: 'reason' } }],
    },
  });
});

app.view('deny', async ({ ack, body, view, client }) => {
  const reason = view.state.values.why.reason.value;
  if (reason.length < 3) { await ack({ response_action: 'errors', errors: { why: 'Say more' } }); return; }
  await ack();
  await client.chat.postMessage({ channel: 'C0INCIDENT', text: `denied ${view.private_metadata} by ${body.user.id}: ${reason}` });
});

const server = await app.start(0);
console.log(`READY ${SOCKET_MODE ? 0 : server.address().port}`);
process.stdin.on('end', () => process.exit(0)).resume();
