/** A sign-in by a code that a person enters on another device (RFC 8628): asks for the code, and whether it was entered. Keeps nothing. */

import { assertSecureTokenEndpoint } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { providerCalled } from '../../contract/known-providers/known-providers.ts';
import type { WaitingDevice } from '../../contract/login-config.ts';
import { millisNow } from '../../kernel/clock.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { authenticating, authMethodOf } from './authenticate-client.ts';
import { type ClientChoice, chooseClient, deviceGrant, type KnownClient } from './choose-client.ts';
import { loginOf, type OpenLogin } from './complete-login.ts';
import { askForDevice, askForTokens, NotNow, registrationFetch, shortText } from './login-fetch.ts';
import { type LoginPlace, metadataOf } from './login-place.ts';
import { assertPage } from './plan-login.ts';
import { dressForm } from './provider-ways.ts';

export type DeviceWish = LoginPlace &
  Pick<ClientChoice, 'known' | 'byHand'> & { fetch: GuardedFetch['fetch'] };

/** A code, and all that is needed to ask whether it was entered; its secrets open. */
export type DevicePlan = Omit<WaitingDevice, 'begunBy' | 'approvedHash' | 'failed'>;

/** The pause between two questions where the server names none, in milliseconds (RFC 8628, section 3.2). */
const usualIntervalMs = 5_000;
/** How much longer the pause becomes when the server asks for that, in milliseconds (section 3.5). */
const slowerByMs = 5_000;

const seconds = z.coerce.number().positive();
const codesSchema = z
  .object({
    device_code: z.string().min(1).max(4096),
    user_code: z.string().regex(/^[^\p{C}]{1,64}$/u),
    verification_uri: z.string().max(2048).optional(),
    // Google's name for `verification_uri`.
    verification_url: z.string().max(2048).optional(),
    verification_uri_complete: z.string().max(4096).optional().catch(undefined),
    expires_in: seconds.max(86_400).catch(600),
    interval: seconds.max(3_600).optional().catch(undefined),
  })
  .refine(({ verification_uri, verification_url }) => (verification_uri ?? verification_url) !== undefined);

/** @throws AlfredError E_LOGIN_FAILED, E_ADDRESS_REFUSED, E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT, E_TOO_LARGE */
export async function planDevice(wish: DeviceWish): Promise<DevicePlan> {
  const { discovery, fetch, scope, resource, endpoints, provider } = wish;
  const { issuer, metadata } = discovery;
  const endpoint = metadata?.device_authorization_endpoint;
  if (metadata === undefined || endpoint === undefined) {
    throw new AlfredError('E_LOGIN_FAILED', `${issuer} gives no codes for another device.`, {
      remedy: 'Sign in with a browser; without one on this machine, by copying the address: --paste.',
    });
  }
  assertSecureTokenEndpoint(endpoint);
  assertSecureTokenEndpoint(metadata.token_endpoint);
  const client = await clientFor(wish);
  const form = new URLSearchParams({ client_id: client.clientId });
  if (scope !== undefined) form.set(providerCalled(provider)?.deviceScopeField ?? 'scope', scope);
  if (resource !== undefined) form.set('resource', resource);
  const headers = new Headers({ accept: 'application/json' });
  authenticating(client, client.authMethod)(headers, form);
  const answer = await askForDevice(fetch, endpoint, { method: 'POST', headers, body: form });
  const codes = codesSchema.safeParse(answer.value);
  if (!codes.success) throw noCode(issuer, answer);
  const { device_code: deviceCode, user_code: userCode, expires_in: life, interval } = codes.data;
  const page = codes.data.verification_uri ?? codes.data.verification_url ?? '';
  const complete = pageOf(codes.data.verification_uri_complete, issuer);
  const verificationUri = pageOf(page, issuer);
  if (verificationUri === undefined) throw noCode(issuer, answer);
  const { clientId, clientSecret, clientFrom, clientExpiresAt, authMethod } = client;
  return {
    ...{ deviceCode, userCode, verificationUri, verificationUriComplete: complete },
    expiresAt: new Date(millisNow() + life * 1_000).toISOString(),
    intervalMs: interval === undefined ? usualIntervalMs : Math.ceil(interval * 1_000),
    ...{ clientId, clientSecret, clientFrom, clientExpiresAt, authMethod },
    ...{ issuer, endpoints, provider, scope, resource },
    tokenEndpoint: metadata.token_endpoint,
  };
}

async function clientFor(wish: DeviceWish) {
  const { fetch, discovery } = wish;
  const registers = registrationFetch(fetch);
  const choice = {
    ...wish,
    redirectUri: '',
    documentUrl: undefined,
    guessEndpoints: false,
    fetch: registers,
  };
  const client = await chooseClient(choice);
  return {
    ...client,
    authMethod: authMethodOf(client, discovery.metadata?.token_endpoint_auth_methods_supported),
  };
}

/** A page to be opened, whatever it is called; undefined where it is none. @throws AlfredError E_LOGIN_FAILED for another scheme */
function pageOf(text: string | undefined, issuer: string): string | undefined {
  const url = URL.parse(text ?? '');
  if (url === null) return undefined;
  assertPage(url, issuer);
  return url.href;
}

function noCode(issuer: string, answer: Awaited<ReturnType<typeof askForDevice>>): AlfredError {
  const { status, error } = answer;
  const words = error?.error_description === undefined ? '' : `: ${error.error_description}`;
  const why = error === undefined ? `HTTP ${status}` : `${error.error}${words}`;
  return new AlfredError(
    'E_LOGIN_FAILED',
    `${issuer} gives no code for another device (${shortText(why)}).`,
    {
      remedy: 'Check the client: at many servers, codes for devices must be switched on for it.',
    },
  );
}

/** What came of a question. `later`: it is to be asked again after `intervalMs`. */
export type DeviceAnswer =
  | { outcome: 'given'; login: OpenLogin }
  | { outcome: 'later'; intervalMs: number }
  | { outcome: 'denied' | 'expired' | 'failed'; why: string };

/** Asks once whether the code was entered. */
export async function askDevice(device: WaitingDevice, fetch: GuardedFetch['fetch']): Promise<DeviceAnswer> {
  const { issuer, intervalMs, tokenEndpoint, deviceCode, provider, authMethod } = device;
  const { clientId, clientSecret } = device;
  const form = new URLSearchParams({ grant_type: deviceGrant, device_code: deviceCode, client_id: clientId });
  const headers = new Headers({ accept: 'application/json' });
  authenticating({ clientId, clientSecret }, authMethod)(headers, form);
  dressForm(form, provider);
  let answer: Awaited<ReturnType<typeof askForTokens>>;
  try {
    answer = await askForTokens(fetch, tokenEndpoint, { method: 'POST', headers, body: form });
  } catch (error) {
    if (!(error instanceof AlfredError)) throw error;
    // The answer was cut off or came too late: RFC 8628, section 3.5, wants longer pauses then.
    return { outcome: 'later', intervalMs: error instanceof NotNow ? intervalMs : intervalMs * 2 };
  }
  if ('tokens' in answer) return { outcome: 'given', login: loginFrom(device, answer.tokens) };
  const { error, error_description: description } = answer.error;
  switch (error) {
    case 'authorization_pending':
    case 'temporarily_unavailable':
    case 'server_error':
      return { outcome: 'later', intervalMs };
    case 'slow_down':
      return { outcome: 'later', intervalMs: intervalMs + slowerByMs };
    case 'access_denied':
    case 'authorization_declined':
      return { outcome: 'denied', why: `${issuer} says that it was refused there.` };
    case 'expired_token':
      return { outcome: 'expired', why: 'The code was not entered in time.' };
    default: {
      const words = description === undefined ? '' : `: ${shortText(description)}`;
      return { outcome: 'failed', why: `${issuer} gives no token for the code (${error}${words}).` };
    }
  }
}

function loginFrom(device: WaitingDevice, tokens: Parameters<typeof loginOf>[1]): OpenLogin {
  const { clientId, clientSecret, clientFrom, clientExpiresAt, authMethod, issuer } = device;
  const { endpoints, provider, scope, resource } = device;
  const client: KnownClient = {
    ...{ clientId, clientSecret, clientFrom, clientExpiresAt, authMethod, issuer },
    redirectUri: '',
  };
  const metadata = endpoints && metadataOf(issuer, endpoints, provider);
  const discovery = { issuer, isNamed: endpoints === undefined, metadata };
  const place = { discovery: { ...discovery, resource: undefined, scopesSupported: undefined }, endpoints };
  return loginOf({ ...place, provider, scope, resource, client }, tokens);
}
