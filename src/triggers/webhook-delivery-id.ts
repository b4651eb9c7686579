/** What makes two deliveries the same one. */
import type { WebhookAuth } from '../contract/triggers.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Delivery } from './webhook-schemes.ts';

export type Identified = {
  auth: WebhookAuth;
  /** `header:<name>`, or a JSON pointer into the body; the scheme's own id when left out. */
  dedupeBy?: string | undefined;
};

/** Of a delivery's id, in characters. */
const longestId = 256;

/**
 * The id of a delivery; undefined where its scheme has none and none was sent.
 *
 * @param body as the skill is given it
 * @throws AlfredError E_MALFORMED when the id that there must be is missing or too long
 */
export function deliveryId(
  { auth, dedupeBy }: Identified,
  { headers }: Delivery,
  body: unknown,
): string | undefined {
  const header = (name: string): string | undefined => {
    const value = headers[name.toLowerCase()];
    return typeof value === 'string' && value !== '' ? checked(value, `The header ${name}`) : undefined;
  };
  if (dedupeBy?.startsWith('header:')) {
    const name = dedupeBy.slice('header:'.length);
    return header(name) ?? missing(`the header ${name}`);
  }
  if (dedupeBy !== undefined) return fromBody(body, dedupeBy) ?? missing(`${dedupeBy} in the body`);
  switch (auth) {
    case 'github':
      return header('X-GitHub-Delivery') ?? missing('the header X-GitHub-Delivery');
    case 'stripe':
      return fromBody(body, '/id') ?? missing("the event's id, /id in the body");
    default:
      return header('webhook-id');
  }
}

function fromBody(body: unknown, pointer: string): string | undefined {
  let value = body;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? checked(value, `${pointer} in the body`) : undefined;
}

function checked(id: string, what: string): string {
  if (id.length <= longestId) return id;
  throw new AlfredError('E_MALFORMED', `${what} is longer than ${longestId} characters`);
}

function missing(what: string): never {
  throw new AlfredError('E_MALFORMED', `The delivery has no id: ${what} is missing`, {
    remedy:
      'Without it a second delivery of the same could not be told; "dedupeBy" in the trigger names another.',
  });
}
