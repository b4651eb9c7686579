/** Those who sign people in and are known by name: to a sign-in, the command line and docs/providers.md. */
import { codeProviders } from './code.ts';
import { healthProviders } from './health.ts';
import type { KnownProvider } from './known-provider.ts';
import { leisureProviders } from './leisure.ts';
import { officeProviders } from './office.ts';
import { workProviders } from './work.ts';

export const knownProviders: Readonly<Record<string, KnownProvider>> = {
  ...officeProviders,
  ...codeProviders,
  ...workProviders,
  ...leisureProviders,
  ...healthProviders,
};

/** @returns undefined for one that is not known */
export const providerCalled = (id: string | undefined): KnownProvider | undefined =>
  id !== undefined && Object.hasOwn(knownProviders, id) ? knownProviders[id] : undefined;

/** Whose API is at that host; undefined for nobody's that is known. */
export function providerOf(host: string): string | undefined {
  const entries = Object.entries(knownProviders);
  return entries.find(([, { apis }]) => apis.some((api) => host === api || host.endsWith(`.${api}`)))?.[0];
}

/** Whose page people sign in at there. */
export function providerAt(address: string | undefined): string | undefined {
  const host = URL.parse(address ?? '')?.host;
  const entries = Object.entries(knownProviders);
  return entries.find(([, { authorizationUrl }]) => new URL(authorizationUrl).host === host)?.[0];
}
