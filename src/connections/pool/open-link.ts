/** What opens a link to each type of connection. */
import type { ConnectionType } from '../../contract/connection-types.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Vault } from '../../vault/vault.ts';
import { assertOrigin } from '../api-origin.ts';
import { approvedWords } from '../config/approval.ts';
import type { Opened } from '../config/by-type.ts';
import type { OpenConfig } from '../config/config-secrets.ts';
import { type ConfigOf, homeIn } from '../config/typed-config.ts';
import type { ConnectionRow } from '../connection-row.ts';
import { linkLogin, nobodysLogin } from '../login/link-login.ts';
import type { Logins } from '../login/logins.ts';
import { openMcpHttpLink } from '../mcp-http/open-mcp-http-link.ts';
import type { McpHttpVerdict } from '../mcp-http/session.ts';
import { ApiCache, openHttpApiLink } from '../openapi/open-http-api-link.ts';
import { openStdioLink } from '../stdio/open-stdio-link.ts';
import type { SpawnDeps } from '../stdio/spawn-server.ts';
import { redactTools } from '../tools/redact-tools.ts';
import type { Link } from './link.ts';

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
    return performance.now() < this.#until ? this.#verdict : undefined;
  }

  note(verdict: McpHttpVerdict | 'stdio-legacy' | undefined): void {
    this.#verdict = verdict;
    this.#until = performance.now() + verdictMs;
  }
}

export type LinkDeps = {
  vault: Vault;
  log: Logger;
  spawn: SpawnDeps;
  logins: Logins;
  startTimeoutMs: number;
  maxMessageBytes: number;
  maxResultSize: number;
};

/** What every link is told. */
const sharedBy = (deps: LinkDeps, { name }: { name: string }, { signal, onToolsChanged }: Opening) => ({
  name,
  startTimeoutMs: deps.startTimeoutMs,
  maxMessageBytes: deps.maxMessageBytes,
  maxResultSize: deps.maxResultSize,
  log: deps.log,
  signal,
  onToolsChanged,
  redact: (text: string) => deps.vault.redactor.text(text),
  redactValue: <Value>(value: Value) => deps.vault.redactor.value(value),
});

type Ask<T extends ConnectionType> = {
  deps: LinkDeps;
  row: ConnectionRow<T>;
  /** Its config with every secret open. */
  config: Opened<ConfigOf<T>>;
  memory: OpeningMemory;
  shared: ReturnType<typeof sharedBy>;
};

const openers: { [T in ConnectionType]: (ask: Ask<T>) => Promise<Link> } = {
  async mcp_stdio({ deps, row, config, memory, shared }) {
    const { command, args, env, cwd, sandbox, network, paths = [] } = config;
    const { link, isLegacy } = await openStdioLink(deps.spawn, {
      ...shared,
      plan: {
        args,
        env,
        id: row.id,
        command,
        cwd,
        sandbox,
        paths,
        words: approvedWords(row.config).map((word) => homeIn(word, deps.spawn.home)),
        network: network === true,
      },
      isLegacy: memory.verdict === 'stdio-legacy',
    });
    if (isLegacy) memory.note('stdio-legacy');
    return link;
  },

  async mcp_http({ deps: { logins }, row, config, memory, shared }) {
    const { verdict } = memory;
    const { oauth } = config;
    const { link, verdict: found } = await openMcpHttpLink({
      ...shared,
      config,
      login: oauth === undefined ? undefined : linkLogin(logins, row.name, oauth),
      ...(verdict === undefined || verdict === 'stdio-legacy' ? {} : { verdict }),
    });
    memory.note(found);
    return link;
  },

  http_api: ({ deps: { spawn, vault, logins }, row, config, memory, shared }) =>
    openHttpApiLink({
      ...shared,
      redactTools: (tools) => redactTools(vault.redactor, tools),
      config,
      login: apiLogin(logins, row.name, config),
      home: spawn.home,
      cache: memory.apis,
      checkOrigin: (origin) => assertOrigin(row, origin),
      registerSecret: (field, value) => void vault.redactor.register(`${row.name}.${field}`, value),
    }),
};

/** Of an API whose own credentials are a sign-in: one that is there, or that its config asks for. */
function apiLogin(logins: Logins, name: string, { auth, oauth }: Opened<ConfigOf<'http_api'>>) {
  if (oauth !== undefined) return linkLogin(logins, name, oauth);
  return auth.type === 'oauth2' ? nobodysLogin(name) : undefined;
}

/** @throws AlfredError with what the server did */
export function openLink<T extends ConnectionType>(
  deps: LinkDeps,
  row: ConnectionRow<T>,
  { type, config }: OpenConfig<T>,
  opening: Opening,
): Promise<Link> {
  const { memory } = opening;
  return openers[type]({ deps, row, config, memory, shared: sharedBy(deps, row, opening) });
}
