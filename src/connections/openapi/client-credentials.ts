/** OAuth 2.0 client credentials (RFC 6749 section 4.4): one token for a connection, renewed before it ends. */
import { z } from 'zod';
import type { HttpApiAuth } from '../../contract/http-connections.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { readCapped } from '../../outbound/guard-body.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';

type Auth = Extract<HttpApiAuth, { type: 'oauth2ClientCredentials' }>;

const tokenSchema = z.object({
  access_token: z
    .string()
    .min(1)
    .max(16_384)
    .regex(/^[\x21-\x7e]+$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce
    .number()
    .positive()
    .max(10 * 365 * 86_400)
    .optional(),
});

const maxAnswer = 64 * 1024;
/** Without `expires_in` a token is used this long, in milliseconds, or until it is refused. */
const unsaidLifetimeMs = 3_600_000;
/** A token is renewed this long before its end, in milliseconds, or at four fifths of a short life. */
const marginMs = 60_000;

/** RFC 6749 section 2.3.1 and appendix B: both parts are form-encoded before they are put together. */
const formEncode = (text: string): string => new URLSearchParams({ t: text }).toString().slice(2);

export class ClientCredentials {
  readonly #auth: Auth;
  readonly #fetch: GuardedFetch['fetch'];
  readonly #registerSecret: (field: string, value: string) => void;
  #token: { value: string; renewAt: number } | undefined;
  /** One request for all that wait for a token. */
  #asking: Promise<string> | undefined;

  constructor(
    auth: Auth,
    deps: { fetch: GuardedFetch['fetch']; registerSecret: (field: string, value: string) => void },
  ) {
    this.#auth = auth;
    this.#fetch = deps.fetch;
    this.#registerSecret = deps.registerSecret;
  }

  /** @throws AlfredError E_NEEDS_LOGIN when the client is refused, E_CONNECTION_FAILED when there is no usable answer */
  async token(): Promise<string> {
    if (this.#token !== undefined && performance.now() < this.#token.renewAt) return this.#token.value;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Drops a token that was refused. @returns false when there was none, so that a new one would help no more */
  forget(): boolean {
    const had = this.#token !== undefined;
    this.#token = undefined;
    return had;
  }

  async #ask(): Promise<string> {
    const { tokenUrl, clientId, clientSecret, scope, audience, send } = this.#auth;
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (scope !== undefined) form.set('scope', scope);
    if (audience !== undefined) form.set('audience', audience);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (send === 'body') {
      form.set('client_id', clientId);
      form.set('client_secret', clientSecret);
    } else {
      const credentials = Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString(
        'base64',
      );
      this.#registerSecret('clientSecret', credentials);
      headers.authorization = `Basic ${credentials}`;
    }
    const response = await this.#fetch(
      tokenUrl,
      { method: 'POST', body: form, headers, redirect: 'error' },
      { totalTimeoutMs: 30_000, maxBytes: 4 * maxAnswer },
    );
    const { bytes } = await readCapped(response, maxAnswer);
    const { origin } = new URL(tokenUrl);
    if (!response.ok) throw refusal(response.status, bytes, origin);
    const parsed = tokenSchema.safeParse(parseJson(bytes));
    if (!parsed.success) {
      throw new AlfredError('E_CONNECTION_FAILED', `${origin} answers with no bearer token`, {
        remedy: 'Check tokenUrl: it must be an OAuth 2.0 token endpoint.',
      });
    }
    const value = parsed.data.access_token;
    this.#registerSecret('accessToken', value);
    const lifetime = parsed.data.expires_in === undefined ? unsaidLifetimeMs : parsed.data.expires_in * 1_000;
    this.#token = { value, renewAt: performance.now() + lifetime - Math.min(marginMs, lifetime / 5) };
    return value;
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

const errorSchema = z.object({ error: z.string().regex(/^[\w.-]{1,60}$/) });

function refusal(status: number, bytes: Buffer, origin: string): AlfredError {
  const parsed = errorSchema.safeParse(parseJson(bytes));
  const why = parsed.success ? `${parsed.data.error}, HTTP ${status}` : `HTTP ${status}`;
  return status >= 500 || status === 429
    ? new AlfredError('E_CONNECTION_FAILED', `${origin} gives no token (${why})`, {
        remedy: 'Try again later.',
      })
    : new AlfredError('E_NEEDS_LOGIN', `${origin} refuses the client's credentials (${why})`, {
        remedy: 'Check clientId, clientSecret and scope, and enter them again.',
      });
}
