/**
 * Agents that are kept between the turns of a conversation: the next message reaches the model in a tenth of the time that a
 * new process takes. Each goes on only where it stands: with the same branch, the same shape and the same tools.
 */
import { messageOf } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/hash.ts';
import type { Logger } from '../kernel/log.ts';
import type { Agent } from './agent.ts';
import type { Prompt } from './inbox.ts';

export type Standing = {
  conversationId: string;
  /** The answer that it gave last. */
  after: string | null;
  /** What must be the same, in one text: its shape and its tools. */
  fit: string;
};

/** What is kept. */
type Warm<Line> = {
  agent: Agent;
  line: Line;
  /** What it would be asked when this is said next, as far as can be told; undefined where that is not known. */
  promptOf(text: string): Prompt | undefined;
};

type Kept<Line> = Warm<Line> & {
  standing: Standing;
  timer: NodeJS.Timeout;
  /** What it was sent ahead of its turn. */
  begun: Prompt | undefined;
};

export class WarmAgents<Line> {
  readonly #log: Logger;
  /** By conversation, the one that was used last behind the others. */
  readonly #kept = new Map<string, Kept<Line>>();
  readonly #ending = new Set<Promise<void>>();
  #isClosed = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  /**
   * Sends what is said next to the agent of a conversation, before it is known whether that will be its turn: `take` finds
   * out. Nothing comes of it unless a ticket is issued.
   *
   * @param after the answer that it follows; undefined for the last one
   * @returns its line; undefined when there is none, or it has begun already. Whoever is given one drops it when no turn comes
   */
  begin(
    conversationId: string,
    { after, text }: { after: string | null | undefined; text: string },
  ): Line | undefined {
    const kept = this.#kept.get(conversationId);
    if (kept === undefined || kept.begun !== undefined || !kept.agent.isAlive) return undefined;
    if (after !== undefined && kept.standing.after !== after) return undefined;
    const prompt = kept.promptOf(text);
    if (prompt === undefined) return undefined;
    kept.agent.begin(prompt);
    kept.begun = prompt;
    return kept.line;
  }

  /** Of the agent that is kept for a conversation. */
  lineOf(conversationId: string): Line | undefined {
    return this.#kept.get(conversationId)?.line;
  }

  /**
   * The agent that stands there, and has begun with nothing else than `prompt`. Whoever takes it keeps it again, or ends it;
   * one that stands elsewhere is ended.
   */
  take(
    { conversationId, after, fit }: Standing,
    prompt: Prompt,
  ): Pick<Warm<Line>, 'agent' | 'line'> | undefined {
    const kept = this.#kept.get(conversationId);
    if (kept === undefined) return undefined;
    this.#kept.delete(conversationId);
    clearTimeout(kept.timer);
    const { agent, standing, begun } = kept;
    const isSame = begun === undefined || sameAs(begun) === sameAs(prompt);
    if (agent.isAlive && standing.after === after && standing.fit === fit && isSame) return kept;
    this.#end(kept.agent);
    return undefined;
  }

  /**
   * Keeps an agent for a while, and of all no more than `most`: the one that was not used for longest goes.
   *
   * @returns false when it is not kept: whoever has it ends it
   */
  keep(standing: Standing, warm: Warm<Line>, { forMs, most }: { forMs: number; most: number }): boolean {
    if (this.#isClosed || forMs <= 0 || most <= 0 || !warm.agent.isAlive) return false;
    const timer = setTimeout(() => this.drop(standing.conversationId), forMs);
    timer.unref();
    this.drop(standing.conversationId);
    this.#kept.set(standing.conversationId, { ...warm, standing, timer, begun: undefined });
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

const sameAs = (prompt: Prompt): string => canonicalJson(prompt);
