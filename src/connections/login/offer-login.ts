import { providerCalled } from '../../contract/known-providers/known-providers.ts';
import type { LoginOffer } from '../../contract/logins.ts';
import { scopesIn } from '../../contract/scopes.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import { assertMayOpen } from '../config/approval.ts';
import { openConfig } from '../config/config-secrets.ts';
import { findRow } from '../connection-row.ts';
import { type ApiLogin, apiScope, findApiLogin } from './find-api-login.ts';
import { type FindDeps, withBaseUrl } from './find-login.ts';
import { clientIn } from './known-clients.ts';
import { metadataFetch } from './login-fetch.ts';
import { hasPage } from './plan-login.ts';
import { type Addresses, redirectFor } from './redirect-address.ts';

/**
 * How a person can sign in to an HTTP API: the ways, what to ask for, and as whom Alfred comes. Keeps nothing.
 *
 * @throws AlfredError E_NOT_FOUND, E_NOT_APPROVED, E_CONNECTION_INACTIVE before anything is dialled; E_VALIDATION for a connection
 *   of another type; as findApiLogin does
 */
export async function offerLogin(deps: FindDeps, name: string, addresses: Addresses): Promise<LoginOffer> {
  const { db, vault, home } = deps;
  const row = await findRow(db.prisma, name);
  assertMayOpen(row);
  const opened = openConfig(vault, row);
  if (opened.type !== 'http_api') throw noOffer(name);
  const { config } = opened;
  const guarded = createGuardedFetch({ allowPrivateNetwork: config.allowPrivateNetwork });
  try {
    const found = await findApiLogin(withBaseUrl(config, config.secrets, name), {
      ...{ name, home },
      fetch: metadataFetch(guarded.fetch),
    });
    const missing = config.oauth?.missing;
    const asks = apiScope(found, { auth: config.auth, missing });
    const { metadata, issuer } = found.place.discovery;
    const known = clientIn(config.oauth).find((client) => client.issuer === issuer);
    const provider = providerCalled(found.place.provider);
    const isPage = hasPage(found.place);
    return {
      issuer,
      ways: [
        ...(isPage ? (['browser'] as const) : []),
        ...(metadata?.device_authorization_endpoint === undefined ? [] : (['device'] as const)),
      ],
      sentTo: [
        new URL(found.api.baseUrl).origin,
        ...(config.otherOrigins ?? []).map((one) => new URL(one).origin),
      ],
      scopes: scopesOf(found, asks),
      asks: asks ?? null,
      client: {
        kept: known?.clientId ?? null,
        registers: metadata?.registration_endpoint !== undefined,
        secret: provider?.secret ?? 'maybe',
      },
      redirect: isPage ? { uri: wayBack(addresses), takes: provider?.redirect ?? 'exact' } : null,
      provider: providerFacts(found.place.provider, wayBack(addresses)),
      warnings: warningsOf(found),
    };
  } finally {
    await guarded.close();
  }
}

/** How the person comes back: to the console, where servers send browsers to its address; else by pasting the address. */
function wayBack(addresses: Addresses): string {
  try {
    return redirectFor({ way: 'console' }, addresses);
  } catch (error) {
    if (!(error instanceof AlfredError)) throw error;
    return redirectFor({ way: 'paste' }, addresses);
  }
}

function scopesOf({ signIn, least, place }: ApiLogin, asks: string | undefined): LoginOffer['scopes'] {
  const known = providerCalled(place.provider)?.scopes ?? {};
  const wanted = new Set([...least, ...scopesIn(asks)]);
  const named = signIn?.scopes ?? {};
  // The scopes that a document or Alfred's list has words for; those that are wanted stand first, as a long list is cut.
  const names = [...new Set([...wanted, ...Object.keys(named), ...Object.keys(known)])].slice(0, 300);
  return names.map((name) => ({
    name,
    words: (Object.hasOwn(known, name) ? known[name] : undefined) || named[name] || null,
    wanted: wanted.has(name),
  }));
}

function providerFacts(id: string | undefined, redirect: string): LoginOffer['provider'] {
  const known = providerCalled(id);
  if (id === undefined || known === undefined) return null;
  const { title, client, renews, know } = known;
  const steps = client.steps.map((step) => step.replaceAll('{redirect}', redirect));
  return { id, title, clientUrl: client.url, steps, renews, know: [...know] };
}

/** Warns of an API that signs in at a provider whose own it is not: it gets what the owner allows there. */
function warningsOf({ place, api }: ApiLogin): string[] {
  const known = providerCalled(place.provider);
  const { host } = new URL(api.baseUrl);
  const isOwn = known?.apis.some((one) => host === one || host.endsWith(`.${one}`)) ?? true;
  return isOwn
    ? []
    : [
        `This API is at ${host}, which is not ${known?.title}'s: whoever runs it can do there what you allow. Go on only if you know them.`,
      ];
}

const noOffer = (name: string): AlfredError =>
  new AlfredError('E_VALIDATION', `"${name}" is no HTTP API: there is nothing to choose.`, {
    remedy: 'Begin the sign-in: its server says what it wants.',
    fields: [{ field: '/name', message: 'is no HTTP API' }],
  });
