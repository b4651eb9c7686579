/**
 * Which client Alfred is at an authorization server: the one that a person made there by hand, the one that is kept, the document
 * at this VM's own address, or one that is registered now. Nothing is registered at an address that nobody has named.
 */

import {
  type OAuthClientMetadata,
  RegistrationRejectedError,
  registerClient,
} from '@modelcontextprotocol/client';
import { isRecord } from '../../contract/is-record.ts';
import { millisNow } from '../../kernel/clock.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { ClientAuthMethod, LoginClient } from './authenticate-client.ts';
import type { Discovery } from './discover.ts';
import { type FetchLike, shortText } from './login-fetch.ts';

/** The grant type of a code that is entered on another device (RFC 8628, section 3.4). */
export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** A client, and what there is to know of it. */
export type KnownClient = LoginClient & {
  clientFrom: 'document' | 'registration' | 'hand';
  issuer: string;
  redirectUri: string;
  clientExpiresAt?: string | undefined;
};

export type ClientChoice = {
  discovery: Discovery;
  /** Where the person comes back; '' where a code is entered on another device. */
  redirectUri: string;
  /** The address of our client metadata document, where a public one names `redirectUri`. */
  documentUrl: string | undefined;
  /** Clients from before, the best first. */
  known: readonly KnownClient[];
  byHand: { clientId: string; clientSecret?: string | undefined } | undefined;
  scope: string | undefined;
  /** A person has agreed to try the addresses that servers without metadata mostly have. */
  guessEndpoints: boolean;
  /** Sends registrations. */
  fetch: FetchLike;
};

/** @throws AlfredError E_LOGIN_FAILED where there is no client and none can be had; what `fetch` throws */
export async function chooseClient(choice: ClientChoice): Promise<KnownClient> {
  const { discovery, redirectUri, documentUrl, byHand } = choice;
  const { issuer, metadata } = discovery;
  if (byHand !== undefined) return { ...byHand, clientFrom: 'hand', issuer, redirectUri };
  const known = choice.known.find((client) => isUsable(client, choice));
  if (known !== undefined) return { ...known, redirectUri };
  if (documentUrl !== undefined && metadata?.client_id_metadata_document_supported === true)
    return { clientId: documentUrl, authMethod: 'none', clientFrom: 'document', issuer, redirectUri };
  if (metadata === undefined && !choice.guessEndpoints) {
    throw new AlfredError(
      'E_LOGIN_FAILED',
      `${issuer} says nowhere how one signs in to it: it has no metadata.`,
      {
        remedy:
          'Give the connection a token in "headers"; or, if it is a server from before such metadata, allow to try its usual addresses (guessEndpoints, --guess).',
      },
    );
  }
  if (metadata !== undefined && metadata.registration_endpoint === undefined) throw noRegistration(choice);
  return register(choice);
}

/** How long a client must still be good for to begin with it, in milliseconds: a day. */
const lifeLeftMs = 86_400_000;

function isUsable(client: KnownClient, { discovery, redirectUri }: ClientChoice): boolean {
  if (client.issuer !== discovery.issuer) return false;
  if (client.clientFrom === 'hand') return true;
  const ends =
    client.clientExpiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(client.clientExpiresAt);
  return (
    client.clientFrom === 'registration' &&
    client.redirectUri === redirectUri &&
    ends - millisNow() > lifeLeftMs
  );
}

export const isLoopbackHost = (hostname: string): boolean =>
  ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);

function methodToAskFor(supported: readonly string[] | undefined): ClientAuthMethod {
  if (supported === undefined || supported.length === 0 || supported.includes('none')) return 'none';
  return supported.includes('client_secret_basic') ? 'client_secret_basic' : 'client_secret_post';
}

async function register(choice: ClientChoice): Promise<KnownClient> {
  const { discovery, redirectUri, scope } = choice;
  const { issuer, metadata } = discovery;
  const asked: OAuthClientMetadata = {
    client_name: 'Alfred',
    redirect_uris: redirectUri === '' ? [] : [redirectUri],
    grant_types: [redirectUri === '' ? deviceGrant : 'authorization_code', 'refresh_token'],
    response_types: redirectUri === '' ? [] : ['code'],
    // Where these are left out, servers give a secret that ends, and do not allow renewing.
    token_endpoint_auth_method: methodToAskFor(metadata?.token_endpoint_auth_methods_supported),
    application_type: redirectUri === '' || isLoopbackHost(new URL(redirectUri).hostname) ? 'native' : 'web',
  };
  const answer = await sendRegistration(choice, asked, scope);
  const ends = answer.client_secret_expires_at;
  return {
    clientId: answer.client_id,
    ...(answer.client_secret === undefined ? {} : { clientSecret: answer.client_secret }),
    ...methodIn(answer.token_endpoint_auth_method ?? asked.token_endpoint_auth_method),
    clientFrom: 'registration',
    issuer,
    redirectUri,
    ...(ends === undefined || ends === 0 ? {} : { clientExpiresAt: new Date(ends * 1_000).toISOString() }),
  };
}

const methodIn = (method: string | undefined): { authMethod?: ClientAuthMethod } =>
  method === 'none' || method === 'client_secret_basic' || method === 'client_secret_post'
    ? { authMethod: method }
    : {};

async function sendRegistration(
  choice: ClientChoice,
  clientMetadata: OAuthClientMetadata,
  scope: string | undefined,
) {
  const { discovery, fetch } = choice;
  const { issuer, metadata } = discovery;
  const send = (withScope: string | undefined) =>
    registerClient(issuer, {
      clientMetadata,
      fetchFn: fetch,
      ...(metadata === undefined ? {} : { metadata }),
      ...(withScope === undefined ? {} : { scope: withScope }),
    });
  try {
    return await send(scope);
  } catch (error) {
    if (!(error instanceof RegistrationRejectedError)) throw error;
    const first = statedBy(error);
    if (scope === undefined || first.error !== 'invalid_client_metadata') throw refused(choice, error);
    // Some servers refuse a registration with a scope that they do not list; the sign-in itself asks for it later.
    return await send(undefined).catch((second: unknown) => {
      throw second instanceof RegistrationRejectedError ? refused(choice, second) : second;
    });
  }
}

function statedBy({ body }: RegistrationRejectedError): { error: string; description: string } {
  const value: unknown = JSON.parse(body);
  const read = (field: string) => (isRecord(value) && typeof value[field] === 'string' ? value[field] : '');
  return { error: read('error'), description: read('error_description') };
}

const byHandRemedy = ({ redirectUri }: ClientChoice): string =>
  `Make a client there by hand, ${redirectUri === '' ? 'for a device without a browser' : `with ${redirectUri} as its redirect address`}, and give its id (--client-id) and its secret if it has one.`;

function refused(choice: ClientChoice, error: RegistrationRejectedError): AlfredError {
  const { error: code, description } = statedBy(error);
  const why =
    [code, shortText(description)].filter((part) => part !== '').join(': ') || `HTTP ${error.status}`;
  return new AlfredError('E_LOGIN_FAILED', `${choice.discovery.issuer} does not register Alfred (${why}).`, {
    remedy: byHandRemedy(choice),
  });
}

const noRegistration = (choice: ClientChoice): AlfredError =>
  new AlfredError('E_LOGIN_FAILED', `${choice.discovery.issuer} registers no clients by itself.`, {
    remedy: byHandRemedy(choice),
  });
