/** Deliveries of senders without a library: examples that their documents print, and what their documents say to do. */
import { createHash } from 'node:crypto';
import { hmac, json, key, url } from './signing.ts';
import type { Vector } from './vector.ts';

type Given = Pick<Vector, 'auth' | 'headers' | 'body'> & Partial<Vector>;

const printed = (given: Given): Vector => ({
  ...{ how: 'documents', by: '', secret: key, at: new Date(0).toISOString(), url },
  ...given,
});

/** Examples, byte for byte. */
const examples: readonly Vector[] = [
  printed({
    ...{ auth: 'standard', by: 'the specification', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    at: new Date(1_614_265_330_000).toISOString(),
    headers: {
      ...json,
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    body: '{"test": 2432232314}',
  }),
  printed({
    ...{ auth: 'github', by: 'docs.github.com', secret: "It's a Secret to Everybody" },
    headers: {
      'x-github-delivery': 'd-1',
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    },
    body: 'Hello, World!',
  }),
  ...(['bitbucket', 'jira'] as const).map((auth) =>
    printed({
      ...{ auth, by: 'support.atlassian.com', secret: "It's a Secret to Everybody" },
      headers: {
        'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9',
      },
      body: 'Hello World!',
    }),
  ),
  printed({
    ...{ auth: 'bearer', by: 'RFC 6750', secret: 'mF_9.B5f-4.1JqM' },
    headers: { authorization: 'Bearer mF_9.B5f-4.1JqM' },
    body: '{}',
  }),
  printed({
    ...{ auth: 'basic', by: 'RFC 7617', secret: 'Aladdin:open sesame' },
    headers: { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' },
    body: '{}',
  }),
];

const body = '{"id":"evt_1","event":{"id":"e-1"},"text":"grüße"}';

/** Senders that sign the body alone: the header, what stands before the signature, its encoding and its hash. */
const plainRecipes: Readonly<
  Record<string, [header: string, prefix: string, encoding: 'hex' | 'base64', hash: string]>
> = {
  gitea: ['x-gitea-signature', '', 'hex', 'sha256'],
  sentry: ['sentry-hook-signature', '', 'hex', 'sha256'],
  vercel: ['x-vercel-signature', '', 'hex', 'sha1'],
  pagerduty: ['x-pagerduty-signature', 'v1=0000,v1=', 'hex', 'sha256'],
  grafana: ['x-grafana-alerting-signature', '', 'hex', 'sha256'],
  asana: ['x-hook-signature', '', 'hex', 'sha256'],
  todoist: ['x-todoist-hmac-sha256', '', 'base64', 'sha256'],
  clickup: ['x-signature', '', 'hex', 'sha256'],
  typeform: ['typeform-signature', 'sha256=', 'base64', 'sha256'],
  calcom: ['x-cal-signature-256', '', 'hex', 'sha256'],
  docusign: ['x-docusign-signature-1', '', 'base64', 'sha256'],
  dropbox: ['x-dropbox-signature', '', 'hex', 'sha256'],
  meta: ['x-hub-signature-256', 'sha256=', 'hex', 'sha256'],
  intercom: ['x-hub-signature', 'sha1=', 'hex', 'sha1'],
  woocommerce: ['x-wc-webhook-signature', '', 'base64', 'sha256'],
  lemonsqueezy: ['x-signature', '', 'hex', 'sha256'],
  paystack: ['x-paystack-signature', '', 'hex', 'sha512'],
};

export function byRecipe(at: Date): Vector[] {
  const s = String(Math.floor(at.getTime() / 1000));
  const made = (given: Given): Vector => ({
    ...{ how: 'recipe', by: 'its documents', secret: key, at: at.toISOString(), url },
    ...given,
    headers: { ...json, ...given.headers },
  });
  const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const hash = createHash('sha256').update(body).digest('hex');
  const token = `${encoded({ alg: 'HS256' })}.${encoded({ iss: 'netlify', sha256: hash })}`;
  const mailToken = 'a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0';
  const mail = { token: mailToken, timestamp: s, signature: hmac(s + mailToken) };
  const iso = at.toISOString();
  return [
    ...examples,
    ...Object.entries(plainRecipes).map(([auth, [header, prefix, encoding, algorithm]]) =>
      made({ auth, body, headers: { [header]: prefix + hmac(body, encoding, algorithm) } }),
    ),
    made({
      auth: 'calendly',
      body,
      headers: { 'calendly-webhook-signature': `t=${s},v1=${hmac(`${s}.${body}`)}` },
    }),
    made({ auth: 'figma', body: `{"event_type":"FILE_UPDATE","passcode":"${key}"}`, headers: {} }),
    made({ auth: 'gitlab', body, headers: { 'x-gitlab-token': key } }),
    made({ auth: 'mailgun', body: JSON.stringify({ signature: mail, 'event-data': {} }), headers: {} }),
    made({
      ...{ auth: 'mailgun', body: new URLSearchParams({ ...mail, sender: 'a@example.com' }).toString() },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
    made({
      ...{ auth: 'msgraph', headers: {} },
      body: JSON.stringify({ value: [{ clientState: key, changeType: 'created' }, { clientState: key }] }),
    }),
    made({
      auth: 'netlify',
      body,
      headers: { 'x-webhook-signature': `${token}.${hmac(token, 'base64url')}` },
    }),
    made({ auth: 'token', body, url: `${url}?token=${key}`, headers: {} }),
    made({ auth: 'trello', body, headers: { 'x-trello-webhook': hmac(body + url, 'base64', 'sha1') } }),
    made({
      ...{ auth: 'zendesk', body },
      headers: {
        'x-zendesk-webhook-signature': hmac(iso + body, 'base64'),
        'x-zendesk-webhook-signature-timestamp': iso,
      },
    }),
  ];
}
