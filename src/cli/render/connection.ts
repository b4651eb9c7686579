/** Connections and their tools for a person. */

import { connectionTypes } from '../../contract/connection-types.ts';
import type { Connection, PinnedTool } from '../../contract/connections.ts';
import { isRecord } from '../../contract/is-record.ts';
import { visibleText, visibleWord } from '../../contract/visible.ts';
import type { Colors } from '../context.ts';

/** An argument as a shell would need it. */
export const quoteWord = (word: string): string =>
  /^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** What a connection runs, or the address that it calls, on one line; empty where only a document sent along knows. */
export function commandLine(config: Record<string, unknown>): string {
  if (typeof config.command === 'string') {
    const args = Array.isArray(config.args) ? config.args.map(String) : [];
    return [config.command, ...args].map(visibleWord).join(' ');
  }
  // An API without a base URL is where its document says.
  const { openapi } = config;
  const document = isRecord(openapi) ? openapi.url : undefined;
  const address = addressIn(config) ?? document;
  return typeof address === 'string' ? visibleText(address) : '';
}

/** Where it says itself that it is. */
export const addressIn = (config: Readonly<Record<string, unknown>>): unknown =>
  Object.values(connectionTypes)
    .filter(({ isStarted }) => !isStarted)
    .flatMap(({ form }) => Object.keys(form))
    .map((field) => config[field])
    .find((text) => text !== undefined);

/** A path by what tells it apart: the npm package that it is in, or its last two names. */
function shortPath(word: string): string {
  const inPackage = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(word)?.[1];
  if (inPackage !== undefined) return inPackage;
  const names = word.split('/').filter((name) => name !== '');
  const isPath = word.startsWith('/') || word.startsWith('${ALFRED_HOME}/');
  return isPath && names.length > 2 ? `…/${names.slice(-2).join('/')}` : word;
}

/** What a connection runs, for a column of a table: `node @modelcontextprotocol/server-filesystem …/samples/house`. */
export function shortCommandLine(config: Record<string, unknown>): string {
  if (typeof config.command !== 'string') return commandLine(config);
  const args = Array.isArray(config.args) ? config.args.map(String) : [];
  const program = config.command.split('/').at(-1) ?? config.command;
  return [program, ...args.map(shortPath)].map(visibleWord).join(' ');
}

/** What stands in an environment entry: plain words as they are, a secret never. */
export function describeLeaf(value: unknown): string {
  if (typeof value === 'string') return '(secret, will be sealed)';
  if (isRecord(value)) {
    if ('plain' in value) return visibleText(String(value.plain));
    if ('sealed' in value && 'fingerprint' in value)
      return `(sealed, fingerprint ${String(value.fingerprint)})`;
  }
  return '(set)';
}

/** How a connection stands, in a word or two. */
export function connectionState(connection: Connection): string {
  if (!connection.isActive) return 'off';
  if (!connection.approved) return 'not approved';
  return connection.status === 'needs_login' ? 'needs login' : connection.status;
}

export function paintState(state: string, colors: Colors): string {
  const word = state.trim();
  if (word === 'ready') return colors.green(state);
  if (word === 'error') return colors.red(state);
  if (word === 'new' || word === 'off') return colors.dim(state);
  return colors.yellow(state);
}

/** The first sentence of what a tool says of itself: the rest is for the model. */
export const summaryOf = ({ description, title }: Pick<PinnedTool, 'description' | 'title'>): string =>
  visibleText(
    (/^.*?(?:[.!?](?=\s|$)|\n|$)/s.exec((description ?? title ?? '').trim())?.[0] ?? '')
      .replace(/\s+/g, ' ')
      .trim(),
  );

/** What a tool may do, from its server's own hints. */
export function toolKind(tool: Pick<PinnedTool, 'annotations'> & { off?: string | undefined }): string {
  if (tool.off === 'unusable') return 'cannot be used';
  if (tool.off !== undefined) return `off: ${tool.off}`;
  if (tool.annotations?.readOnlyHint === true) return 'reads';
  if (tool.annotations?.destructiveHint === false) return 'writes';
  return tool.annotations?.readOnlyHint === false ? 'destructive' : 'unmarked';
}
