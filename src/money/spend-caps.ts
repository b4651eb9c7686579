/**
 * Money is bounded before it is spent: every model call reserves what it can cost at most, and settles what it did cost.
 * A call is bounded by a list of caps: those in the database bound runs, skills, days and months across processes (spend/), one in
 * memory bounds what lives and dies with it.
 */

import { AlfredError } from '../kernel/errors.ts';
import { type Failure, failureOf } from '../kernel/failure.ts';
import { type Price, ratesFor } from './prices.ts';

/** What a call asks of a cap, in US dollars. */
export type SpendAsk = {
  model: string;
  /** With less it is not worth making. */
  leastUsd: number;
  /** With so much a cap that others hold a part of is not waited for. */
  comfortUsd: number;
  mostUsd: number;
  signal?: AbortSignal | undefined;
};

/** What a cap has set aside. */
export type Held = {
  /** In US dollars, between the least and the most that was asked for. */
  grantedUsd: number;
  /** Why it is less than the most. */
  shortage: Failure | undefined;
  /** Takes down what was spent and gives back the rest. Called once. */
  settle(costUsd: number): void | Promise<void>;
};

export type SpendCap = {
  /** What it bounds just now, for a person: "$5.00 for this run"; undefined when it only takes down what is spent. */
  bound(): Promise<string | undefined>;
  /** Begins to read what holds just now, while the request comes in: the next `hold` goes by that. */
  look?(): void;
  /** Sets aside between the least and the most. @throws AlfredError with the code of its cap when not even the least is left */
  hold(ask: SpendAsk): Promise<Held>;
};

export const smallerStep = 'make the step smaller: fewer tools, shorter results, a cheaper model.';

/** A cap that lives as long as this process cares for it. */
export function spendCap(options: { scope: string; capUsd: number; spentUsd?: number }): SpendCap {
  const { scope, capUsd } = options;
  let left = capUsd - (options.spentUsd ?? 0);
  const bound = `${dollars(capUsd)} for ${scope}`;
  return {
    bound: () => Promise.resolve(bound),
    // Checked and taken in one turn of the event loop: two calls at once cannot both have the last cent.
    hold({ leastUsd, mostUsd }) {
      const shortage = new AlfredError(
        'E_COST_CAP',
        `The cap of ${bound} leaves too little for another model call, which may cost ${dollars(leastUsd)} or more.`,
        { remedy: `Raise the cap, or ${smallerStep}` },
      );
      if (left < leastUsd) return Promise.reject(shortage);
      const grantedUsd = Math.min(mostUsd, left);
      left -= grantedUsd;
      return Promise.resolve({
        grantedUsd,
        shortage: grantedUsd < mostUsd ? failureOf(shortage) : undefined,
        settle(costUsd) {
          left += grantedUsd - costUsd;
        },
      });
    },
  };
}

export type CallEstimate = {
  model: string;
  /** undefined: the price is not known. */
  price: Price | undefined;
  /** The most that the prompt can be. */
  promptTokens: number;
  /** What the prompt may write into the cache. */
  cache: 'none' | '5m' | '1h';
  maxTokens: number | undefined;
  /** With fewer tokens of answer than this, the call is not worth making. */
  leastTokens: number;
  /** Aborts what waits for its turn. */
  signal?: AbortSignal;
};

export type Reservation = {
  /** What `max_tokens` may be; undefined when nothing bounds it. */
  maxTokens: number | undefined;
  /** Of the prompt alone, in US dollars: what a call has cost that was sent and of which nothing was answered. */
  promptUsd: number;
  /** Of the prompt and the longest answer, in US dollars. */
  mostUsd: number;
  /** Why the answer may be no longer than `maxTokens`; undefined when it is as long as it was asked for. */
  shortage: Failure | undefined;
  settle(costUsd: number): Promise<void>;
};

/** More than any model can answer with. */
const anyAnswer = 1_000_000;

/** Enough for most answers, in tokens. */
const comfort = 8_000;

/**
 * Reserves what a call can cost at most, with its answer cut down to what is left.
 *
 * @throws AlfredError E_COST_CAP and its kin when too little is left; E_MODEL_UNPRICED under a cap when the price is not
 *   known
 */
export async function reserve(caps: readonly SpendCap[], call: CallEstimate): Promise<Reservation> {
  if (!call.price) {
    for (const cap of caps) {
      const bound = await cap.bound();
      if (bound !== undefined) throw unpriced(call.model, bound);
    }
  }
  if (!call.price || caps.length === 0) {
    const settle = () => Promise.resolve();
    return { maxTokens: call.maxTokens, promptUsd: 0, mostUsd: 0, shortage: undefined, settle };
  }
  const rates = ratesFor(call.price, call.promptTokens);
  const promptRate = { none: rates.input, '5m': rates.cacheWrite5m, '1h': rates.cacheWrite1h }[call.cache];
  const promptUsd = (call.promptTokens * Math.max(promptRate, rates.input)) / 1_000_000;
  const withAnswer = (tokens: number) => promptUsd + (tokens * rates.output) / 1_000_000;
  const wanted = call.maxTokens ?? anyAnswer;

  const held: Held[] = [];
  const settle = async (costUsd: number) => {
    for (const each of held) await each.settle(costUsd);
  };
  let mostUsd = withAnswer(wanted);
  let shortage: Failure | undefined;
  try {
    for (const cap of caps) {
      const { model, signal } = call;
      const leastUsd = withAnswer(Math.min(call.leastTokens, wanted));
      const comfortUsd = Math.min(mostUsd, withAnswer(comfort));
      const next = await cap.hold({ model, leastUsd, comfortUsd, mostUsd, signal });
      held.push(next);
      shortage = next.shortage ?? shortage;
      mostUsd = Math.min(mostUsd, next.grantedUsd);
    }
  } catch (error) {
    await settle(0);
    throw error;
  }
  if (!shortage) return { maxTokens: call.maxTokens, promptUsd, mostUsd, shortage, settle };
  const affordable =
    rates.output === 0 ? wanted : Math.floor(((mostUsd - promptUsd) * 1_000_000) / rates.output + 1e-6);
  return { maxTokens: Math.min(wanted, affordable), promptUsd, mostUsd, shortage, settle };
}

const unpriced = (model: string, bound: string) =>
  new AlfredError(
    'E_MODEL_UNPRICED',
    `The price of the model ${model} is not known, so a cap of ${bound} cannot be kept.`,
    { remedy: 'Set its price in the config entry model_prices, choose another model, or remove the cap.' },
  );

/** An amount for a person: cents where they say enough, else as many digits as it takes. */
export const dollars = (usd: number): string =>
  `$${usd >= 1 || usd === 0 ? usd.toFixed(2) : Number(usd.toPrecision(2)).toString()}`;
