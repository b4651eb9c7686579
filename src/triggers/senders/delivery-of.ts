import type { IncomingHttpHeaders } from 'node:http';
import type { WebhookScheme } from '../../contract/webhook-scheme.ts';
import { webhookBodyLimit } from '../../contract/webhooks.ts';
import type { Delivery, Query } from './delivery.ts';
import { inflated } from './inflate.ts';
import { provesInBody } from './places.ts';
import { readBody } from './read-body.ts';

/** A request to a hook as it came. */
export type Request = {
  method: string;
  /** As the sender has it: the public address, with its query. */
  url: string;
  query: unknown;
  headers: IncomingHttpHeaders;
  body: Buffer;
};

/**
 * A request as its scheme is asked about it. Its body is read before it is proved only where the proof, or a trial of the
 * address, stands in it.
 *
 * @throws AlfredError E_MALFORMED, E_TOO_LARGE
 */
export async function deliveryOf(
  { method, url, query, headers, body }: Request,
  scheme: WebhookScheme | undefined,
): Promise<Delivery> {
  const plain = await inflated(body, headers['content-encoding'], webhookBodyLimit);
  const delivery: Delivery = {
    method,
    url,
    query: { ...(query as Query) },
    headers,
    body,
    ...(plain === undefined ? {} : { inflated: plain }),
  };
  const isAsked =
    scheme !== undefined &&
    (provesInBody(scheme) || scheme.challenge !== undefined || scheme.handshake !== undefined);
  return isAsked ? withContent(delivery, scheme) : delivery;
}

/** With what its body says. */
export async function withContent(delivery: Delivery, scheme: WebhookScheme | undefined): Promise<Delivery> {
  const { body, inflated: plain = body, headers } = delivery;
  return { ...delivery, content: await readBody(plain, headers['content-type'] ?? '', scheme?.jsonFields) };
}
