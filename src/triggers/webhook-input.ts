/** What a skill is given of a delivery: `input.body`, `input.headers`, `input.query`. */
import type { IncomingHttpHeaders } from 'node:http';
import { AlfredError } from '../kernel/errors.ts';
import { parseJson } from '../kernel/parse-json.ts';
import type { Delivery } from './webhook-schemes.ts';

export type WebhookInput = {
  /** JSON as its value, text as text, anything else in base64; left out when there is none. */
  body?: unknown;
  headers: Record<string, string>;
  query: Record<string, string | string[]>;
};

/** What says what a delivery is about. Nothing that signs or authenticates is among them. */
const shownHeaders = [
  'content-type',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'x-github-event',
  'x-github-delivery',
  'x-github-hook-id',
  'x-gitea-event',
  'x-gitlab-event',
  'x-event-key',
  'x-request-id',
  'ce-id',
  'ce-source',
  'ce-type',
] as const;

/** Of a header's value, in characters. */
const longestHeader = 500;

/**
 * The input that a delivery makes.
 *
 * @throws AlfredError E_MALFORMED for a body that is not what its Content-Type says; E_TOO_LARGE for too many values
 */
export function webhookInput({ headers, body }: Delivery, query: unknown): WebhookInput {
  const read = readBody(body, headers['content-type'] ?? '');
  return {
    ...(read === undefined ? {} : { body: read }),
    headers: shownOf(headers),
    query: { ...(query as WebhookInput['query']) },
  };
}

/** The headers of the list that came, each cut to a bound. */
export const shownOf = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    shownHeaders.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value.slice(0, longestHeader)]] : [];
    }),
  );

function readBody(body: Buffer, contentType: string): unknown {
  if (body.length === 0) return undefined;
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (/^application\/json$|\+json$/.test(type)) return parseJson(body);
  const isText = /^text\/|^application\/(xml|x-www-form-urlencoded|x-ndjson|yaml)$|\+xml$/.test(type);
  return isText ? decode(body, contentType) : body.toString('base64');
}

function decode(body: Buffer, contentType: string): string {
  const charset = /;\s*charset="?([\w.:-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body);
  } catch (cause) {
    throw new AlfredError('E_MALFORMED', `The body is no text in ${charset}, as its Content-Type says`, {
      cause,
    });
  }
}
