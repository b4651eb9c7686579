/** Connections and their tools for a person. */
import type { Connection, PinnedTool } from '../../contract/connections.ts';
import type { Colors } from '../context.ts';
import { oneLine } from './text.ts';

/** An argument as a shell would need it. */
export const quoteWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** What a connection runs, on one line. */
export function commandLine(config: Record<string, unknown>): string {
  if (typeof config.command === 'string') {
    const args = Array.isArray(config.args) ? config.args.map(String) : [];
    return oneLine([config.command, ...args].map(quoteWord).join(' '));
  }
  const address = config.url ?? config.baseUrl;
  return typeof address === 'string' ? oneLine(address) : '';
}

/** What stands in an environment entry: plain words as they are, a secret never. */
export function describeLeaf(value: unknown): string {
  if (typeof value === 'string') return '(secret, will be sealed)';
  if (typeof value === 'object' && value !== null) {
    if ('plain' in value) return oneLine(String(value.plain));
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

/** What a tool may do, from its server's own hints. */
export function toolKind(tool: Pick<PinnedTool, 'annotations'> & { off?: string | undefined }): string {
  if (tool.off !== undefined) return `off: ${tool.off}`;
  if (tool.annotations?.readOnlyHint === true) return 'reads';
  if (tool.annotations?.destructiveHint === false) return 'writes';
  return tool.annotations?.readOnlyHint === false ? 'destructive' : 'unmarked';
}
