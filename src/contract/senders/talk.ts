/** Where people talk. */
import type { Sender } from './sender.ts';

export const talkSenders = {
  slack: {
    title: 'Slack',
    words: 'signed as Slack signs',
    scheme: {
      signature: { from: 'header:x-slack-signature', prefix: 'v0=' },
      signed: ['v0:', '{timestamp}', ':', '{body}'],
      timestamp: { from: 'header:x-slack-request-timestamp' },
      id: 'json:/event_id',
      challenge: {
        method: 'POST',
        when: 'json:/type = url_verification',
        proof: 'signature',
        answer: { challenge: '{json:/challenge}' },
      },
      show: ['x-slack-retry-num', 'x-slack-retry-reason'],
      jsonFields: ['payload'],
    },
    secret: { from: 'sender', name: 'Signing secret' },
    steps: [
      'At api.slack.com/apps, open the app → Basic information, copy the signing secret, paste it here and save.',
      'There, under Event subscriptions, switch events on. Request URL: {url}. Slack tries it at once.',
      'For slash commands and buttons the same address is the request URL.',
    ],
    answer: { status: 200, body: '', contentType: 'text/plain' },
    know: 'Wants its answer within three seconds: leave the answer at once. Events stand in input.body.event, commands in input.body.text.',
  },
  discord: {
    title: 'Discord',
    words: 'signed as Discord signs',
    scheme: {
      signature: { from: 'header:x-signature-ed25519' },
      signed: ['{timestamp}', '{body}'],
      algorithm: 'ed25519',
      key: 'hex',
      timestamp: { from: 'header:x-signature-timestamp' },
      id: 'json:/id',
      challenge: [
        { method: 'POST', when: 'json:/type = 1', proof: 'signature', answer: { type: 1 } },
        { method: 'POST', when: 'json:/type = 0', proof: 'signature', answer: '' },
      ],
    },
    secret: { from: 'sender', name: 'Public key' },
    steps: [
      'At discord.com/developers/applications, open the application, copy its public key, paste it here and save.',
      'There: Interactions endpoint URL: {url}, or Webhooks → Endpoint URL. Discord tries it at once.',
    ],
    answer: { status: 200, body: '{"type":5}', contentType: 'application/json' },
    know: 'Is told that the bot is thinking; the skill answers by a connection to Discord, with input.body.token.',
  },
  telegram: {
    title: 'Telegram',
    words: 'with Telegram’s secret token',
    scheme: {
      signature: { from: 'header:x-telegram-bot-api-secret-token', encoding: 'text' },
      algorithm: 'plain',
      id: 'json:/update_id',
    },
    secret: { from: 'ours', name: 'secret_token' },
    steps: [
      'Save, and copy the secret that is shown.',
      'Call https://api.telegram.org/bot<token>/setWebhook with url={url} and secret_token, the secret.',
    ],
    answer: { status: 200, body: '', contentType: 'text/plain' },
  },
  meta: {
    title: 'Meta',
    words: 'signed as Meta signs',
    also: ['WhatsApp', 'Facebook', 'Instagram', 'Messenger', 'Threads'],
    scheme: {
      signature: { from: 'header:x-hub-signature-256', prefix: 'sha256=' },
      challenge: {
        method: 'GET',
        when: 'query:hub.mode = subscribe',
        proof: 'token',
        token: 'query:hub.verify_token',
        answer: '{query:hub.challenge}',
      },
      id: 'json:/entry/0/changes/0/value/messages/0/id',
    },
    secret: { from: 'sender', name: 'App secret', verifyToken: true },
    steps: [
      'At developers.facebook.com, open the app → App settings → Basic, copy the app secret and paste it here.',
      'Make up a verify token, type it here, and save.',
      'There, under WhatsApp → Configuration (or Webhooks): callback URL {url} and the same verify token. Subscribe to messages.',
    ],
    answer: { status: 200 },
    know: 'Repeats a delivery for days until it is answered. Only WhatsApp’s messages have an id that is known here.',
  },
  line: {
    title: 'LINE',
    words: 'signed as LINE signs',
    scheme: {
      signature: { from: 'header:x-line-signature', encoding: 'base64' },
      id: 'json:/events/0/webhookEventId',
    },
    secret: { from: 'sender', name: 'Channel secret' },
    steps: [
      'At developers.line.biz, open the channel → Basic settings, copy the channel secret and paste it here. Save.',
      'Messaging API → Webhook URL: {url}. Verify, and switch Use webhook on.',
    ],
    answer: { status: 200 },
    know: 'Its Verify sends no events: that starts a run as well.',
  },
  x: {
    title: 'X',
    words: 'signed as X signs',
    also: ['Twitter'],
    scheme: {
      signature: { from: 'header:x-twitter-webhooks-signature', prefix: 'sha256=', encoding: 'base64' },
      challenge: {
        method: 'GET',
        when: 'query:crc_token',
        answer: { response_token: 'sha256={hmac:query:crc_token}' },
      },
    },
    secret: { from: 'sender', name: 'API secret key' },
    steps: [
      'In X’s developer portal, copy the app’s API secret key, paste it here and save.',
      'Register {url} by its API: POST /2/webhooks. X tries it at once, and then every hour.',
    ],
    answer: { status: 200 },
    know: 'Has no id: a delivery that is sent again runs again.',
  },
} as const satisfies Record<string, Sender>;
