/**
 * Answers of token endpoints as servers really give them, in the one form that counts: JSON or a form; a token at the top, in
 * `authed_user` (Slack) or in `body` (Withings); a scope as text, with commas, or as a list; an `expires_in` as text. What is of
 * another form counts as left out, so that it costs no login.
 */
import { z } from 'zod';
import { isRecord } from '../../contract/is-record.ts';
import { visibleText } from '../../contract/visible.ts';

type Answer = Record<string, unknown>;

const text = z.string().min(1);
const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const token = z.string().regex(/^[\x21-\x7e]{1,16384}$/);

const tokensSchema = z.object({
  access_token: token,
  token_type: text.catch('Bearer'),
  // RFC 6749 says a number; some write it as text, and 0 or null for "we do not say".
  expires_in: optional(
    z.coerce
      .number()
      .positive()
      .max(10 * 365 * 86_400),
  ),
  refresh_token: optional(token),
  scope: optional(z.union([text, z.array(text).min(1)]).transform(scopeIn)),
});
export type Tokens = z.infer<typeof tokensSchema>;

const errorSchema = z.object({ error: z.string().min(1), error_description: optional(z.string()) });
export type StatedError = { error: string; error_description?: string };

/** Kinds of tokens that are nothing without a proof of their own; whatever else one is called, it is sent as a bearer's. */
const wantsProof = /^(?:mac|dpop|pop|n_a)$/i;

/** A JSON object, or a form in its place; undefined where it is neither. */
export function answerIn(bytes: Buffer, contentType: string): Answer | undefined {
  const body = bytes.toString('utf8');
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch {
    // A page for people, or nothing: whoever asked says what that means.
    const isForm = /^(?:application\/x-www-form-urlencoded|text\/plain)\b/i.test(contentType);
    return isForm && /^[\w.]+=/.test(body) ? Object.fromEntries(new URLSearchParams(body)) : undefined;
  }
}

/** The tokens of an answer; undefined where it holds none that can be sent. */
export function tokensIn(answer: Answer | undefined): Tokens | undefined {
  const places = [answer, answer?.authed_user, answer?.body];
  for (const place of places) {
    const parsed = tokensSchema.safeParse(place);
    if (parsed.success)
      return wantsProof.test(parsed.data.token_type) ? undefined : { ...parsed.data, token_type: 'Bearer' };
  }
  return undefined;
}

/** The error that a server states, whatever its HTTP status is. */
export function errorIn(answer: Answer | undefined): StatedError | undefined {
  const parsed = errorSchema.safeParse(answer);
  if (!parsed.success) return undefined;
  const { error, error_description: description } = parsed.data;
  const short = (words: string) => visibleText(words).slice(0, 300);
  // Some servers put a sentence where the standard has a code.
  if (!/^[\w.-]{1,60}$/.test(error)) return { error: 'refused', error_description: short(error) };
  return { error, ...(description === undefined ? {} : { error_description: short(description) }) };
}

/** Scopes with blanks between them; GitHub, Slack and Strava put commas there. */
export function scopeIn(given: string | string[]): string {
  if (typeof given !== 'string') return given.join(' ');
  return given.includes(' ') ? given : given.replaceAll(',', ' ').trim();
}
