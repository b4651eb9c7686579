/**
 * Agents that are started before a step needs one: a spare is at its first model request in a quarter of the time (bench/).
 * No more are starting at once than there are cores.
 */
import { availableParallelism } from 'node:os';
import { messageOf } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/hash.ts';
import type { Logger } from '../kernel/log.ts';
import { type Agent, type AgentDeps, startAgent } from './agent.ts';
import type { AgentShape } from './agent-options.ts';
import type { AgentSession } from './session-entries.ts';

export type AgentSparesOptions = {
  /** How many agents wait; each holds about 180 MB. */
  count: number;
  log: Logger;
};

type Spare = {
  key: string;
  /** Undefined when it did not start. */
  agent: Promise<Agent | undefined>;
};

export class AgentSpares {
  readonly #deps: AgentDeps;
  readonly #options: AgentSparesOptions;
  /** Those that wait, and those that are starting. */
  #spares: Spare[] = [];
  readonly #ending = new Set<Promise<void>>();
  readonly #queue: (() => void)[] = [];
  #starting = 0;
  #isClosed = false;

  constructor(deps: AgentDeps, options: AgentSparesOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /**
   * An agent of this shape: a spare if there is one, also one that is just starting, else a new one. Whoever takes it ends
   * it.
   *
   * @param signal aborted, a start is given up
   * @param resume a conversation to go on with; no spare knows it
   * @throws AlfredError E_AGENT_FAILED
   */
  async take(shape: AgentShape, signal?: AbortSignal, resume?: AgentSession): Promise<Agent> {
    if (resume !== undefined) return await this.#start(shape, signal, resume);
    const key = canonicalJson(shape);
    for (;;) {
      const spare = this.#spares.find((each) => each.key === key);
      if (!spare) return await this.#start(shape, signal);
      this.#spares = this.#spares.filter((each) => each !== spare);
      const agent = await spare.agent;
      if (agent?.isAlive) return agent;
      await agent?.end();
    }
  }

  /** Has spares of this shape wait, and of no other: the next step is most often like the last one. */
  prepare(shape: AgentShape): void {
    if (this.#isClosed) return;
    const key = canonicalJson(shape);
    const others = this.#spares.filter((each) => each.key !== key);
    this.#spares = this.#spares.filter((each) => each.key === key);
    for (const other of others) this.#drop(other);
    while (this.#spares.length < this.#options.count) {
      const agent = this.#start(shape).catch((error: unknown) => {
        this.#options.log.warn(`no spare agent: ${messageOf(error)}`);
        return undefined;
      });
      this.#spares.push({ key, agent });
    }
  }

  /** Ends all spares. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const spare of this.#spares.splice(0)) this.#drop(spare);
    await Promise.all(this.#ending);
  }

  #drop(spare: Spare): void {
    const ending = spare.agent
      .then((agent) => agent?.end())
      .catch((error: unknown) => this.#options.log.warn(`a spare agent did not end: ${messageOf(error)}`))
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  async #start(shape: AgentShape, signal?: AbortSignal, resume?: AgentSession): Promise<Agent> {
    // Whoever leaves hands its place on, so that nobody comes in between.
    if (this.#starting >= availableParallelism()) {
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    } else this.#starting++;
    try {
      return await startAgent(this.#deps, shape, signal, resume);
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#starting--;
    }
  }
}
