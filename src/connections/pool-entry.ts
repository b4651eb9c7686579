/** What the pool keeps of one connection: its slot, and the tools that may be called on it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PinnedTool } from '../contract/connections.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import type { BackoffOptions } from './backoff.ts';
import { type CatalogChange, compareCatalog, isSameCatalog } from './compare-catalog.ts';
import type { ConnectionRow } from './connection-row.ts';
import type { CallToolResult, Link } from './link.ts';
import { LinkSlot } from './link-slot.ts';
import { type OpenDeps, openConnection } from './open-connection.ts';
import type { PoolCallOptions } from './pool.ts';
import { isFirstDiscovery, recordDiscovery } from './record-discovery.ts';
import { recordFailure, recordRecovery, recordUse } from './record-health.ts';

export type EntryOptions = {
  name: string;
  callTimeoutMs: number;
  idleMs: number;
  backoff: BackoffOptions;
  /** The end of the server that this one replaces. */
  before: Promise<void>;
  onToolsChanged: () => void;
};

/** How long a list of tools may take, in milliseconds. */
const listTimeoutMs = 30_000;
/** A server may say that its tools changed as often as it likes; we look this often at most, in milliseconds. */
const lookAgainMs = 200;
/** How long the verdict that a server is a legacy one is believed, in milliseconds. */
const verdictMs = 24 * 3_600_000;

export class PoolEntry {
  readonly #deps: OpenDeps;
  readonly #options: EntryOptions;
  readonly #slot: LinkSlot;
  /** The approved catalogue; undefined while the link is being opened. */
  #pins: Map<string, PinnedTool> | undefined;
  #callTimeoutMs: number;
  #legacyUntil = 0;
  #usedAt = 0;
  #link: Link | undefined;
  /** What differed when the link was opened, until somebody asks. */
  #atOpening: CatalogChange | undefined;
  #mustLook = false;
  #looking: Promise<void> | undefined;

  constructor(deps: OpenDeps, options: EntryOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#callTimeoutMs = options.callTimeoutMs;
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
        await this.#looking;
        this.#assertMayCall(tool);
        this.#noteUse();
        await onDispatch?.();
        return link.callTool(tool, args, { timeoutMs: timeoutMs ?? this.#callTimeoutMs, signal, onProgress });
      },
      { signal },
    );
  }

  async discover(): Promise<CatalogChange> {
    const wasOpen = this.#slot.isOpen;
    return this.#slot.use(
      async (link) => {
        const atOpening = wasOpen ? undefined : this.#atOpening;
        this.#atOpening = undefined;
        return atOpening ?? this.#discoverOn(link);
      },
      { ignoreBackoff: true },
    );
  }

  probe(): Promise<{ server: Link['server']; toolCount: number }> {
    return this.#slot.use(
      async (link) => {
        const tools = await link.listTools({ timeoutMs: listTimeoutMs });
        return { server: link.server, toolCount: tools.length };
      },
      { ignoreBackoff: true },
    );
  }

  async warm(): Promise<void> {
    await this.#slot.use(async () => undefined);
  }

  refreshPins(catalog: PinnedTool[]): void {
    this.#setPins(catalog);
  }

  close(): Promise<void> {
    return this.#slot.close();
  }

  async #openLink(signal: AbortSignal): Promise<Link> {
    await this.#options.before;
    const { name } = this.#options;
    try {
      const { row, link, isLegacy } = await openConnection(this.#deps, name, {
        signal,
        onToolsChanged: () => this.#lookSoon(),
        isLegacy: Date.now() < this.#legacyUntil,
      });
      if (isLegacy) this.#legacyUntil = Date.now() + verdictMs;
      this.#link = link;
      this.#callTimeoutMs = row.config.timeoutMs ?? this.#options.callTimeoutMs;
      try {
        await this.#verify(row, link);
      } catch (error) {
        await link.close();
        throw error;
      }
      await recordRecovery(this.#deps, row);
      return link;
    } catch (error) {
      await recordFailure(this.#deps, name, error);
      throw error;
    }
  }

  /**
   * A server that was started again may be another version of itself: no call passes before its tools were looked at. The
   * first tools after the approval are taken as they are.
   */
  async #verify(row: ConnectionRow, link: Link): Promise<void> {
    this.#pins = undefined;
    const found = await link.listTools({ timeoutMs: listTimeoutMs });
    const change = compareCatalog(row.toolCatalog, found);
    const isKnown = !isFirstDiscovery(row) && isSameCatalog(change.catalog, row.toolCatalog);
    this.#atOpening = isKnown ? change : await recordDiscovery(this.#deps.db, row.name, found);
    this.#setPins(this.#atOpening.catalog, row.toolCatalog);
  }

  async #discoverOn(link: Link): Promise<CatalogChange> {
    const { name } = this.#options;
    const found = await link.listTools({ timeoutMs: listTimeoutMs });
    const change = await recordDiscovery(this.#deps.db, name, found);
    this.#setPins(change.catalog);
    return change;
  }

  #setPins(catalog: PinnedTool[], before: PinnedTool[] = [...(this.#pins?.values() ?? [])]): void {
    this.#pins = new Map(catalog.map((tool) => [tool.name, tool]));
    if (!isSameCatalog(before, catalog)) this.#options.onToolsChanged();
  }

  /** After the server said that its tools changed. Calls wait until we have looked; a change during that is looked at next. */
  #lookSoon(): void {
    this.#mustLook = true;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#mustLook) this.#lookSoon();
    });
  }

  async #look(): Promise<void> {
    await sleep(lookAgainMs, undefined, { ref: false });
    this.#mustLook = false;
    const link = this.#link;
    // While it is being opened its tools are looked at anyway.
    if (link === undefined || link.end !== undefined || this.#pins === undefined) return;
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

  #assertMayCall(tool: string): void {
    const { name } = this.#options;
    const pinned = this.#pins?.get(tool);
    if (pinned === undefined) {
      throw new AlfredError('E_UNKNOWN_TOOL', `"${name}" has no tool "${tool.slice(0, 200)}".`, {
        remedy: `See its tools with: npx alfred connection show ${name}`,
      });
    }
    if (pinned.off === undefined) return;
    throw new AlfredError('E_TOOL_CHANGED', `${tool} of "${name}" is off: ${whyOff[pinned.off]}.`, {
      remedy: `Look at the difference with "npx alfred connection show ${name}", then: npx alfred connection approve ${name}`,
    });
  }

  #noteUse(): void {
    const now = Date.now();
    if (now - this.#usedAt < 60_000) return;
    this.#usedAt = now;
    void recordUse(this.#deps, this.#options.name);
  }
}

const whyOff = {
  changed: 'its definition changed since it was approved',
  new: 'it came after the approval, and nobody has approved it yet',
  gone: 'the server no longer offers it',
} as const;
