/**
 * The pool keeps one warm link for each connection in use and hands calls to it. It is the one door to servers: whoever
 * discovers, tests or calls goes through here, so that nothing is started that was not approved and no tool is called that
 * is not as it was approved.
 */
import type { PinnedTool } from '../../contract/connections.ts';
import type { Database } from '../../database/client.ts';
import type { Backoff } from '../../kernel/backoff.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Vault } from '../../vault/vault.ts';
import type { WallsFound } from '../../walls/choose-walls.ts';
import type { TellOfLogin } from '../login/login-ends.ts';
import { Logins } from '../login/logins.ts';
import { Sandbox } from '../stdio/sandbox.ts';
import { searchPathOf } from '../stdio/server-environment.ts';
import type { Discovery } from '../tools/compare-catalog.ts';
import type { PoolCallOptions } from './call-options.ts';
import type { CallToolResult, Probe } from './link.ts';
import type { OpenDeps } from './open-connection.ts';
import { PoolEntry } from './pool-entry.ts';

export type ConnectionDeps = { db: Database; vault: Vault; log: Logger; home: string };

export type PoolOptions = {
  /** What servers may inherit of our environment: settings.childEnvironment. */
  childEnvironment: Record<string, string>;
  /** The worker that servers belong to: when it is dead, they are ended. */
  owner?: string;
  /** Sockets, key files and folders outside the home that a sandbox hides. */
  hide?: string[];
  /** How long a server may take to be ready. */
  startTimeoutMs?: number;
  /** How long a call may take where the connection does not say. */
  callTimeoutMs?: number;
  /** How long an unused server stays; 0 for ever. */
  idleMs?: number;
  /** Has the owner told of a sign-in that has ended; nobody is told when left out. */
  tellOfLogin?: TellOfLogin;
  maxMessageBytes?: number;
  /** About the longest result, in characters of JSON. */
  maxResultSize?: number;
  backoff?: Backoff;
};

export class ConnectionPool {
  readonly #deps: ConnectionDeps;
  readonly #open: OpenDeps;
  readonly #options: Required<Pick<PoolOptions, 'callTimeoutMs' | 'idleMs' | 'backoff'>>;
  readonly #sandbox: Sandbox;
  /** Of the connections that somebody has signed in to. */
  readonly logins: Logins;
  readonly #entries = new Map<string, PoolEntry>();
  /** Entries on their way out: their server is gone before another of that name starts. */
  readonly #leaving = new Map<string, Promise<void>>();
  readonly #listeners = new Set<(name: string) => void>();
  #isClosed = false;

