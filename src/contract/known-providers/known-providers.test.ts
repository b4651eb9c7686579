/** The list of providers: complete, its addresses pages by https, each known by its host alone, and used as the list says. */
import { expect, it } from 'vitest';
import { metadataOf } from '../../connections/login/login-place.ts';
import { dressForm, dressPage } from '../../connections/login/provider-ways.ts';
import { knownProviders, providerAt, providerOf } from './known-providers.ts';

const all = Object.entries(knownProviders);

it.each(all)('%s names whole addresses, steps, and whence it is known', (id, provider) => {
  const { authorizationUrl, tokenUrl, refreshUrl, deviceUrl, revocationUrl, client, sources } = provider;
  const addresses = [
    authorizationUrl,
    tokenUrl,
    refreshUrl,
    deviceUrl,
    revocationUrl,
    client.url,
    ...sources,
  ];
  for (const address of addresses.filter((one) => one !== undefined))
    expect(new URL(address).protocol, address).toBe('https:');
  expect([id, client.steps.length > 0, sources.length > 0]).toEqual([id, true, true]);
  expect([id, client.steps.some((step) => step.includes('{redirect}'))]).toEqual([id, true]);
  expect(id).toMatch(/^[a-z]+$/);
  for (const [scope, words] of Object.entries(provider.scopes))
    expect([scope, words]).toEqual([scope, expect.stringMatching(/^[A-Z].*[^.]$/)]);
});

it('is known by its own hosts and by no other', () => {
  for (const [id, { apis, authorizationUrl }] of all) {
    for (const host of apis) expect([host, providerOf(host)]).toEqual([host, id]);
    expect(providerAt(authorizationUrl)).toBe(id);
  }
  expect(providerOf('gmail.googleapis.com')).toBe('google');
  expect(providerOf('googleapis.com.evil.test')).toBeUndefined();
  expect(providerOf('evilslack.com')).toBeUndefined();
  expect(providerAt('https://evil.test/https://accounts.google.com')).toBeUndefined();
  expect(providerAt('no address')).toBeUndefined();
});

const pageOf = (provider: string, scope: string) => {
  const url = new URL('https://x.test/?code_challenge=c&code_challenge_method=S256');
  url.searchParams.set('scope', scope);
  dressPage(url, provider);
  return Object.fromEntries(url.searchParams);
};

it('decides what is sent to its page, and with a form', () => {
  expect(pageOf('google', 'a b')).toMatchObject({
    ...{ scope: 'a b', access_type: 'offline', prompt: 'consent', code_challenge: 'c' },
  });
  expect(pageOf('slack', 'chat:write search:read')).toEqual({ user_scope: 'chat:write,search:read' });
  expect(pageOf('strava', 'read activity:read')).toMatchObject({ scope: 'read,activity:read' });
  const form = new URLSearchParams({ code_verifier: 'v' });
  dressForm(form, 'withings');
  expect(Object.fromEntries(form)).toEqual({ action: 'requesttoken' });
  const { token_endpoint_auth_methods_supported: methods } = metadataOf(
    'https://x.test',
    { token: 'https://x.test/t' },
    'spotify',
  );
  expect(methods).toEqual(['client_secret_basic', 'none']);
});
