/** What the pool keeps of one connection: its slot, and the tools that may be called on it. */
import type { PinnedTool } from '../../contract/connections.ts';
import { isAlfredError, messageOf } from '../../kernel/errors.ts';
import { Turns } from '../../kernel/turns.ts';
import { isOneAtATime } from '../config/one-at-a-time.ts';
import { type SecretsInUse, secretsInUse } from '../config/secrets-in-use.ts';
import { type ConnectionRow, findIntactRow, findRow, versionOf } from '../connection-row.ts';
import {
  type CatalogChange,
  compareCatalog,
  type Discovery,
  isSameCatalog,
} from '../tools/compare-catalog.ts';
import type { FoundTool } from '../tools/found-tool.ts';
import { listFound } from '../tools/list-found.ts';
import { isFirstDiscovery, lacksSignIn, recordDiscovery } from '../tools/record-discovery.ts';
import type { PoolCallOptions } from './call-options.ts';
import type { EntryOptions } from './entry-options.ts';
import { inTurn } from './in-turn.ts';
import type { CallToolResult, Link, Probe } from './link.ts';
import { linkFormOf } from './link-form.ts';
import { LinkSlot } from './link-slot.ts';
import { LookAgain } from './look-again.ts';
import { type OpenDeps, openConnection } from './open-connection.ts';
import { OpeningMemory } from './open-link.ts';
import { Pins } from './pins.ts';
import { recordFailure, recordRecovery, recordUse } from './record-health.ts';

/** How long a list of tools may take, in milliseconds. */
const listTimeoutMs = 30_000;
/** How long an API may take to show that it is there. */
const reachTimeoutMs = 15_000;

export class PoolEntry {
  readonly #deps: OpenDeps;
  readonly #options: EntryOptions;
  readonly #slot: LinkSlot;
  readonly #pins: Pins;
  #callTimeoutMs: number;
  /** Of a server that takes one call at a time. */
  #turns: Turns | undefined;
  readonly #memory = new OpeningMemory();
  /** A call was turned away for want of a login: the next one that passes says that it is well again. */
  #needsLogin = false;
  #usedAt = Number.NEGATIVE_INFINITY;
  /** What the row said when the link was opened; undefined: it never was. */
  #openedAs: string | undefined;
  /** The version of the row that its tools were last written in, from here. */
  #writtenAs: string | undefined;
  #link: Link | undefined;
  /** What the open link holds. */
  #uses: SecretsInUse = { secrets: [], destination: '' };
  /** What differed when the link was opened, until somebody asks. */
  #atOpening: CatalogChange | undefined;
  /** Calls wait for it. */
  readonly #lookAgain = new LookAgain(() => this.#look());

