/** What carries mail, texts and calls, and looks after customers. */
import type { Sender } from './sender.ts';

export const serviceSenders = {
  twilio: {
    title: 'Twilio',
    words: 'signed as Twilio signs',
    scheme: {
      signature: { from: 'header:x-twilio-signature', encoding: 'base64' },
      signed: ['{url}', '{sortedForm}'],
      algorithm: 'hmac-sha1',
      bodyHash: 'query:bodySHA256',
      id: ['header:i-twilio-idempotency-token', 'form:MessageSid', 'form:CallSid'],
      show: ['i-twilio-idempotency-token'],
    },
    secret: { from: 'sender', name: 'Auth token' },
    steps: [
      'At console.twilio.com, copy the account’s auth token and paste it here. Save.',
      'Phone numbers → the number → A message comes in: Webhook, {url}, HTTP POST.',
    ],
    answer: { status: 200, body: '<Response/>', contentType: 'text/xml' },
    know: 'Fields stand in the body by name: {{body.From}}, {{body.Body}}. The address is signed: ALFRED_PUBLIC_URL must be the one that Twilio has.',
  },
  mailgun: {
    title: 'Mailgun',
    words: 'signed as Mailgun signs',
    scheme: {
      signature: { from: ['json:/signature/signature', 'form:signature'] },
      signed: ['{timestamp}', '{json:/signature/token|form:token}'],
      timestamp: { from: ['json:/signature/timestamp', 'form:timestamp'] },
      id: ['json:/signature/token', 'form:token'],
    },
    secret: { from: 'sender', name: 'HTTP webhook signing key' },
    steps: [
      'In Mailgun: Sending → Webhooks → Add webhook: {url}. For mail that comes in: Receiving → Routes → Forward to {url}.',
      'Copy the HTTP webhook signing key and paste it here.',
    ],
    answer: { status: 200 },
    know: 'Signs its time and a token, and not the body: who can read a delivery could change it on its way. Use https.',
  },
  sendgrid: {
    title: 'SendGrid',
    words: 'signed as SendGrid signs',
    scheme: {
      signature: { from: 'header:x-twilio-email-event-webhook-signature', encoding: 'base64' },
      signed: ['{timestamp}', '{body}'],
      algorithm: 'ecdsa-sha256',
      key: 'base64',
      timestamp: { from: 'header:x-twilio-email-event-webhook-timestamp' },
      id: 'json:/0/sg_event_id',
    },
    secret: { from: 'sender', name: 'Verification key' },
    steps: [
      'In SendGrid: Settings → Mail settings → Event webhooks → Create. Post URL: {url}.',
      'Security features: signature verification on; copy the verification key and paste it here.',
    ],
    know: 'Inbound Parse is not signed: choose a token in the address for it.',
  },
  zoom: {
    title: 'Zoom',
    words: 'signed as Zoom signs',
    scheme: {
      signature: { from: 'header:x-zm-signature', prefix: 'v0=' },
      signed: ['v0:', '{timestamp}', ':', '{body}'],
      timestamp: { from: 'header:x-zm-request-timestamp' },
      challenge: {
        method: 'POST',
        when: 'json:/event = endpoint.url_validation',
        proof: 'signature',
        answer: {
          plainToken: '{json:/payload/plainToken}',
          encryptedToken: '{hmac:json:/payload/plainToken}',
        },
      },
    },
    secret: { from: 'sender', name: 'Secret token' },
    steps: [
      'At marketplace.zoom.us, open the app → Features → Access, copy the secret token, paste it here and save.',
      'Event subscription: event notification endpoint URL {url}. Validate.',
    ],
    answer: { status: 200 },
    know: 'Has no id; the five minutes of its time stop what was recorded.',
  },
  intercom: {
    title: 'Intercom',
    words: 'signed as Intercom signs',
    scheme: {
      signature: { from: 'header:x-hub-signature', prefix: 'sha1=' },
      algorithm: 'hmac-sha1',
      id: 'json:/id',
      challenge: { method: 'HEAD' },
    },
    secret: { from: 'sender', name: 'Client secret' },
    steps: [
      'At developers.intercom.com, open the app → Basic information, copy the client secret and paste it here. Save.',
      'Webhooks: endpoint URL {url}. Choose the topics.',
    ],
    answer: { status: 200 },
  },
  hubspot: {
    title: 'HubSpot',
    words: 'signed as HubSpot signs (v3)',
    scheme: {
      signature: { from: 'header:x-hubspot-signature-v3', encoding: 'base64' },
      signed: ['{method}', '{url}', '{body}', '{timestamp}'],
      timestamp: { from: 'header:x-hubspot-request-timestamp', unit: 'ms' },
      id: 'json:/0/eventId',
    },
    secret: { from: 'sender', name: 'Client secret' },
    steps: [
      'In HubSpot’s developer account, open the app → Auth, copy the client secret and paste it here. Save.',
      'Webhooks: target URL {url}. Create subscriptions and activate them.',
    ],
    know: 'Several events come in one delivery, as a list. The address is signed: ALFRED_PUBLIC_URL must be the one that HubSpot has.',
  },
  zendesk: {
    title: 'Zendesk',
    words: 'signed as Zendesk signs',
    scheme: {
      signature: { from: 'header:x-zendesk-webhook-signature', encoding: 'base64' },
      signed: ['{timestamp}', '{body}'],
      timestamp: { from: 'header:x-zendesk-webhook-signature-timestamp', unit: 'iso' },
      id: 'header:x-zendesk-webhook-invocation-id',
      show: ['x-zendesk-webhook-id', 'x-zendesk-webhook-invocation-id'],
    },
    secret: { from: 'sender', name: 'Signing secret' },
    steps: [
      'In Zendesk’s Admin Center: Apps and integrations → Webhooks → Create. Endpoint URL: {url}, POST, JSON.',
      'Open the webhook, reveal its signing secret and paste it here.',
    ],
  },
  pusher: {
    title: 'Pusher',
    words: 'signed as Pusher signs',
    scheme: { signature: { from: 'header:x-pusher-signature' }, show: ['x-pusher-key'] },
    secret: { from: 'sender', name: 'app secret' },
    steps: [
      'In Pusher, open the app → Webhooks → Add: {url}.',
      'App keys: copy the secret and paste it here.',
    ],
    answer: { status: 200 },
  },
} as const satisfies Record<string, Sender>;
