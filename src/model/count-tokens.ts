/**
 * How many tokens tools are, as the endpoint itself counts them (`POST /v1/messages/count_tokens`, which costs nothing). What was
 * counted once is kept; an endpoint that does not count, or not in time, is not asked again for a while.
 */
import { request } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { z } from 'zod';
import { canonicalJson, sha256 } from '../kernel/hash.ts';
import { newId } from '../kernel/ids.ts';
import type { ModelProxy } from './tickets.ts';

/** As the Messages API takes it. */
export type CountedTool = { name: string; description?: string | undefined; input_schema: unknown };

/** Whoever saves a skill waits no longer than this, in milliseconds. */
const patienceMs = 3_000;
/** How long an endpoint that gave no count is left in peace, in milliseconds. */
const restMs = 5 * 60_000;
const mostKept = 500;

const answerSchema = z.object({ input_tokens: z.int().min(0) });

/** What is told apart by where it was counted, too. */
type Endpoint = { proxy: Pick<ModelProxy, 'socketPath' | 'issue'>; baseUrl: string; model: string };

export class TokenCounts {
  /** By a hash of endpoint, model and tools; the oldest goes first. */
  readonly #kept = new Map<string, number>();
  readonly #restsUntil = new Map<string, number>();

  /** The count that was made before, if one was. */
  known(
    { baseUrl, model }: Pick<Endpoint, 'baseUrl' | 'model'>,
    tools: readonly CountedTool[],
  ): number | undefined {
    return this.#kept.get(keyOf(baseUrl, model, tools));
  }

  /** What `tools` add to a request to the model; undefined where the endpoint does not say. */
  async count(endpoint: Endpoint, tools: readonly CountedTool[]): Promise<number | undefined> {
    const known = this.known(endpoint, tools);
    const place = `${endpoint.model} ${endpoint.baseUrl}`;
    if (known !== undefined || (this.#restsUntil.get(place) ?? 0) > performance.now()) return known;
    const [bare, whole] = await Promise.all([this.#ask(endpoint, []), this.#ask(endpoint, tools)]);
    if (bare !== undefined && whole !== undefined) return this.#keep(endpoint, tools, whole - bare);
    this.#restsUntil.set(place, performance.now() + restMs);
    return undefined;
  }

  /** Of a whole request; that without tools is asked for once. */
  async #ask(endpoint: Endpoint, tools: readonly CountedTool[]): Promise<number | undefined> {
    if (tools.length > 0) return ask(endpoint, tools);
    const known = this.known(endpoint, tools);
    if (known !== undefined) return known;
    const counted = await ask(endpoint, tools);
    return counted === undefined ? undefined : this.#keep(endpoint, tools, counted);
  }

  #keep({ baseUrl, model }: Endpoint, tools: readonly CountedTool[], tokens: number): number {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= mostKept && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(keyOf(baseUrl, model, tools), tokens);
    return tokens;
  }
}

const keyOf = (...parts: unknown[]): string => sha256(canonicalJson(parts)).toString('base64');

/** By the way that every model call goes: known secrets are replaced, and the key is put in. */
async function ask({ proxy, model }: Endpoint, tools: readonly CountedTool[]): Promise<number | undefined> {
  const ticket = proxy.issue({ executionId: newId(), stepId: 1, mode: 'live', model, caps: [] });
  const body = JSON.stringify({
    model,
    messages: [{ role: 'user', content: 'Hello' }],
    ...(tools.length === 0 ? {} : { tools }),
  });
  const headers = {
    'content-type': 'application/json',
    'anthropic-version': '2023-06-01',
    'x-api-key': ticket.token,
    'content-length': Buffer.byteLength(body),
  };
  const { socketPath } = proxy;
  const signal = AbortSignal.timeout(patienceMs);
  try {
    return await new Promise<number | undefined>((resolve, reject) => {
      const path = '/v1/messages/count_tokens';
      const sent = request({ socketPath, path, method: 'POST', headers, signal }, (response) => {
        textOf(response).then(
          (text) => resolve(response.statusCode === 200 ? read(text) : undefined),
          reject,
        );
      });
      sent.once('error', reject);
      sent.end(body);
    });
  } catch {
    // Too late, or cut off on the way: it is estimated.
    return undefined;
  } finally {
    ticket.revoke();
  }
}

function read(text: string): number | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(text)).data?.input_tokens;
  } catch {
    // A page of something in between is no count.
    return undefined;
  }
}
