/** Schemes that many programs share. */
import type { Sender } from './sender.ts';

export const generalSenders = {
  standard: {
    title: 'Standard Webhooks',
    words: 'signed by Standard Webhooks',
    also: ['OpenAI', 'Polar', 'Supabase', 'Anthropic', 'GitLab with a signing token', 'anything'],
    scheme: {
      signature: { from: 'header:webhook-signature', list: ' ', prefix: 'v1,', encoding: 'base64' },
      signed: ['{header:webhook-id}', '.', '{timestamp}', '.', '{body}'],
      key: 'whsec',
      timestamp: { from: 'header:webhook-timestamp' },
      id: 'header:webhook-id',
    },
    secret: { from: 'either', name: 'signing secret' },
    steps: [
      'Where the sender lists webhooks, add {url}.',
      'Give it the secret that is shown here when you save, or paste the one that it shows (whsec_…).',
    ],
    know: 'Time and id are signed: the best scheme there is. Use it for programs of your own.',
  },
  svix: {
    title: 'Svix',
    words: 'signed as Svix signs',
    also: ['Resend', 'Clerk', 'Brex', 'Lob', 'Replicate'],
    scheme: {
      signature: { from: 'header:svix-signature', list: ' ', prefix: 'v1,', encoding: 'base64' },
      signed: ['{header:svix-id}', '.', '{timestamp}', '.', '{body}'],
      key: 'whsec',
      timestamp: { from: 'header:svix-timestamp' },
      id: 'header:svix-id',
      show: ['svix-id', 'svix-timestamp'],
    },
    secret: { from: 'sender', name: 'signing secret' },
    steps: [
      'In the sender’s Webhooks, add an endpoint with {url} and choose the events.',
      'Open the endpoint, reveal its signing secret (whsec_…) and paste it here.',
    ],
  },
  bearer: {
    title: 'A bearer token',
    words: 'with a bearer token',
    also: ['n8n', 'Home Assistant', 'Uptime Kuma', 'Jellyfin', 'Paperless', 'Node-RED', 'curl'],
    scheme: {
      signature: { from: 'header:authorization', prefix: 'Bearer ', encoding: 'text' },
      algorithm: 'plain',
      id: 'header:webhook-id',
    },
    secret: { from: 'either', name: 'token' },
    steps: [
      'Have the program POST to {url}.',
      'Add the header Authorization with the value: Bearer, a blank, and the secret.',
    ],
    know: 'For every program that can send a header of one’s own. Whoever sees a call has the token: use https.',
  },
  basic: {
    title: 'A name and a password',
    words: 'with a name and a password',
    also: ['Postmark', 'Sonarr', 'Radarr', 'Chargebee', 'basic auth'],
    scheme: {
      signature: { from: 'header:authorization', prefix: 'Basic ', encoding: 'base64' },
      algorithm: 'plain',
      id: ['header:webhook-id', 'json:/MessageID'],
    },
    secret: { from: 'either', name: 'name:password' },
    steps: [
      'Have the program POST to {url}, with a user name and a password.',
      'Write both here as name:password.',
    ],
    know: 'What some programs take only in the address: https://name:password@…',
  },
  token: {
    title: 'A token in the address',
    words: 'with a token in its address',
    also: [
      'Azure Event Grid',
      'Google Forms',
      'IFTTT',
      'Home Assistant',
      'AWS SNS',
      'anything that takes only an address',
    ],
    scheme: {
      signature: { from: 'query:token', encoding: 'text' },
      algorithm: 'plain',
      id: ['header:webhook-id', 'header:x-amz-sns-message-id'],
      challenge: {
        method: 'POST',
        when: 'json:/0/eventType = Microsoft.EventGrid.SubscriptionValidationEvent',
        proof: 'signature',
        answer: { validationResponse: '{json:/0/data/validationCode}' },
      },
    },
    secret: { from: 'either', name: 'token' },
    steps: ['Give the sender the address {url}?token= with the secret behind it.'],
    know: 'The last resort: addresses end up in logs. The token is kept out of what the skill sees.',
  },
  workos: {
    title: 'WorkOS',
    words: 'signed as WorkOS signs',
    scheme: {
      signature: { from: 'header:workos-signature', pairs: ',', part: 'v1' },
      signed: ['{timestamp}', '.', '{body}'],
      timestamp: { from: 'part:t', unit: 'ms' },
      id: 'json:/id',
    },
    secret: { from: 'sender', name: 'signing secret' },
    steps: [
      'In WorkOS: Webhooks → Create webhook: {url}.',
      'Copy the signing secret of the endpoint and paste it here.',
    ],
  },
  sanity: {
    title: 'Sanity',
    words: 'signed as Sanity signs',
    scheme: {
      signature: { from: 'header:sanity-webhook-signature', pairs: ',', part: 'v1', encoding: 'base64url' },
      signed: ['{timestamp}', '.', '{body}'],
      timestamp: { from: 'part:t', unit: 'ms' },
      id: 'header:idempotency-key',
      show: ['sanity-operation', 'sanity-document-id', 'sanity-dataset', 'sanity-project-id'],
    },
    secret: { from: 'ours', name: 'secret' },
    steps: [
      'In sanity.io/manage: API → Webhooks → Create: {url}, method POST.',
      'Type the secret that is shown here when you save under Secret.',
    ],
  },
} as const satisfies Record<string, Sender>;
