// The load run's yardstick: Slack's own framework with a handler that acknowledges and does nothing else.
import bolt from '@slack/bolt';

const { BOT_TOKEN, SIGNING_SECRET, PORT } = process.env;
const app = new bolt.App({
  signingSecret: SIGNING_SECRET,
  // Nothing is asked of Slack: that would only slow it down.
  authorize: async () => ({ botToken: BOT_TOKEN, botId: 'B0CHATOPS', botUserId: 'U0CHATOPS' }),
  endpoints: ['/slack/commands'],
  logLevel: 'error',
});

app.command('/gitops', async ({ ack }) => ack());

await app.start({ port: Number(PORT), host: '127.0.0.1' });
