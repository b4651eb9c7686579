/** The table and the steps of docs/providers.md, from the providers' own data. */
import type { KnownProvider } from '../src/contract/known-providers/known-provider.ts';
import { knownProviders } from '../src/contract/known-providers/known-providers.ts';

const byTitle = (): [string, KnownProvider][] =>
  Object.entries(knownProviders).toSorted(([, one], [, other]) => one.title.localeCompare(other.title, 'en'));

const cell = (text: string): string => text.replaceAll('|', '\\|');

const redirects: Record<KnownProvider['redirect'], string> = {
  port: 'any port of 127.0.0.1',
  exact: 'to the letter',
  https: 'https alone',
};

/** A row a provider: its ways, its client, how long a sign-in lasts. */
export function providersText(): string {
  const rows = byTitle().map(([id, provider]) => {
    const { title, apis, deviceUrl, revocationUrl, secret, redirect, pkce, renews } = provider;
    return [
      title,
      `\`${id}\``,
      apis.map((host) => `\`${host}\``).join(', '),
      deviceUrl === undefined ? 'browser' : 'browser, code',
      secret === 'always' ? 'id and secret' : secret === 'never' ? 'id' : 'id; a secret if you like',
      redirects[redirect],
      pkce ? 'yes' : 'no',
      renews,
      revocationUrl === undefined ? 'by you, there' : 'yes',
    ];
  });
  return [
    '| provider | name | its APIs | ways | client | address to come back to | PKCE | lasts | taken back at sign-out |',
    `|${' --- |'.repeat(9)}`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n');
}

/** Where a client is made at each, what its scopes let Alfred do, what trips people, and whence all that is known. */
export const providerStepsText = (): string =>
  byTitle()
    .map(([, { title, client, scopes, know, sources }]) => {
      const steps = client.steps.map(
        (step, index) => `${index + 1}. ${step.replaceAll('{redirect}', '*the address to come back to*')}`,
      );
      const allowed = Object.entries(scopes).map(([scope, words]) => `- \`${scope}\`: ${words}`);
      return [
        `### ${title}`,
        `<${client.url}>`,
        steps.join('\n'),
        ...(know.length === 0 ? [] : [know.map((trap) => `- **Know:** ${trap}`).join('\n')]),
        ...(allowed.length === 0 ? [] : [allowed.join('\n')]),
        `From: ${sources.map((source) => `<${source}>`).join(', ')}`,
      ].join('\n\n');
    })
    .join('\n\n');