  constructor(deps: OpenDeps, options: EntryOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#callTimeoutMs = options.callTimeoutMs;
    this.#pins = new Pins(options.name, options.onToolsChanged);
    const { name, backoff, idleMs } = options;
    this.#slot = new LinkSlot({
      name,
      backoff,
      idleMs,
      log: deps.log,
      open: (signal) => this.#openLink(signal),
    });
  }

  call(tool: string, args: Record<string, unknown>, options: PoolCallOptions): Promise<CallToolResult> {
    const { signal, timeoutMs, onProgress, onDispatch } = options;
    return this.#slot.use(
      async (link) => {
        await this.#lookAgain.done();
        this.#pins.assertMayCall(tool);
        this.#noteUse();
        return inTurn(this.#turns, { name: this.#options.name, signal }, async () => {
          await onDispatch?.(this.#uses);
          return this.#watchLogin(() =>
            link.callTool(tool, args, { timeoutMs: timeoutMs ?? this.#callTimeoutMs, signal, onProgress }),
          );
        });
      },
      { signal },
    );
  }

  async discover(): Promise<Discovery> {
    const wasOpen = this.#slot.isOpen;
    return this.#slot.use(
      async (link) => {
        const atOpening = wasOpen ? undefined : this.#atOpening;
        this.#atOpening = undefined;
        return { ...(atOpening ?? (await this.#discoverOn(link))), warnings: link.warnings?.() ?? [] };
      },
      { ignoreBackoff: true },
    );
  }

  probe(): Promise<Probe> {
    return this.#slot.use(
      async (link) => {
        const tools = await link.listTools({ timeoutMs: listTimeoutMs });
        const found = await this.#watchLogin(async () => link.reach?.({ timeoutMs: reachTimeoutMs }));
        return { server: link.server, toolCount: tools.length, found };
      },
      { ignoreBackoff: true },
    );
  }

  async ready(signal: AbortSignal | undefined): Promise<void> {
    // A catalogue that is being looked at is known first: by it the tools are chosen.
    await this.#slot.use(() => this.#lookAgain.done(), { signal });
  }

  refreshPins(catalog: PinnedTool[]): void {
    this.#pins.set(catalog);
  }

  /** Whether the row says something else by now than the link was opened with. Takes over what was approved since. */
  async isOutdated(): Promise<boolean> {
    await this.#slot.settled();
    const { prisma } = this.#deps.db;
    const { name } = this.#options;
    // The news of what was written here: thousands of tools are not read back for that.
    if (this.#writtenAs !== undefined && this.#writtenAs === (await versionOf(prisma, name))) return false;
    // One that somebody else changed is closed: whoever opens it next is told why it does not.
    const row = await findIntactRow(prisma, name);
    if (row === undefined) return true;
    if (this.#openedAs === undefined) {
      // What never opened has nothing to end but its back-off. Whoever opens it just now reads the row as it is.
      this.#slot.forgive();
      return false;
    }
    if (this.#openedAs !== linkFormOf(this.#deps.vault, row)) return true;
    if (this.#slot.isOpen && this.#pins.areKnown) this.#pins.set(row.toolCatalog);
    return false;
  }

  close(): Promise<void> {
    return this.#slot.close();
  }

  async #openLink(signal: AbortSignal): Promise<Link> {
    await this.#options.before;
    const { name } = this.#options;
    try {
      const { row, link } = await openConnection(this.#deps, name, {
        signal,
        onToolsChanged: () => this.#lookAgain.soon(),
        memory: this.#memory,
      });
      this.#link = link;
      this.#uses = secretsInUse(row);
      this.#openedAs = linkFormOf(this.#deps.vault, row);
      this.#turns = isOneAtATime(row) ? (this.#turns ?? new Turns(1)) : undefined;
      this.#callTimeoutMs = row.config.timeoutMs ?? this.#options.callTimeoutMs;
      try {
        await this.#verify(row, link);
      } catch (error) {
        await link.close();
        throw error;
      }
      // An API is opened by reading its document: whether it takes the login, the next call shows.
      this.#needsLogin = row.type === 'http_api' && (row.status === 'needs_login' || lacksSignIn(row));
      if (!this.#needsLogin) await recordRecovery(this.#deps, row);
      return link;
    } catch (error) {
      await recordFailure(this.#deps, name, error);
      throw error;
    }
  }

  /** Keeps the status true to whether the login is taken. */
  async #watchLogin<T>(work: () => Promise<T>): Promise<T> {
    const { name } = this.#options;
    try {
      const result = await work();
      if (this.#needsLogin) {
        this.#needsLogin = false;
        await recordRecovery(this.#deps, await findRow(this.#deps.db.prisma, name));
      }
      return result;
    } catch (error) {
      if (isAlfredError(error, 'E_NEEDS_LOGIN')) {
        this.#needsLogin = true;
        await recordFailure(this.#deps, name, error);
      }
      throw error;
    }
  }

  /**
   * A server that was started again may be another version of itself: no call passes before its tools were looked at. The
   * first tools after the approval are taken as they are.
   */
  async #verify(row: ConnectionRow, link: Link): Promise<void> {
    this.#pins.forget();
    const found = await listFound(link, listTimeoutMs);
    const change = compareCatalog(row.toolCatalog, found);
    const isKnown = !isFirstDiscovery(row) && isSameCatalog(change.catalog, row.toolCatalog);
    this.#atOpening = isKnown ? change : await this.#record(found);
    this.#pins.set(this.#atOpening.catalog, row.toolCatalog);
  }

  async #discoverOn(link: Link): Promise<CatalogChange> {
    const change = await this.#record(await listFound(link, listTimeoutMs));
    this.#pins.set(change.catalog);
    return change;
  }

  /** Of the row that the link was opened by, and of none that came after it. */
  async #record(found: FoundTool[]): Promise<CatalogChange> {
    const { db, vault } = this.#deps;
    const isAsked = (row: ConnectionRow) => this.#openedAs === linkFormOf(vault, row);
    const { change, version } = await recordDiscovery(db, this.#options.name, found, isAsked);
    this.#writtenAs = version ?? this.#writtenAs;
    return change;
  }

  /** After the server said that its tools changed. */
  async #look(): Promise<void> {
    const link = this.#link;
    // While it is being opened its tools are looked at anyway.
    if (link === undefined || link.end !== undefined || !this.#pins.areKnown) return;
    try {
      await this.#discoverOn(link);
    } catch (error) {
      // Tools that cannot be looked at must not be called: the next call opens it anew, and looks then.
      this.#deps.log.warn(
        { connection: this.#options.name },
        `tools could not be looked at: ${messageOf(error)}`,
      );
      await link.close();
    }
  }

  #noteUse(): void {
    const now = performance.now();
    if (now - this.#usedAt < 60_000) return;
    this.#usedAt = now;
    void recordUse(this.#deps, this.#options.name);
  }
}
