/** Deliveries of senders where code and work are kept, by their own libraries. */
import type { Bench } from './bench.ts';
import { hmac, key, url } from './signing.ts';

async function octokit({ load, body, signed }: Bench): Promise<void> {
  const octokit = await load<{ sign(secret: string, body: string): Promise<string> }>(
    '@octokit/webhooks-methods',
  );
  signed('@octokit/webhooks-methods', {
    ...{ auth: 'github', body },
    headers: {
      'x-github-event': 'push',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': await octokit.sign(key, body),
    },
  });
}

async function linear({ load, ms, taken }: Bench): Promise<void> {
  const linearBody = `{"action":"create","type":"Issue","webhookTimestamp":${ms}}`;
  type Linear = {
    LinearWebhookClient: new (
      secret: string,
    ) => { verify(body: Buffer, signature: string, time?: number): boolean };
  };
  const { LinearWebhookClient } = await load<Linear>('@linear/sdk', '/webhooks');
  taken(
    '@linear/sdk',
    new LinearWebhookClient(key).verify(Buffer.from(linearBody), hmac(linearBody), Number(ms)),
    {
      auth: 'linear',
      body: linearBody,
      headers: { 'linear-signature': hmac(linearBody), 'linear-delivery': 'd-1' },
    },
  );
}

async function notion({ load, body, signed }: Bench): Promise<void> {
  const notion = await load<{ signWebhookPayload(given: unknown): Promise<string> }>('@notionhq/client');
  const notionSignature = await notion.signWebhookPayload({ body, verificationToken: key });
  signed('@notionhq/client', { auth: 'notion', body, headers: { 'x-notion-signature': notionSignature } });
}

async function hubspot({ load, ms, taken }: Bench): Promise<void> {
  const hubBody = '[{"eventId":100,"subscriptionType":"contact.creation"}]';
  const hubSignature = hmac(`POST${url}${hubBody}${ms}`, 'base64');
  const { Signature } = await load<{ Signature: { isValid(given: unknown): boolean } }>(
    '@hubspot/api-client',
  );
  taken(
    '@hubspot/api-client',
    Signature.isValid({
      ...{ signature: hubSignature, clientSecret: key, requestBody: hubBody, signatureVersion: 'v3' },
      ...{ url, method: 'POST', timestamp: Number(ms) },
    }),
    {
      ...{ auth: 'hubspot', body: hubBody },
      headers: { 'x-hubspot-signature-v3': hubSignature, 'x-hubspot-request-timestamp': ms },
    },
  );
}

export const code = [octokit, linear, notion, hubspot];
