/** Deliveries of senders where people talk, by their own libraries. */
import { generateKeyPairSync, sign as signWith } from 'node:crypto';
import type { Bench } from './bench.ts';
import { hmac, key, url } from './signing.ts';

async function twilio({ load, body, signed }: Bench): Promise<void> {
  type Twilio = {
    getExpectedTwilioSignature(token: string, url: string, params: Record<string, unknown>): string;
    getExpectedBodyHash(body: string): string;
  };
  const { default: twilio } = await load<{ default: Twilio }>('twilio');
  const sms = {
    From: '+15550100',
    To: '+15550199',
    Body: 'Hi there & more',
    MessageSid: 'SM0123',
    Tag: ['b', 'a', 'b'],
  };
  const form = new URLSearchParams(
    Object.entries(sms).flatMap(([name, value]) =>
      [value].flat().map((one) => [name, one] as [string, string]),
    ),
  ).toString();
  signed('twilio', {
    ...{ auth: 'twilio', body: form },
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilio.getExpectedTwilioSignature(key, url, sms),
    },
  });
  const hashedUrl = `${url}?bodySHA256=${twilio.getExpectedBodyHash(body)}`;
  signed('twilio', {
    ...{ auth: 'twilio', body, url: hashedUrl },
    headers: { 'x-twilio-signature': twilio.getExpectedTwilioSignature(key, hashedUrl, {}) },
  });
}

async function slack({ load, s, body, taken }: Bench): Promise<void> {
  const slackSignature = `v0=${hmac(`v0:${s}:${body}`)}`;
  const slack = await load<{ isValidSlackRequest(given: unknown): boolean }>('@slack/bolt');
  taken(
    '@slack/bolt',
    slack.isValidSlackRequest({
      ...{ signingSecret: key, body },
      headers: { 'x-slack-signature': slackSignature, 'x-slack-request-timestamp': Number(s) },
    }),
    { auth: 'slack', body, headers: { 'x-slack-signature': slackSignature, 'x-slack-request-timestamp': s } },
  );
}

async function discordInteractions({ load, s, taken }: Bench): Promise<void> {
  const pair = generateKeyPairSync('ed25519');
  const discordKey = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const ping = '{"id":"1","type":2,"data":{"name":"ask"}}';
  const discordSignature = signWith(null, Buffer.from(s + ping), pair.privateKey).toString('hex');
  type Discord = { verifyKey(body: string, signature: string, time: string, key: string): Promise<boolean> };
  const discord = await load<Discord>('discord-interactions');
  taken('discord-interactions', await discord.verifyKey(ping, discordSignature, s, discordKey), {
    ...{ auth: 'discord', body: ping, secret: discordKey },
    headers: { 'x-signature-ed25519': discordSignature, 'x-signature-timestamp': s },
  });
}

async function line({ load, taken }: Bench): Promise<void> {
  const line = await load<{ validateSignature(body: string, secret: string, signature: string): boolean }>(
    '@line/bot-sdk',
  );
  const lineBody = '{"destination":"x","events":[{"type":"message","webhookEventId":"01H"}]}';
  const lineSignature = hmac(lineBody, 'base64');
  taken('@line/bot-sdk', line.validateSignature(lineBody, key, lineSignature), {
    ...{ auth: 'line', body: lineBody, headers: { 'x-line-signature': lineSignature } },
  });
}

async function eventwebhook({ load, s, taken }: Bench): Promise<void> {
  const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const sendgridKey = ec.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const mails = '[{"email":"a@example.com","event":"delivered","sg_event_id":"sg-1"}]\r\n';
  const sendgridSignature = signWith('sha256', Buffer.from(s + mails), ec.privateKey).toString('base64');
  type SendGrid = {
    EventWebhook: new () => {
      convertPublicKeyToECDSA(key: string): unknown;
      verifySignature(key: unknown, body: string, signature: string, time: string): boolean;
    };
  };
  const { EventWebhook } = await load<SendGrid>('@sendgrid/eventwebhook');
  const events = new EventWebhook();
  taken(
    '@sendgrid/eventwebhook',
    events.verifySignature(events.convertPublicKeyToECDSA(sendgridKey), mails, sendgridSignature, s),
    {
      ...{ auth: 'sendgrid', body: mails, secret: sendgridKey },
      headers: {
        'x-twilio-email-event-webhook-signature': sendgridSignature,
        'x-twilio-email-event-webhook-timestamp': s,
      },
    },
  );
}

async function twitterAutohook({ load, body, taken }: Bench): Promise<void> {
  const xSignature = { 'x-twitter-webhooks-signature': `sha256=${hmac(body, 'base64')}` };
  type X = { validateSignature(headers: unknown, auth: unknown, body: string): boolean };
  const x = await load<X>('twitter-autohook');
  taken('twitter-autohook', x.validateSignature(xSignature, { consumer_secret: key }, body), {
    ...{ auth: 'x', body, headers: xSignature },
  });
}

async function grammy({ load, taken }: Bench): Promise<void> {
  const telegramHeaders = { 'x-telegram-bot-api-secret-token': key };
  const update =
    '{"update_id":10000,"message":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"text":"hi"}}';
  type Grammy = {
    Bot: new (token: string, options: unknown) => unknown;
    webhookCallback(bot: unknown, kind: string, options: unknown): (request: Request) => Promise<Response>;
  };
  const { Bot, webhookCallback } = await load<Grammy>('grammy');
  const botInfo = { id: 1, is_bot: true, first_name: 'a', username: 'a_bot' };
  const callback = webhookCallback(new Bot('1:a', { botInfo }), 'std/http', { secretToken: key });
  const asked = await callback(new Request(url, { method: 'POST', headers: telegramHeaders, body: update }));
  taken('grammy', asked.status === 200, { auth: 'telegram', body: update, headers: telegramHeaders });
}

async function zoom({ load, s, ms, taken }: Bench): Promise<void> {
  const zoomBody = `{"event":"meeting.started","event_ts":${ms},"payload":{"account_id":"a","object":{"id":"1"}}}`;
  const zoomHeaders = { 'x-zm-signature': `v0=${hmac(`v0:${s}:${zoomBody}`)}`, 'x-zm-request-timestamp': s };
  type Rivet = {
    AwsLambdaReceiver: new (
      options: unknown,
    ) => {
      start(): (event: unknown, context: unknown) => Promise<{ statusCode: number }>;
    };
  };
  const { AwsLambdaReceiver } = await load<Rivet>('@zoom/rivet', '/meetings');
  const handle = new AwsLambdaReceiver({ webhooksSecretToken: key }).start();
  const { statusCode } = await handle({ body: zoomBody, headers: zoomHeaders }, {});
  taken('@zoom/rivet', statusCode === 200, { auth: 'zoom', body: zoomBody, headers: zoomHeaders });
}

export const talk = [twilio, slack, discordInteractions, line, eventwebhook, twitterAutohook, grammy, zoom];
