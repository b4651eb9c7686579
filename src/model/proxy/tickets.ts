/** Who may call the model, and what each has used: the proxy's memory of its tickets. Tokens are kept as hashes alone. */

import { randomBytes } from 'node:crypto';
import type { Usage } from '../../contract/executions.ts';
import { noUsage } from '../../contract/usage.ts';
import type { Failure } from '../../kernel/failure.ts';
import { sha256 } from '../../kernel/hash.ts';
import { costOf, type Price } from '../../money/prices.ts';
import { noTokens, type TokenCount } from '../../money/token-count.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import type { ModelTicket, PreparedToken, TicketStep } from '../tickets.ts';
import { ToolIds } from '../tool-ids.ts';

/** One model call in progress. */
export type Call = {
  /** What is known so far. */
  update(tokens: TokenCount): void;
  /** What it came to. Called once; `answered` counts it as a model call. */
  finish(tokens: TokenCount, answered: boolean): void;
};

/** A ticket as the proxy sees it. */
export class Ticket {
  readonly run: TicketStep;
  /** Aborts when the ticket is revoked. */
  readonly signal: AbortSignal;
  /** Calls begun, those that failed too. */
  calls = 0;
  /** Calls in a row that timed out: the agent asks again by itself, but not for ever. */
  timeouts = 0;
  /** What the last answered prompt came to, from which the next one's size is judged. */
  lastPrompt: { bytes: number; images: number; tokens: number } | undefined;
  /** Of the last call. */
  failure: Failure | undefined;
  /** What no later call mends: the step has failed, and none is made for it any more. */
  verdict: Failure | undefined;
  /** Of a step that is rehearsed, once it has begun. */
  rehearsal: Pick<Rehearsal, 'answer'> | undefined;
  readonly toolIds: ToolIds;
  readonly #revocation = new AbortController();
  readonly #open = new Set<{ tokens: TokenCount; price: Price | undefined }>();
  #settled: Usage = noUsage();

  constructor(run: TicketStep) {
    this.run = run;
    this.toolIds = new ToolIds(run.usedToolIds);
    this.signal = this.#revocation.signal;
  }

  revoke(): void {
    this.#revocation.abort();
  }

  /** Settled calls and those in progress together. */
  usage(): Usage {
    return [...this.#open].reduce((total, { tokens, price }) => add(total, tokens, price), this.#settled);
  }

  begin(price: Price | undefined): Call {
    const call = { tokens: noTokens, price };
    this.#open.add(call);
    return {
      update: (tokens) => {
        call.tokens = tokens;
        this.run.onUsage?.(this.usage());
      },
      finish: (tokens, answered) => {
        this.#open.delete(call);
        this.#settled = add(this.#settled, tokens, price);
        if (answered) this.#settled = { ...this.#settled, modelCalls: this.#settled.modelCalls + 1 };
        this.run.onUsage?.(this.usage());
      },
    };
  }
}

/** A call of a model without a price makes the whole sum unknown. */
function add(total: Usage, tokens: TokenCount, price: Price | undefined): Usage {
  const isFree = Object.values(tokens).every((count) => count === 0);
  const costUsd = isFree ? 0 : price === undefined ? null : costOf(tokens, price);
  return {
    inputTokens: total.inputTokens + tokens.input,
    outputTokens: total.outputTokens + tokens.output,
    cacheReadTokens: total.cacheReadTokens + tokens.cacheRead,
    cacheWriteTokens: total.cacheWriteTokens + tokens.cacheWrite5m + tokens.cacheWrite1h,
    modelCalls: total.modelCalls,
    costUsd: total.costUsd === null || costUsd === null ? null : total.costUsd + costUsd,
  };
}

/** A token whose ticket is about to be issued: its requests wait. */
class Expected {
  readonly #coming = Promise.withResolvers<Ticket | undefined>();
  readonly ticket = this.#coming.promise;

  /** @param ticket undefined when none comes */
  come(ticket: Ticket | undefined): void {
    this.#coming.resolve(ticket);
  }
}

/** All tickets of one proxy. */
export class TicketBook {
  readonly #tickets = new Map<string, Ticket | Expected | 'prepared'>();
  readonly #environmentOf: (token: string) => Record<string, string>;

  constructor(environmentOf: (token: string) => Record<string, string>) {
    this.#environmentOf = environmentOf;
  }

  prepare(): PreparedToken {
    const token = randomBytes(32).toString('base64url');
    const key = keyOf(token);
    this.#tickets.set(key, 'prepared');
    return {
      token,
      environment: this.#environmentOf(token),
      expect: () => {
        if (this.#tickets.get(key) === 'prepared') this.#tickets.set(key, new Expected());
      },
      issue: (run) => this.#issue(key, token, run),
      discard: () => this.#end(key),
    };
  }

  #issue(key: string, token: string, run: TicketStep): ModelTicket {
    const before = this.#tickets.get(key);
    if (before === undefined || before instanceof Ticket)
      throw new Error('This token was issued or discarded before');
    const ticket = new Ticket(run);
    this.#tickets.set(key, ticket);
    if (before instanceof Expected) before.come(ticket);
    return {
      token,
      revoke: () => {
        if (this.#tickets.get(key) === ticket) this.#end(key);
      },
      rest: () => {
        if (this.#tickets.get(key) !== ticket) return;
        this.#tickets.set(key, 'prepared');
        ticket.revoke();
      },
      usage: () => ticket.usage(),
      lastFailure: () => ticket.verdict ?? ticket.failure,
    };
  }

  #end(key: string): void {
    const ticket = this.#tickets.get(key);
    this.#tickets.delete(key);
    end(ticket);
  }

  /** The ticket of a token that is good now, or of one whose ticket is awaited, once it is there. */
  async find(token: string | undefined): Promise<Ticket | undefined> {
    const found = token === undefined ? undefined : this.#tickets.get(keyOf(token));
    if (found instanceof Expected) return await found.ticket;
    return found === 'prepared' ? undefined : found;
  }

  revokeAll(): void {
    for (const ticket of this.#tickets.values()) end(ticket);
    this.#tickets.clear();
  }
}

function end(ticket: Ticket | Expected | 'prepared' | undefined): void {
  if (ticket instanceof Ticket) ticket.revoke();
  if (ticket instanceof Expected) ticket.come(undefined);
}

/** Looked up by hash, so that the time it takes says nothing about a token. */
const keyOf = (token: string): string => sha256(token).toString('hex');
