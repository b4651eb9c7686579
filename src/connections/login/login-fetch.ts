/**
 * The fetches under a sign-in. Every address they are given comes from a stranger, and so does every answer: guarded, bounded
 * in size and time, and brought into the form that the SDK reads. "Not now" is told apart from "no": what keeps a server from
 * answering is thrown, and never ends a login.
 */
import { z } from 'zod';
import { isRecord } from '../../contract/is-record.ts';
import { visibleText } from '../../contract/visible.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { readCapped } from '../../outbound/guard-body.ts';
import type { FetchLimits, GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { isRedirect } from '../../outbound/redirect.ts';

/** As the SDK takes it. */
export type FetchLike = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** The server has answered, and what it says is not for this moment. Nothing was used up by the request. */
export class NotNow extends AlfredError {
  constructor(origin: string, why: string) {
    super('E_CONNECTION_FAILED', `${origin} cannot answer a sign-in just now (${why}).`, {
      remedy: 'Try again later.',
    });
  }
}

const metadataLimits: Partial<FetchLimits> = {
  headersTimeoutMs: 10_000,
  idleTimeoutMs: 10_000,
  totalTimeoutMs: 15_000,
  maxBytes: 1_048_576,
};
const formLimits: Partial<FetchLimits> = {
  headersTimeoutMs: 30_000,
  idleTimeoutMs: 10_000,
  totalTimeoutMs: 40_000,
  maxBytes: 262_144,
};

const isNotNow = (status: number): boolean => status >= 500 || status === 429;

/** A text of a stranger's for a sentence of ours. */
export const shortText = (text: string): string => visibleText(text).slice(0, 300);

async function readRecord(
  response: Response,
  maxBytes: number,
): Promise<Record<string, unknown> | undefined> {
  const { bytes } = await readCapped(response, maxBytes);
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    // A page for people, or nothing: whoever asked says what that means.
    return undefined;
  }
}

/**
 * Reads metadata. What is no JSON object is not there (404): many servers answer every address with a page.
 *
 * @throws (from the fetch) NotNow for 429 and 5xx, and what the guarded fetch throws
 */
export function metadataFetch(fetch: GuardedFetch['fetch']): FetchLike {
  return async (url, init) => {
    const response = await fetch(url, init, metadataLimits);
    // The SDK follows those that stay within the origin.
    if (isRedirect(response.status)) return response;
    if (isNotNow(response.status)) {
      await response.body?.cancel();
      throw new NotNow(new URL(url).origin, `HTTP ${response.status}`);
    }
    const value = await readRecord(response, 1_048_576);
    if (!response.ok) return new Response(null, { status: response.status });
    return value === undefined ? new Response(null, { status: 404 }) : Response.json(value);
  };
}

const text = z.string().min(1);
const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** What counts of an answer with tokens; a field of another form counts as left out, so that it costs no login. */
const tokensSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,16384}$/),
  token_type: text.catch('Bearer'),
  // RFC 6749 says a number; some write it as text, and 0 or null for "we do not say".
  expires_in: optional(
    z.coerce
      .number()
      .positive()
      .max(10 * 365 * 86_400),
  ),
  refresh_token: optional(z.string().regex(/^[\x21-\x7e]{1,16384}$/)),
  scope: optional(text),
});
const errorSchema = z.object({
  error: z.string().regex(/^[\w.-]{1,60}$/),
  error_description: optional(z.string()),
});
const temporary = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

/** The error that a server states, in the form that the SDK reads. */
function statedError(value: Record<string, unknown> | undefined): z.infer<typeof errorSchema> | undefined {
  const parsed = errorSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { error, error_description: description } = parsed.data;
  return { error, ...(description === undefined ? {} : { error_description: shortText(description) }) };
}

/** @throws NotNow for 429, 5xx and redirections, and what the guarded fetch throws */
async function sendForm(fetch: GuardedFetch['fetch'], ...[url, init]: Parameters<FetchLike>) {
  const { origin } = new URL(url);
  const response = await fetch(url, { ...init, redirect: 'manual' }, formLimits);
  const { status, ok } = response;
  if (isNotNow(status) || isRedirect(status)) {
    await response.body?.cancel();
    throw new NotNow(origin, `HTTP ${status}`);
  }
  return { origin, status, ok, value: await readRecord(response, 262_144) };
}

/**
 * Sends forms to a token endpoint.
 *
 * @throws (from the fetch) NotNow for 429, 5xx and errors that pass; AlfredError E_CONNECTION_FAILED where the answer is lost:
 *   cut off, too late, or not to be read. The server may have given out new tokens by then
 */
export function tokenFetch(fetch: GuardedFetch['fetch']): FetchLike {
  return async (url, init) => {
    const { origin, status, ok, value } = await sendForm(fetch, url, init);
    const error = statedError(value);
    if (error !== undefined) {
      if (temporary.has(error.error)) throw new NotNow(origin, error.error);
      return Response.json(error, { status: ok ? 400 : status });
    }
    // A wall before the server, and no word of its own.
    if (!ok) throw new NotNow(origin, `HTTP ${status}`);
    const tokens = tokensSchema.safeParse(value);
    if (tokens.success && /^bearer$/i.test(tokens.data.token_type)) return Response.json(tokens.data);
    throw new AlfredError('E_CONNECTION_FAILED', `${origin} answers with no bearer token.`, {
      remedy: 'Try again later.',
    });
  };
}

const clientSchema = z.object({
  client_id: z.string().min(1).max(4096),
  client_secret: optional(text.max(4096)),
  client_secret_expires_at: optional(z.coerce.number().positive()),
  token_endpoint_auth_method: optional(text),
});

/**
 * Sends a registration. Of the answer four fields count; the rest may be missing or null, which the SDK would refuse.
 *
 * @throws (from the fetch) NotNow, and what the guarded fetch throws
 */
export function registrationFetch(fetch: GuardedFetch['fetch']): FetchLike {
  return async (url, init) => {
    const { origin, status, ok, value } = await sendForm(fetch, url, init);
    if (!ok) return Response.json(statedError(value) ?? {}, { status });
    const client = clientSchema.safeParse(value);
    if (!client.success)
      throw new AlfredError('E_LOGIN_FAILED', `${origin} registers Alfred without saying as whom.`, {
        remedy: 'Make a client there by hand, and give its id.',
      });
    return Response.json({ ...client.data, redirect_uris: [] });
  };
}
