/**
 * Agents that are started before a step needs one: a spare is at its first model request in a quarter of the time (bench/).
 * No more are starting at once than there are cores.
 */
import { availableParallelism } from 'node:os';
import { messageOf } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/hash.ts';
import type { Logger } from '../kernel/log.ts';
import { type Agent, type AgentDeps, type AgentShape, startAgent } from './agent.ts';

export type AgentSparesOptions = {
  /** How many agents wait; each holds about 180 MB. */
  count: number;
  log: Logger;
};

export class AgentSpares {
  readonly #deps: AgentDeps;
  readonly #options: AgentSparesOptions;
  readonly #waiting = new Map<string, Agent[]>();
  readonly #starts: (() => void)[] = [];
  readonly #preparing = new Set<Promise<void>>();
  #starting = 0;
  #isClosed = false;

  constructor(deps: AgentDeps, options: AgentSparesOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /**
   * An agent of this shape: a spare if there is one, else a new one. Whoever takes it ends it.
   *
   * @throws AlfredError E_AGENT_FAILED
   */
  async take(shape: AgentShape): Promise<Agent> {
    for (let spare = this.#pop(shape); spare; spare = this.#pop(shape)) {
      if (spare.isAlive) return spare;
      await spare.end();
    }
    return await this.#start(shape);
  }

  /** Has spares of this shape wait, and of no other: the next step is most often like the last one. */
  prepare(shape: AgentShape): void {
    const key = canonicalJson(shape);
    for (const other of [...this.#waiting.keys()]) {
      if (other !== key) this.#drop(other);
    }
    if (this.#isClosed || (this.#waiting.get(key)?.length ?? 0) + this.#preparing.size >= this.#options.count)
      return;
    const preparing = this.#start(shape)
      .then((agent) => {
        if (this.#isClosed) return agent.end();
        this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), agent]);
        return undefined;
      })
      .catch((error: unknown) => this.#options.log.warn(`no spare agent: ${messageOf(error)}`))
      .finally(() => this.#preparing.delete(preparing));
    this.#preparing.add(preparing);
  }

  /** Ends all spares. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#preparing);
    await Promise.all([...this.#waiting.values()].flat().map((agent) => agent.end()));
    this.#waiting.clear();
  }

  #pop(shape: AgentShape): Agent | undefined {
    return this.#waiting.get(canonicalJson(shape))?.shift();
  }

  #drop(key: string): void {
    const agents = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    for (const agent of agents) {
      const ending = agent.end().finally(() => this.#preparing.delete(ending));
      this.#preparing.add(ending);
    }
  }

  async #start(shape: AgentShape): Promise<Agent> {
    if (this.#starting >= availableParallelism())
      await new Promise<void>((resolve) => this.#starts.push(resolve));
    this.#starting++;
    try {
      return await startAgent(this.#deps, shape);
    } finally {
      this.#starting--;
      this.#starts.shift()?.();
    }
  }
}
