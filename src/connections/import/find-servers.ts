/** Finds the servers in a document, wherever the known programs put them. */
import { isRecord } from '../../contract/is-record.ts';
import { refusedText } from './read-document.ts';

export type Entries = [name: string, entry: unknown][];

/** What a document brings: its servers, and what it says of values that are asked for. */
export type Found = { servers: Entries; inputs: unknown[]; httpApis?: unknown };

/** Where they stand, by the key or keys that lead there. */
const places = [
  ['mcpServers'], // Claude, Cursor, Windsurf, Cline, Gemini, LibreChat, Continue (a list)
  ['servers'], // VS Code
  ['mcp', 'servers'],
  ['mcp.servers'],
  ['mcp_servers'], // Codex
  ['context_servers'], // Zed
  ['extensions'], // Goose
  ['amp.mcpServers'],
  ['amp', 'mcpServers'],
  ['augment.advanced', 'mcpServers'],
  ['augment', 'advanced', 'mcpServers'],
  ['mcp', 'mcpServers'],
  ['mcp'], // opencode, Crush
];

/** @throws AlfredError E_VALIDATION when there are none */
export function findServers(document: unknown): Found {
  if (Array.isArray(document) && document.some(isEntry)) return foundIn(document, []);
  if (!isRecord(document)) throw refusedText('It holds no servers.');
  const inputs = [document.inputs, isRecord(document.mcp) ? document.mcp.inputs : undefined].find(
    Array.isArray,
  );
  const { httpApis } = document;
  const ours = isRecord(httpApis) ? { httpApis } : {};
  for (const place of places) {
    const found = entriesOf(at(document, place));
    if (found.length > 0 && (place.join() !== 'mcp' || found.some(([, entry]) => isEntry(entry))))
      return { servers: [...found, ...ofProjects(document)], inputs: inputs ?? [], ...ours };
  }
  const inProjects = ofProjects(document);
  if (inProjects.length > 0) return foundIn(Object.fromEntries(inProjects), []);
  if (isEntry(document)) return foundIn({ [nameOf(document) ?? 'connection']: document }, inputs ?? []);
  const entries = Object.values(document);
  if (entries.length > 0 && entries.every(isEntry)) return foundIn(document, []);
  if (httpApis !== undefined || at(document, ['mcpServers']) !== undefined)
    return { servers: [], inputs: [], ...ours };
  throw refusedText('It holds no servers.');
}

const foundIn = (servers: unknown, inputs: unknown[]): Found => ({ servers: entriesOf(servers), inputs });

/** `~/.claude.json` keeps the servers of each folder apart. */
const ofProjects = ({ projects }: Record<string, unknown>): Entries =>
  isRecord(projects)
    ? Object.values(projects).flatMap((one) => (isRecord(one) ? entriesOf(one.mcpServers) : []))
    : [];

const at = (document: Record<string, unknown>, keys: string[]): unknown =>
  keys.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), document);

/** By name, or as a list in which each says its name. */
function entriesOf(value: unknown): Entries {
  if (Array.isArray(value))
    return value.map((entry, index) => [nameOf(entry) ?? `connection-${index + 1}`, entry]);
  return isRecord(value) ? Object.entries(value) : [];
}

const nameOf = (entry: unknown): string | undefined =>
  isRecord(entry) && typeof entry.name === 'string' ? entry.name : undefined;

const isEntry = (entry: unknown): boolean =>
  isRecord(entry) &&
  ['command', 'cmd', 'url', 'uri', 'serverUrl', 'httpUrl'].some((field) => entry[field] !== undefined);
