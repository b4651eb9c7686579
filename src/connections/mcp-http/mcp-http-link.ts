/** A link to an MCP server by HTTP that outlives its sessions: a server may forget them at any time. */
import type { Tool } from '../../contract/connections.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { hashOf } from '../../kernel/hash.ts';
import type { CallOptions, CallToolResult, Link, LinkEnd } from '../pool/link.ts';
import { withCheckedMarks } from './header-marks.ts';
import type { Session } from './session.ts';
import { SessionLost } from './session-fetch.ts';

export type McpHttpLinkParts = {
  name: string;
  first: Session;
  /** Opens the session that follows. */
  renew: () => Promise<Session>;
  /** Gives up a renewal that is under way. */
  stopRenewing: () => void;
  /** Frees what all sessions share. */
  release: () => Promise<void>;
};

/** How long the tools of a new session may take to be listed, in milliseconds. */
const listTimeoutMs = 30_000;

export class McpHttpLink implements Link {
  readonly server: { name: string; version: string } | undefined;
  readonly ended: Promise<LinkEnd>;
  readonly #parts: McpHttpLinkParts;
  readonly #resolveEnd: (end: LinkEnd) => void;
  #session: Session;
  #renewing: Promise<Session> | undefined;
  #end: LinkEnd | undefined;
  #closing: Promise<void> | undefined;
  /** Of the tools that were listed last. */
  #toolsHash: string | undefined;

  constructor(parts: McpHttpLinkParts) {
    this.#parts = parts;
    const { promise, resolve } = Promise.withResolvers<LinkEnd>();
    this.ended = promise;
    this.#resolveEnd = resolve;
    this.#session = parts.first;
    this.server = parts.first.link.server;
    this.#follow(parts.first);
  }

  get end(): LinkEnd | undefined {
    return this.#end;
  }

  async listTools(options: CallOptions): Promise<Tool[]> {
    const tools = await this.#withSession((session) => list(session, options));
    this.#toolsHash = hashOfTools(tools);
    return tools;
  }

  callTool(tool: string, args: Record<string, unknown>, options: CallOptions): Promise<CallToolResult> {
    return this.#withSession((session) => session.link.callTool(tool, args, options));
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#parts.stopRenewing();
      // Whoever waits for it was told; here it only matters that it is over.
      await this.#renewing?.catch(() => {});
      await this.#session.close();
      await this.#session.link.ended;
      await this.#parts.release();
    })();
    return this.#closing;
  }

  /** The session's end is the link's, unless the server has only forgotten it. */
  #follow(session: Session): void {
    void session.link.ended.then((end) => {
      if (this.#session === session && (!session.isLost() || this.#closing !== undefined)) this.#finish(end);
    });
  }

  #finish(end: LinkEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#resolveEnd(end);
    void this.close();
  }

  async #withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#end) throw this.#end.error;
    if (this.#closing !== undefined) throw (await this.ended).error;
    const session = this.#session.isLost() ? await this.#renew(this.#session) : this.#session;
    try {
      return await work(session);
    } catch (error) {
      // Only what was turned away for this reason is sent again: the server did nothing with it.
      if (!(error instanceof SessionLost)) throw error;
      return work(await this.#renew(session));
    }
  }

  #renew(lost: Session): Promise<Session> {
    if (this.#session !== lost) return Promise.resolve(this.#session);
    this.#renewing ??= this.#openNext(lost).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** A server that forgot us may be another version of itself: unless its tools are the same, the link ends here. */
  async #openNext(lost: Session): Promise<Session> {
    let next: Session | undefined;
    try {
      next = await this.#parts.renew();
      if (this.#toolsHash !== undefined) {
        const tools = await list(next, { timeoutMs: listTimeoutMs });
        if (hashOfTools(tools) !== this.#toolsHash) throw this.#changed();
      }
      this.#session = next;
      this.#follow(next);
      void lost.close();
      return next;
    } catch (error) {
      await next?.close();
      const reason = error instanceof AlfredError ? error : new SessionLost(this.#parts.name);
      this.#finish({ wasClosed: false, error: reason });
      throw reason;
    }
  }

  #changed(): AlfredError {
    return new AlfredError(
      'E_CONNECTION_FAILED',
      `"${this.#parts.name}" was started anew and has other tools than before.`,
      {
        remedy: 'Try again: the next call looks at its tools first.',
      },
    );
  }
}

async function list(session: Session, options: CallOptions): Promise<Tool[]> {
  const listed = await session.link.listTools(options);
  // Servers of before 2026 know of no such marks.
  const tools = session.client.getProtocolEra() === 'modern' ? listed.map(withCheckedMarks) : listed;
  session.client.noteTools(tools);
  return tools;
}

const hashOfTools = (tools: Tool[]): string => hashOf(tools).toString('hex');
