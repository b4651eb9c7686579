import { createHmac } from 'node:crypto';

/** The `v1` signature of Standard Webhooks: over `id.timestamp.body`, with the bytes behind `whsec_` for a key. */
export const signStandard = (secret: string, id: string, timestamp: string, body: Buffer): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest('base64')}`;
