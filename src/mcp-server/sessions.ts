/**
 * Clients of the protocols of 2024 and 2025, which begin with `initialize`: each has a session, in which it can cancel its
 * calls. Its ids are the client's own and begin at 0, so that without a session two clients of one token would cancel
 * each other's.
 */
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { isRecord } from '../contract/is-record.ts';
import { newId } from '../kernel/ids.ts';
import { buildServer } from './build-server.ts';
import type { McpCaller, McpServerDeps } from './caller.ts';

type Session = { transport: WebStandardStreamableHTTPServerTransport; callerId: string };

/**
 * More than one program holds. Beyond, its session that was used longest ago goes, with the runs that it waits for: only its own,
 * so that no token ends what another began.
 */
const mostOfOne = 20;

export class Sessions {
  readonly #deps: McpServerDeps;
  /** The one used last stands last. */
  readonly #byId = new Map<string, Session>();

  constructor(deps: McpServerDeps) {
    this.#deps = deps;
  }

  async handle(request: Request, body: unknown, caller: McpCaller): Promise<Response> {
    // Nothing is sent but answers, and these on their own streams.
    if (request.method === 'GET') return refusal(405, -32000, 'There is no stream beside the answers.');
    const id = request.headers.get('mcp-session-id');
    if (id === null) {
      if (!isRecord(body) || body.method !== 'initialize')
        return refusal(400, -32000, 'Send initialize first, then its Mcp-Session-Id.');
      const { transport } = await this.#open(caller);
      return transport.handleRequest(request, { parsedBody: body });
    }
    const session = this.#byId.get(id);
    // Of whom it is is told to nobody else.
    if (session?.callerId !== caller.id) return refusal(404, -32001, 'There is no such session: begin anew.');
    this.#byId.delete(id);
    this.#byId.set(id, session);
    return session.transport.handleRequest(request, { parsedBody: body });
  }

  async #open(caller: McpCaller): Promise<Session> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: newId,
      onsessioninitialized: (id) => void this.#byId.set(id, session),
      onsessionclosed: (id) => void this.#byId.delete(id),
    });
    const session: Session = { transport, callerId: caller.id };
    await buildServer(this.#deps, caller).connect(transport);
    const own = [...this.#byId].filter(([, { callerId }]) => callerId === caller.id);
    for (const [id, { transport: oldest }] of own.slice(0, Math.max(0, own.length + 1 - mostOfOne))) {
      this.#byId.delete(id);
      await oldest.close();
    }
    return session;
  }

  async close(): Promise<void> {
    const open = [...this.#byId.values()];
    this.#byId.clear();
    await Promise.all(open.map(({ transport }) => transport.close()));
  }
}

const refusal = (status: number, code: number, message: string): Response =>
  Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });
