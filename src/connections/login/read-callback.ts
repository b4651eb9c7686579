/** The address at which a person comes back from an authorization server: what in it is believed, and when. */
import { IssuerMismatchError, validateAuthorizationResponseIssuer } from '@modelcontextprotocol/client';
import { AlfredError } from '../../kernel/errors.ts';
import { shortText } from './login-fetch.ts';
import type { LoginPlan } from './plan-login.ts';

const oneEach = ['code', 'state', 'iss', 'error'];

/**
 * What an address that was pasted, or that a browser went to, says.
 *
 * @throws AlfredError E_VALIDATION where it is no such address
 */
export function readCallback(text: string): { address: string; state: string; params: URLSearchParams } {
  const url = URL.parse(text.trim());
  const params = url?.searchParams;
  const state = params?.get('state');
  if (!url || !params || !state) throw notWhole('is not the whole address at which the sign-in ended');
  // Of a parameter that stands there twice, an attacker could choose which one counts.
  if (oneEach.some((name) => params.getAll(name).length > 1)) throw notWhole('says something twice');
  return { address: `${url.origin}${url.pathname}`, state, params };
}

const notWhole = (message: string) =>
  new AlfredError('E_VALIDATION', `The address ${message}.`, {
    remedy: 'Copy all of it from the browser, from http to its end.',
    fields: [{ field: '/callbackUrl', message }],
  });

/**
 * That it is the right server which answers (RFC 9207): compared to the byte, and asked for where the server says that it is sent.
 * One that calls itself nothing may say who it is all the same: then it must be where its page is.
 *
 * @throws AlfredError E_LOGIN_FAILED
 */
export function assertIssuer({ discovery }: Pick<LoginPlan, 'discovery'>, params: URLSearchParams): void {
  const { metadata, issuer, isNamed } = discovery;
  const iss = params.get('iss') ?? undefined;
  if (!isNamed) {
    if (iss === undefined || metadata === undefined || URL.parse(iss)?.origin === new URL(issuer).origin)
      return;
    throw mixedUp(issuer, iss);
  }
  try {
    validateAuthorizationResponseIssuer({
      iss,
      expectedIssuer: metadata?.issuer,
      issParameterSupported: metadata?.authorization_response_iss_parameter_supported === true,
    });
  } catch (error) {
    if (!(error instanceof IssuerMismatchError)) throw error;
    throw mixedUp(issuer, error.received);
  }
}

const mixedUp = (expected: string, received: string | undefined): AlfredError =>
  new AlfredError(
    'E_LOGIN_FAILED',
    `The sign-in was begun with ${expected}, and ${received === undefined ? 'nobody' : shortText(received)} answers. Nothing of it is used.`,
    { remedy: 'Begin it again. If it happens again, somebody may be trying to mix up two servers.' },
  );
