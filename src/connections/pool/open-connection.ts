/** From a row to a link: read it, see that it was approved, open its secrets, start or dial it. */

import type { Database } from '../../database/client.ts';
import type { Logger } from '../../kernel/log.ts';
import { recordSecretUses } from '../../secrets/record-secret-uses.ts';
import type { Vault } from '../../vault/vault.ts';
import { assertOrigin } from '../api-origin.ts';
import { approvedWords, assertMayOpen } from '../config/approval.ts';
import { openConfig } from '../config/config-secrets.ts';
import { secretsInUse } from '../config/secrets-in-use.ts';
import { type ConnectionRow, findRow } from '../connection-row.ts';
import { openMcpHttpLink } from '../mcp-http/open-mcp-http-link.ts';
import type { McpHttpVerdict } from '../mcp-http/session.ts';
import { ApiCache, openHttpApiLink } from '../openapi/open-http-api-link.ts';
import { openStdioLink } from '../stdio/open-stdio-link.ts';
import type { SpawnDeps } from '../stdio/spawn-server.ts';
import type { Link } from './link.ts';

export type OpenDeps = {
  db: Database;
  vault: Vault;
  log: Logger;
  spawn: SpawnDeps;
  startTimeoutMs: number;
  maxMessageBytes: number;
  maxResultSize: number;
};

export type Opening = {
  signal: AbortSignal;
  onToolsChanged: () => void;
  memory: OpeningMemory;
};

/** How long a verdict about a server is believed, in milliseconds. */
const verdictMs = 24 * 3_600_000;

/** What an opening learned of a server, which spares the next one the question. */
export class OpeningMemory {
  readonly apis = new ApiCache();
  #verdict: McpHttpVerdict | 'stdio-legacy' | undefined;
  #until = 0;

  get verdict(): McpHttpVerdict | 'stdio-legacy' | undefined {
    return Date.now() < this.#until ? this.#verdict : undefined;
  }

  note(verdict: McpHttpVerdict | 'stdio-legacy'): void {
    this.#verdict = verdict;
    this.#until = Date.now() + verdictMs;
  }
}

export type Opened = { row: ConnectionRow; link: Link };

/**
 * @throws AlfredError E_NOT_FOUND, E_CONNECTION_INACTIVE, E_NOT_APPROVED before anything is started or dialled; then what
 *   the server did
 */
export async function openConnection(deps: OpenDeps, name: string, opening: Opening): Promise<Opened> {
  const row = await findRow(deps.db.prisma, name);
  assertMayOpen(row);
  const { vault, log, spawn, startTimeoutMs, maxMessageBytes, maxResultSize } = deps;
  const { signal, onToolsChanged, memory } = opening;
  const { verdict } = memory;
  const shared = {
    name,
    startTimeoutMs,
    maxMessageBytes,
    maxResultSize,
    log,
    signal,
    onToolsChanged,
    redact: (text: string) => vault.redactor.text(text),
    redactValue: <Value>(value: Value) => vault.redactor.value(value),
  };
  await recordSecretUses(deps.db, secretsInUse(row));
  const opened = openConfig(vault, row);
  if (opened.type === 'mcp_http') {
    const { link, verdict: found } = await openMcpHttpLink({
      ...shared,
      config: opened.config,
      ...(verdict === undefined || verdict === 'stdio-legacy' ? {} : { verdict }),
    });
    memory.note(found);
    return { row, link };
  }
  if (opened.type === 'http_api') {
    const link = await openHttpApiLink({
      ...shared,
      config: opened.config,
      home: spawn.home,
      cache: memory.apis,
      checkOrigin: (origin) => assertOrigin(row, origin),
      registerSecret: (field, value) => void vault.redactor.register(`${name}.${field}`, value),
    });
    return { row, link };
  }
  if (row.type !== 'mcp_stdio') throw new TypeError(`${row.type} was opened as ${opened.type}`);
  const { command, cwd, sandbox, network, paths = [] } = row.config;
  const { args, env } = opened;
  const { link, isLegacy } = await openStdioLink(spawn, {
    ...shared,
    plan: {
      args,
      env,
      id: row.id,
      command,
      cwd,
      sandbox,
      paths,
      words: approvedWords(row.config),
      network: network === true,
    },
    isLegacy: verdict === 'stdio-legacy',
  });
  if (isLegacy) memory.note('stdio-legacy');
  return { row, link };
}
