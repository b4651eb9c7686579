/** Where work is planned, and papers are written and signed. */
import type { Sender } from './sender.ts';

export const workSenders = {
  notion: {
    title: 'Notion',
    words: 'signed as Notion signs',
    scheme: {
      signature: { from: 'header:x-notion-signature', prefix: 'sha256=' },
      id: 'json:/id',
      handshake: { secret: 'json:/verification_token', isShown: true },
    },
    secret: { from: 'sender', name: 'verification token' },
    steps: [
      'At notion.so/profile/integrations, open the integration → Webhooks → Create a subscription: {url}.',
      'Notion sends a verification token to that address. It is shown, once, on this skill’s page: paste it at Notion, under Verify.',
      'The same token is the secret: it is kept here by itself.',
    ],
    answer: { status: 200 },
  },
  asana: {
    title: 'Asana',
    words: 'signed as Asana signs',
    scheme: {
      signature: { from: 'header:x-hook-signature' },
      handshake: { secret: 'header:x-hook-secret', echo: 'x-hook-secret' },
    },
    secret: { from: 'sender', name: 'X-Hook-Secret' },
    steps: [
      'Create it by Asana’s API: POST https://app.asana.com/api/1.0/webhooks with resource and target {url}.',
      'Asana hands its secret over while it creates the webhook: it is kept here by itself.',
    ],
    answer: { status: 200 },
    know: 'Sends an empty list of events every eight hours, to see that somebody is there.',
  },
  trello: {
    title: 'Trello',
    words: 'signed as Trello signs',
    scheme: {
      signature: { from: 'header:x-trello-webhook', encoding: 'base64' },
      signed: ['{body}', '{url}'],
      algorithm: 'hmac-sha1',
      id: 'json:/action/id',
      challenge: { method: 'HEAD' },
    },
    secret: { from: 'sender', name: 'Secret of the Power-Up' },
    steps: [
      'At trello.com/power-ups/admin, open your Power-Up → API key, copy the secret and paste it here. Save.',
      'Create the webhook by Trello’s API: POST https://api.trello.com/1/webhooks with callbackURL={url} and idModel.',
    ],
    answer: { status: 200 },
    know: 'The address is signed: ALFRED_PUBLIC_URL must be the one that Trello has.',
  },
  todoist: {
    title: 'Todoist',
    words: 'signed as Todoist signs',
    scheme: {
      signature: { from: 'header:x-todoist-hmac-sha256', encoding: 'base64' },
      id: 'header:x-todoist-delivery-id',
    },
    secret: { from: 'sender', name: 'Client secret' },
    steps: [
      'At developer.todoist.com/appconsole, open your app → Webhooks. Callback URL: {url}.',
      'Copy the app’s client secret and paste it here. Activate the webhook by signing in to the app once.',
    ],
    answer: { status: 200 },
  },
  clickup: {
    title: 'ClickUp',
    words: 'signed as ClickUp signs',
    scheme: { signature: { from: 'header:x-signature' }, id: 'json:/history_items/0/id' },
    secret: { from: 'sender', name: 'secret' },
    steps: [
      'Create it by ClickUp’s API: POST /team/{team}/webhook with endpoint {url}.',
      'Paste the secret that it answers with here.',
    ],
    answer: { status: 200 },
  },
  typeform: {
    title: 'Typeform',
    words: 'signed as Typeform signs',
    scheme: {
      signature: { from: 'header:typeform-signature', prefix: 'sha256=', encoding: 'base64' },
      id: 'json:/event_id',
    },
    secret: { from: 'ours', name: 'Secret' },
    steps: [
      'In the form: Connect → Webhooks → Add a webhook: {url}.',
      'Edit → Secret: the one that is shown here when you save. Switch it on.',
    ],
  },
  calcom: {
    title: 'Cal.com',
    words: 'signed as Cal.com signs',
    scheme: { signature: { from: 'header:x-cal-signature-256' } },
    secret: { from: 'ours', name: 'Secret' },
    steps: [
      'In Cal.com: Settings → Developer → Webhooks → New. Subscriber URL: {url}.',
      'Secret: the one that is shown here when you save.',
    ],
    know: 'Has no id: a delivery that is sent again runs again.',
  },
  calendly: {
    title: 'Calendly',
    words: 'signed as Calendly signs',
    scheme: {
      signature: { from: 'header:calendly-webhook-signature', pairs: ',', part: 'v1' },
      signed: ['{timestamp}', '.', '{body}'],
      timestamp: { from: 'part:t' },
    },
    secret: { from: 'ours', name: 'signing_key' },
    steps: [
      'Create it by Calendly’s API: POST https://api.calendly.com/webhook_subscriptions with url {url}.',
      'signing_key: the secret that is shown here when you save.',
    ],
    know: 'Has no id; the five minutes of its time stop what was recorded.',
  },
  docusign: {
    title: 'DocuSign',
    words: 'signed as DocuSign signs',
    scheme: {
      signature: {
        from: [
          'header:x-docusign-signature-1',
          'header:x-docusign-signature-2',
          'header:x-docusign-signature-3',
        ],
        encoding: 'base64',
      },
    },
    secret: { from: 'sender', name: 'HMAC key' },
    steps: [
      'In DocuSign: Settings → Connect → Connect keys → Add secret key. Copy it and paste it here.',
      'Connect → Add configuration → Custom. URL: {url}, format JSON, Include HMAC signature.',
    ],
    answer: { status: 200 },
    know: 'Has no id: a delivery that is sent again runs again.',
  },
  dropbox: {
    title: 'Dropbox',
    words: 'signed as Dropbox signs',
    scheme: {
      signature: { from: 'header:x-dropbox-signature' },
      challenge: { method: 'GET', when: 'query:challenge', answer: '{query:challenge}' },
    },
    secret: { from: 'sender', name: 'App secret' },
    steps: [
      'At dropbox.com/developers/apps, open the app, copy its app secret, paste it here and save.',
      'There, under Webhooks, add {url}: Dropbox tries it at once.',
    ],
    answer: { status: 200 },
    know: 'Says whose files changed, and not which: give the skill a Dropbox connection. Has no id.',
  },
  msgraph: {
    title: 'Microsoft Graph',
    words: 'with Microsoft Graph’s client state',
    also: ['Outlook', 'Teams', 'OneDrive', 'SharePoint', 'Microsoft 365'],
    scheme: {
      signature: { from: 'json:/value/*/clientState', encoding: 'text' },
      algorithm: 'plain',
      challenge: { method: 'POST', when: 'query:validationToken', answer: '{query:validationToken}' },
    },
    secret: { from: 'ours', name: 'clientState' },
    steps: [
      'Save, and copy the secret that is shown.',
      'Create the subscription: POST https://graph.microsoft.com/v1.0/subscriptions with notificationUrl {url} and clientState, the secret.',
    ],
    know: 'Subscriptions end after some days: let a scheduled skill renew them. Nothing is signed; every notice must hold the secret.',
  },
} as const satisfies Record<string, Sender>;
