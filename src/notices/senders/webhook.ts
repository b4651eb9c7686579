import { millisNow } from '../../kernel/clock.ts';
import { signStandard } from '../../kernel/sign-standard.ts';
import { given, jsonHeaders, type Send } from './sender.ts';

/** As the Standard Webhooks specification says: one `webhook-id` for all attempts, each signed anew with its time. */
export const sendWebhook: Send = async ({ id, body, links }, values, outside) => {
  const bytes = JSON.stringify(links.length === 0 ? body : { ...body, links });
  const timestamp = String(Math.floor(millisNow() / 1000));
  return await outside.post(given(values, 'url'), {
    headers: {
      ...jsonHeaders,
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signStandard(given(values, 'secret'), id, timestamp, Buffer.from(bytes)),
    },
    body: bytes,
  });
};
