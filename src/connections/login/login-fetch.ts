/**
 * The fetches under a sign-in. Every address they are given comes from a stranger, and so does every answer: guarded, bounded
 * in size and time, and brought into the form that the SDK reads. "Not now" is told apart from "no": what keeps a server from
 * answering is thrown, and never ends a login.
 */
import { z } from 'zod';
import { visibleText } from '../../contract/visible.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { readCapped } from '../../outbound/guard-body.ts';
import type { FetchLimits, GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { isRedirect } from '../../outbound/redirect.ts';
import { answerIn, errorIn, type StatedError, type Tokens, tokensIn } from './token-answer.ts';

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
  type = response.headers.get('content-type') ?? '',
): Promise<Record<string, unknown> | undefined> {
  const { bytes } = await readCapped(response, maxBytes);
  return answerIn(bytes, type);
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
    const value = await readRecord(response, 1_048_576, 'application/json');
    if (!response.ok) return new Response(null, { status: response.status });
    return value === undefined ? new Response(null, { status: 404 }) : Response.json(value);
  };
}

const temporary = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

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

/** What a token endpoint says to one form. */
export type TokenAnswer = { tokens: Tokens } | { error: StatedError; status: number };

/**
 * Sends one form to a token endpoint.
 *
 * @throws NotNow for 429, 5xx, and what no server of this kind says; AlfredError E_CONNECTION_FAILED where the answer is lost: cut
 *   off, too late, or not to be read. The server may have given out new tokens by then
 */
export async function askForTokens(
  fetch: GuardedFetch['fetch'],
  ...[url, init]: Parameters<FetchLike>
): Promise<TokenAnswer> {
  const { origin, status, ok, value } = await sendForm(fetch, url, init);
  const tokens = tokensIn(value);
  // Some state no error beside a token, but "error": "" or null.
  if (ok && tokens !== undefined) return { tokens };
  const error = errorIn(value);
  if (error !== undefined) return { error, status: ok ? 400 : status };
  // A wall before the server, and no word of its own.
  if (!ok) throw new NotNow(origin, `HTTP ${status}`);
  throw new AlfredError('E_CONNECTION_FAILED', `${origin} answers with no bearer token.`, {
    remedy: 'Try again later.',
  });
}

/**
 * Sends forms to a token endpoint, for the SDK.
 *
 * @throws (from the fetch) as `askForTokens`, and NotNow for errors that pass
 */
export function tokenFetch(fetch: GuardedFetch['fetch']): FetchLike {
  return async (url, init) => {
    const answer = await askForTokens(fetch, url, init);
    if ('tokens' in answer) return Response.json(answer.tokens);
    const { error, status } = answer;
    if (temporary.has(error.error)) throw new NotNow(new URL(url).origin, error.error);
    return Response.json(error, { status });
  };
}

/**
 * Asks for a code to be entered on another device.
 *
 * @throws NotNow, and what the guarded fetch throws
 */
export async function askForDevice(fetch: GuardedFetch['fetch'], ...asked: Parameters<FetchLike>) {
  const { origin, status, ok, value } = await sendForm(fetch, ...asked);
  return { origin, status, value: ok ? value : undefined, error: errorIn(value) };
}

const text = z.string().min(1);
const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

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
    if (!ok) return Response.json(errorIn(value) ?? {}, { status });
    const client = clientSchema.safeParse(value);
    if (!client.success)
      throw new AlfredError('E_LOGIN_FAILED', `${origin} registers Alfred without saying as whom.`, {
        remedy: 'Make a client there by hand, and give its id.',
      });
    return Response.json({ ...client.data, redirect_uris: [] });
  };
}
