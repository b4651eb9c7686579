/** What npm says of a program that it could not download, in plain words: by its own codes, as npm 11.19 prints them. */
import type { ServerProcess } from './spawn-server.ts';

type Trouble = { words: string; remedy: string };

export const noNetworkRemedy =
  'It cannot reach the network. Give it the network ("network": true, or another "sandbox"), or install what it needs beforehand.';

const noRegistry = 'its program could not be downloaded, as npm’s registry cannot be reached';

const troubles: readonly (readonly [code: RegExp, trouble: Trouble])[] = [
  [/^(ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/, { words: noRegistry, remedy: noNetworkRemedy }],
  [
    // FETCH_ERROR is a registry that never answers.
    /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|FETCH_ERROR)$/,
    {
      words: noRegistry,
      remedy: 'Try again. Where a proxy leads to the internet, start Alfred with HTTPS_PROXY.',
    },
  ],
  [
    /^E5\d\d$/,
    {
      words: 'its program could not be downloaded, as npm’s registry is in trouble',
      remedy: 'Try again later.',
    },
  ],
  [
    /SELF_SIGNED|^UNABLE_TO_(GET_ISSUER|VERIFY)/,
    {
      words:
        'its program could not be downloaded: who answers for npm’s registry has a certificate that this machine does not know',
      remedy:
        'A proxy that reads along has a certificate of its own: start Alfred with NODE_EXTRA_CA_CERTS=/path/to/it.pem, or install the program and name it in place of npx.',
    },
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    {
      words:
        'its program could not be downloaded: who answers for npm’s registry has the certificate of another host',
      remedy: 'Check the address of the registry, and what stands between it and this machine.',
    },
  ],
  [
    /^E404$/,
    {
      words: 'npm has no program of that name',
      remedy: 'Check how the package is spelled; a private one needs its registry and a token in "env".',
    },
  ],
  [
    /^ETARGET$/,
    {
      words: 'npm has no such version of its program',
      remedy: 'Name a version that there is, or leave it out for the latest.',
    },
  ],
  [
    /^E40[13]$/,
    { words: 'npm’s registry refused its program', remedy: 'Check the token for the registry in "env".' },
  ],
  [
    /^ENOSPC$/,
    { words: 'its program could not be downloaded, as the disk is full', remedy: 'Make room on the disk.' },
  ],
];

/** Undefined where it is none of these. */
export function explainDownload({ stderr }: Pick<ServerProcess, 'stderr'>): Trouble | undefined {
  const said = stderr.lines(40).join('\n');
  if (/^npm (error|ERR!) could not determine executable to run/m.test(said))
    return {
      words: 'its package has no program to run',
      remedy: 'Check the name of the package: this one is a library.',
    };
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(said)?.[1];
  return code === undefined ? undefined : troubles.find(([known]) => known.test(code))?.[1];
}
