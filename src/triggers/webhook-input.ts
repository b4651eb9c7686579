/** What a skill is given of a delivery: `input.body`, `input.headers`, `input.query`. */
import type { IncomingHttpHeaders } from 'node:http';
import { listOf, splitPlace } from '../contract/delivery-place.ts';
import { type Proof, proofHeaders, schemeOf, signsBodyAlone } from '../contract/senders/scheme-of.ts';
import { hiddenHeaders } from '../contract/triggers.ts';
import type { Delivery, Query } from './senders/delivery.ts';

export type WebhookInput = {
  /** JSON as its value, a form as its fields, text as text, anything else in base64; left out when there is none. */
  body?: unknown;
  headers: Record<string, string>;
  query: Query;
};

/** What says what a delivery is about, whoever sends it. Nothing that signs or authenticates is among them. */
const usualHeaders = [
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

export type Shown = Proof & { headers?: readonly string[] | undefined };

/** The input that a delivery makes. */
export function webhookInput(shown: Shown, delivery: Delivery): WebhookInput {
  return {
    ...(delivery.content === undefined ? {} : { body: delivery.content }),
    headers: shownOf(shown, delivery.headers),
    query: signsBodyAlone(shown) ? {} : withoutProof(shown, delivery.query),
  };
}

/** The usual headers, those of the sender and those that the trigger names, each cut to a bound. */
export function shownOf(shown: Shown, headers: IncomingHttpHeaders): Record<string, string> {
  const scheme = schemeOf(shown);
  const hidden = new Set([...hiddenHeaders, ...proofHeaders(scheme)]);
  const own = (shown.headers ?? []).map((name) => name.toLowerCase());
  const names = new Set([...usualHeaders, ...(scheme?.show ?? []), ...own]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' && !hidden.has(name) ? [[name, value.slice(0, longestHeader)]] : [];
    }),
  );
}

/** A secret in the address is for the hook, and for nobody behind it. */
function withoutProof(shown: Shown, query: Query): Query {
  const proofs = listOf(schemeOf(shown)?.signature.from).flatMap((place) => {
    const [kind, name] = splitPlace(place);
    return kind === 'query' ? [name] : [];
  });
  return Object.fromEntries(Object.entries(query).filter(([name]) => !proofs.includes(name)));
}
