/**
 * Agents that are kept between the turns of a conversation: the next message reaches the model in a tenth of the time that a
 * new process takes. Each goes on only where it stands: with the same branch, the same shape and the same tools.
 */
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Agent } from './agent.ts';

export type Standing = {
  conversationId: string;
  /** The answer that it gave last. */
  after: string | null;
  /** What must be the same, in one text: its shape and its tools. */
  fit: string;
};

type Kept<Line> = { standing: Standing; agent: Agent; line: Line; timer: NodeJS.Timeout };

export class WarmAgents<Line> {
  readonly #log: Logger;
  /** By conversation, the one that was used last behind the others. */
  readonly #kept = new Map<string, Kept<Line>>();
  readonly #ending = new Set<Promise<void>>();
  #isClosed = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** The agent that stands there. Whoever takes it keeps it again, or ends it; one that stands elsewhere is ended. */
  take({ conversationId, after, fit }: Standing): { agent: Agent; line: Line } | undefined {
    const kept = this.#kept.get(conversationId);
    if (kept === undefined) return undefined;
    this.#kept.delete(conversationId);
    clearTimeout(kept.timer);
    if (kept.agent.isAlive && kept.standing.after === after && kept.standing.fit === fit) return kept;
    this.#end(kept.agent);
    return undefined;
  }

  /**
   * Keeps an agent for a while, and of all no more than `most`: the one that was not used for longest goes.
   *
   * @returns false when it is not kept: whoever has it ends it
   */
  keep(
    standing: Standing,
    { agent, line }: { agent: Agent; line: Line },
    { forMs, most }: { forMs: number; most: number },
  ): boolean {
    if (this.#isClosed || forMs <= 0 || most <= 0 || !agent.isAlive) return false;
    const timer = setTimeout(() => this.drop(standing.conversationId), forMs);
    timer.unref();
    this.drop(standing.conversationId);
    this.#kept.set(standing.conversationId, { standing, agent, line, timer });
    for (const conversationId of this.#kept.keys()) {
      if (this.#kept.size <= most) break;
      this.drop(conversationId);
    }
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const conversationId of [...this.#kept.keys()]) this.drop(conversationId);
    await Promise.all(this.#ending);
  }

  /** Ends the one that is kept for a conversation, where there is one. */
  drop(conversationId: string): void {
    const kept = this.#kept.get(conversationId);
    if (kept === undefined) return;
    this.#kept.delete(conversationId);
    clearTimeout(kept.timer);
    this.#end(kept.agent);
  }

  #end(agent: Agent): void {
    const ending = agent
      .end()
      .catch((error: unknown) => this.#log.warn(`a warm agent did not end: ${messageOf(error)}`))
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
