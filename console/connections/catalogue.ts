/** Connections that many people want, each as what one would paste. Nothing of them is installed or started before it is approved. */
import type { KnownServer } from '../../src/contract/known-servers/known-server.ts';
import { serversByUse } from '../../src/contract/known-servers/known-servers.ts';
import { t, told } from '../words/t.ts';
import { type Blank, blanksOf } from './blanks.ts';

export type CatalogueEntry = {
  name: string;
  /** What Alfred can do with it. */
  what: string;
  text: string;
  /** What the owner fills in before it is saved. */
  blanks: readonly Blank[];
  /** What is to be known of what the text leaves open otherwise. */
  change?: string;
  /** What it needs and where to get that, the most that it may do, what to know of it. */
  facts?: Pick<KnownServer, 'needs' | 'may' | 'know'>;
};

const asJson = (name: string, server: object): string =>
  JSON.stringify({ mcpServers: { [name]: server } }, null, 2);

/** What is to be filled in later stands in angle brackets. */
const later = (text: string): string | undefined =>
  text.includes('<your-')
    ? t('What stands in angle brackets is asked for once the connection is saved, and sealed at once.')
    : undefined;

function entryOf([name, server]: [string, KnownServer]): CatalogueEntry {
  const { title, what, args = [], env, needs, may, know } = server;
  const words = ['-y', server.package, ...args];
  const text =
    env === undefined && words.every((word) => !/[\s<>]/.test(word))
      ? `npx ${words.join(' ')}`
      : asJson(name, { command: 'npx', args: words, ...(env === undefined ? {} : { env }) });
  const change = later(text);
  return {
    name: title,
    what,
    text,
    blanks: blanksOf(text),
    ...(change === undefined ? {} : { change }),
    facts: { may, ...(needs === undefined ? {} : { needs }), ...(know === undefined ? {} : { know }) },
  };
}

/** Those that are no server of npm. */
const elsewhere: CatalogueEntry[] = [
  {
    name: 'GitHub',
    what: t('Issues, pull requests and code'),
    blanks: [],
    text: asJson('github', {
      type: 'http',
      url: 'https://api.githubcopilot.com/mcp/',
      headers: { Authorization: 'Bearer <your-token>' },
    }),
    change: t('{token} is to be a personal access token of GitHub.', { token: '<your-token>' }),
  },
  {
    name: t('An HTTP API'),
    what: t('Whatever has an OpenAPI document'),
    blanks: [],
    text: 'https://petstore3.swagger.io/api/v3/openapi.json',
    change: t('This one is an example: paste the address of the document.'),
  },
  {
    name: t('Any MCP server'),
    what: t('At an address, with a token'),
    blanks: [],
    text: asJson('mine', {
      type: 'http',
      url: 'https://mail.example.com/mcp',
      headers: { Authorization: 'Bearer <your-token>' },
    }),
    change: t('The address and {token} are to be yours.', { token: '<your-token>' }),
  },
];

export const catalogue: { title: string; entries: CatalogueEntry[] }[] = [
  ...serversByUse.map(({ use, servers }) => ({
    title: told(use),
    entries: Object.entries(servers).map(entryOf),
  })),
  { title: t('Of any kind'), entries: elsewhere },
];