  constructor(deps: ConnectionDeps, options: PoolOptions) {
    this.#deps = deps;
    const {
      idleMs = 15 * 60_000,
      callTimeoutMs = 60_000,
      backoff = { baseMs: 1_000, capMs: 60_000 },
    } = options;
    this.#options = { idleMs, callTimeoutMs, backoff };
    this.#sandbox = new Sandbox({
      home: deps.home,
      hide: options.hide ?? [],
      searchPath: searchPathOf(options.childEnvironment),
    });
    this.logins = new Logins({ ...deps, tell: options.tellOfLogin ?? (async () => {}) });
    this.#open = {
      ...deps,
      logins: this.logins,
      spawn: {
        home: deps.home,
        sandbox: this.#sandbox,
        inherited: options.childEnvironment,
        owner: options.owner,
        log: deps.log,
      },
      startTimeoutMs: options.startTimeoutMs ?? 60_000,
      maxMessageBytes: options.maxMessageBytes ?? 10 * 1_048_576,
      maxResultSize: options.maxResultSize ?? 4 * 1_048_576,
    };
  }

  /**
   * Calls a tool; starts its server if need be.
   *
   * @throws AlfredError E_NOT_FOUND, E_NOT_APPROVED, E_CONNECTION_INACTIVE, E_UNKNOWN_TOOL, E_TOOL_CHANGED, E_TOOL_TIMEOUT,
   *   E_TOOL_FAILED, E_CANCELLED, and what keeps the server from answering: E_COMMAND_NOT_FOUND, E_SERVER_EXITED, E_NOT_MCP,
   *   E_CONNECTION_TIMEOUT, E_CONNECTION_FAILED, E_NEEDS_LOGIN, E_ADDRESS_REFUSED
   */
  async call(
    name: string,
    tool: string,
    args: Record<string, unknown>,
    options: PoolCallOptions = {},
  ): Promise<CallToolResult> {
    try {
      return await this.#entry(name).call(tool, args, options);
    } finally {
      // Whatever it answered: a secret in it is known before anybody stores or shows it.
      await this.#deps.vault.upToDate();
    }
  }

  /**
   * Asks the server for its tools and writes down what differs from the approved ones. Does not wait for back-off.
   *
   * @throws AlfredError as `call` does
   */
  async discover(name: string): Promise<Discovery> {
    return this.#entry(name).discover();
  }

  /** Opens the link if need be and asks it for its tools. Does not wait for back-off. */
  async probe(name: string): Promise<Probe> {
    return this.#entry(name).probe();
  }

  /**
   * Starts servers that are needed now, and knows their tools then.
   *
   * @throws AlfredError as `call` does, of the first of `names` that is not there to be called
   */
  async ready(names: readonly string[], signal?: AbortSignal): Promise<void> {
    const opened = await Promise.allSettled(names.map((name) => this.#entry(name).ready(signal)));
    await this.#deps.vault.upToDate();
    const failed = opened.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Ends the server of a connection that changed; the next call starts it anew. */
  async evict(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    this.#entries.delete(name);
    if (entry !== undefined) {
      const left = Promise.all([this.#leaving.get(name), entry.close()]).then(() => undefined);
      this.#leaving.set(name, left);
      void left.finally(() => {
        if (this.#leaving.get(name) === left) this.#leaving.delete(name);
      });
    }
    await this.#leaving.get(name);
  }

  /**
   * Looks whether connections are still what their servers were started as, and ends those that are not: another process
   * may have changed them. What this process changed itself is as it was started, and stays.
   *
   * @param name undefined: all of them
   */
  async refresh(name: string | undefined): Promise<void> {
    const names = name === undefined ? [...this.#entries.keys()] : [name];
    await Promise.all(
      names.map(async (each) => {
        const entry = this.#entries.get(each);
        if (!(await entry?.isOutdated())) return;
        this.#deps.log.info(
          { connection: each },
          'the connection was changed elsewhere; its server is ended',
        );
        // Unless it was evicted in the meantime.
        if (this.#entries.get(each) === entry) await this.evict(each);
      }),
    );
  }

  /** Takes over a catalogue that a person approved just now, without a restart. */
  refreshPins(name: string, catalog: PinnedTool[]): void {
    this.#entries.get(name)?.refreshPins(catalog);
  }

  /** Tells whoever listens that the tools of a connection are not what they were; returns how to stop listening. */
  onToolsChanged(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The walls that servers run behind here. */
  walls(): Promise<WallsFound> {
    return this.#sandbox.walls();
  }

  /** Ends all servers with all that they started. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#entries.keys()].map((name) => this.evict(name)));
    await Promise.all(this.#leaving.values());
  }

  #entry(name: string): PoolEntry {
    if (this.#isClosed) {
      throw new AlfredError('E_NOT_READY', 'Alfred is stopping.', {
        remedy: 'Start it again with: npm start',
      });
    }
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      entry = new PoolEntry(this.#open, {
        name,
        ...this.#options,
        before: this.#leaving.get(name) ?? Promise.resolve(),
        onToolsChanged: () => {
          for (const listener of this.#listeners) listener(name);
        },
      });
      this.#entries.set(name, entry);
    }
    return entry;
  }
}
