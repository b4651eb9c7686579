/** Where code is kept, built and watched. */
import type { Sender } from './sender.ts';

export const codeSenders = {
  github: {
    title: 'GitHub',
    words: 'signed as GitHub signs',
    scheme: {
      signature: { from: 'header:x-hub-signature-256', prefix: 'sha256=' },
      id: 'header:X-GitHub-Delivery',
      idRequired: true,
      show: ['x-github-event', 'x-github-delivery', 'x-github-hook-id'],
      jsonFields: ['payload'],
    },
    secret: { from: 'either', name: 'Secret' },
    steps: [
      'In the repository or the organisation: Settings → Webhooks → Add webhook.',
      'Payload URL: {url}. Content type: application/json.',
      'Secret: the one that is shown here when you save. Choose the events.',
    ],
    know: 'What happened stands in input.headers["x-github-event"]. Neither time nor id is signed.',
  },
  gitea: {
    title: 'Gitea, Forgejo',
    words: 'signed as Gitea and Forgejo sign',
    also: ['Codeberg', 'Gogs'],
    scheme: {
      signature: {
        from: ['header:x-gitea-signature', 'header:x-forgejo-signature', 'header:x-gogs-signature'],
      },
      id: ['header:x-gitea-delivery', 'header:x-forgejo-delivery', 'header:x-gogs-delivery'],
      show: ['x-gitea-event', 'x-gitea-event-type', 'x-gitea-delivery', 'x-forgejo-event'],
      jsonFields: ['payload'],
    },
    secret: { from: 'ours', name: 'Secret' },
    steps: [
      'In the repository: Settings → Webhooks → Add webhook → Gitea or Forgejo.',
      'Target URL: {url}. POST content type: application/json.',
      'Secret: the one that is shown here when you save.',
    ],
  },
  gitlab: {
    title: 'GitLab',
    words: 'with GitLab’s secret token',
    scheme: {
      signature: { from: 'header:x-gitlab-token', encoding: 'text' },
      algorithm: 'plain',
      id: ['header:idempotency-key', 'header:x-gitlab-event-uuid'],
      show: ['x-gitlab-event', 'x-gitlab-event-uuid', 'x-gitlab-instance'],
    },
    secret: { from: 'ours', name: 'Secret token' },
    steps: [
      'In the project: Settings → Webhooks → Add new webhook. URL: {url}.',
      'Secret token: the one that is shown here when you save. Choose the events.',
    ],
    know: 'The token is sent as it is, and nothing is signed. Newer GitLabs sign too: then choose Standard Webhooks.',
  },
  bitbucket: {
    title: 'Bitbucket',
    words: 'signed as Bitbucket signs',
    scheme: {
      signature: { from: 'header:x-hub-signature', prefix: 'sha256=' },
      id: ['header:x-request-uuid', 'header:x-request-id'],
      show: ['x-event-key', 'x-hook-uuid', 'x-attempt-number'],
    },
    secret: { from: 'ours', name: 'Secret' },
    steps: [
      'In the repository: Repository settings → Webhooks → Add webhook. URL: {url}.',
      'Secret: the one that is shown here when you save.',
    ],
  },
  jira: {
    title: 'Jira',
    words: 'signed as Jira signs',
    also: ['Atlassian', 'Confluence'],
    scheme: {
      signature: { from: 'header:x-hub-signature', prefix: 'sha256=' },
      id: 'header:x-atlassian-webhook-identifier',
      show: ['x-atlassian-webhook-identifier', 'x-atlassian-webhook-retry'],
    },
    secret: { from: 'ours', name: 'Secret' },
    steps: [
      'In Jira: Settings → System → WebHooks → Create a WebHook. URL: {url}.',
      'Secret: the one that is shown here when you save.',
    ],
    know: 'An automation rule’s “Send web request” is not signed: choose a bearer token for that.',
  },
  linear: {
    title: 'Linear',
    words: 'signed as Linear signs',
    scheme: {
      signature: { from: 'header:linear-signature' },
      timestamp: { from: 'json:/webhookTimestamp', unit: 'ms' },
      id: 'header:linear-delivery',
      show: ['linear-event', 'linear-delivery'],
    },
    secret: { from: 'sender', name: 'Signing secret' },
    steps: [
      'In Linear: Settings → API → Webhooks → New webhook. URL: {url}.',
      'Copy the signing secret (lin_wh_…) and paste it here.',
    ],
    answer: { status: 200 },
  },
  sentry: {
    title: 'Sentry',
    words: 'signed as Sentry signs',
    scheme: {
      signature: { from: 'header:sentry-hook-signature' },
      id: 'header:request-id',
      show: ['sentry-hook-resource', 'sentry-hook-timestamp', 'request-id'],
    },
    secret: { from: 'sender', name: 'Client secret' },
    steps: [
      'In Sentry: Settings → Developer settings → Custom integrations → Create. Webhook URL: {url}.',
      'Copy the integration’s client secret and paste it here.',
    ],
    know: 'Wants its answer within a second: leave the answer at once.',
  },
  vercel: {
    title: 'Vercel',
    words: 'signed as Vercel signs',
    scheme: { signature: { from: 'header:x-vercel-signature' }, algorithm: 'hmac-sha1', id: 'json:/id' },
    secret: { from: 'sender', name: 'Secret' },
    steps: [
      'In Vercel: Team settings → Webhooks → Create. Endpoint: {url}.',
      'Copy the secret that is shown once and paste it here.',
    ],
  },
  netlify: {
    title: 'Netlify',
    words: 'signed as Netlify signs',
    scheme: {
      signature: { from: 'header:x-webhook-signature', encoding: 'text' },
      algorithm: 'jwt-hs256',
      bodyHash: 'claim:sha256',
      show: ['x-netlify-event'],
    },
    secret: { from: 'ours', name: 'JWS secret token' },
    steps: [
      'In the site: Configuration → Notifications → Deploy notifications → Add → HTTP POST request. URL: {url}.',
      'JWS secret token: the one that is shown here when you save.',
    ],
    know: 'Has neither an id nor a time: a delivery that is sent again runs again.',
  },
  figma: {
    title: 'Figma',
    words: 'with Figma’s passcode',
    scheme: {
      signature: { from: 'json:/passcode', encoding: 'text' },
      algorithm: 'plain',
      challenge: { method: 'POST', when: 'json:/event_type = PING', proof: 'signature', answer: '' },
    },
    secret: { from: 'ours', name: 'passcode' },
    steps: [
      'Create it by Figma’s API: POST https://api.figma.com/v2/webhooks with endpoint {url}.',
      'passcode: the secret that is shown here when you save.',
    ],
    answer: { status: 200 },
    know: 'The passcode stands in the body as it is; the skill sees it redacted.',
  },
  pagerduty: {
    title: 'PagerDuty',
    words: 'signed as PagerDuty signs',
    scheme: {
      signature: { from: 'header:x-pagerduty-signature', list: ',', prefix: 'v1=' },
      id: ['json:/event/id', 'header:x-webhook-id'],
      show: ['x-webhook-id', 'x-webhook-subscription'],
    },
    secret: { from: 'sender', name: 'Secret' },
    steps: [
      'In PagerDuty: Integrations → Generic webhooks (v3) → New webhook. URL: {url}.',
      'Copy the secret that is shown once and paste it here.',
    ],
  },
  grafana: {
    title: 'Grafana',
    words: 'signed as Grafana signs',
    scheme: { signature: { from: 'header:x-grafana-alerting-signature' } },
    secret: { from: 'ours', name: 'HMAC secret' },
    steps: [
      'In Grafana: Alerting → Contact points → Webhook. URL: {url}.',
      'Optional settings → HMAC signature: the secret that is shown here when you save; leave the timestamp header empty.',
    ],
    know: 'Older Grafanas cannot sign: choose a bearer token there. An alert that goes on is told again, and runs again.',
  },
} as const satisfies Record<string, Sender>;
