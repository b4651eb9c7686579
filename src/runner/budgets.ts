/**
 * Money is bounded before it is spent: every model call reserves what it can cost at most, and settles what it did cost.
 * A budget is a list of limits; each knows only how much it still has, so that limits kept in the database (per skill, day
 * and month) can stand beside those of a run.
 */
import { AlfredError } from '../kernel/errors.ts';
import { type Price, ratesFor } from './prices.ts';

/** What a limit has set aside. */
export type Held = {
  /** In US dollars, between the least and the most that was asked for. */
  grantedUsd: number;
  /** Gives back what was not spent. Called once. */
  settle(costUsd: number): void | Promise<void>;
};

export type SpendLimit = {
  /** For a person: "this run", "this step". */
  readonly scope: string;
  readonly limitUsd: number;
  /** Sets aside at most `mostUsd`; undefined when not even `leastUsd` is left. */
  hold(leastUsd: number, mostUsd: number): Promise<Held | undefined>;
};

/** A limit that lives as long as its run. `spentUsd` is what earlier attempts have spent of it. */
export function spendLimit(options: { scope: string; limitUsd: number; spentUsd?: number }): SpendLimit {
  const { scope, limitUsd } = options;
  let left = limitUsd - (options.spentUsd ?? 0);
  return {
    scope,
    limitUsd,
    // Checked and taken in one turn of the event loop: two calls at once cannot both have the last cent.
    hold(leastUsd, mostUsd) {
      if (left < leastUsd) return Promise.resolve(undefined);
      const grantedUsd = Math.min(mostUsd, left);
      left -= grantedUsd;
      return Promise.resolve({
        grantedUsd,
        settle(costUsd) {
          left += grantedUsd - costUsd;
        },
      });
    },
  };
}

/** All that bounds a step's spending. An empty list bounds nothing. */
export type Budget = readonly SpendLimit[];

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
};

export type Reservation = {
  /** What `max_tokens` may be; undefined when nothing bounds it. */
  maxTokens: number | undefined;
  /** Of the prompt alone, in US dollars: what a call has cost that was sent and never answered. */
  promptUsd: number;
  settle(costUsd: number): Promise<void>;
};

/** More than any model can answer with. */
const anyAnswer = 1_000_000;

/**
 * Reserves what a call can cost at most, with its answer cut down to what is left.
 *
 * @throws AlfredError E_COST_CAP when too little is left; E_MODEL_UNPRICED under a limit when the price is not known
 */
export async function reserve(budget: Budget, call: CallEstimate): Promise<Reservation> {
  const first = budget[0];
  if (!first) {
    return { maxTokens: call.maxTokens, promptUsd: 0, settle: () => Promise.resolve() };
  }
  if (!call.price) {
    throw new AlfredError(
      'E_MODEL_UNPRICED',
      `The price of the model ${call.model} is not known, so a limit of ${dollars(first.limitUsd)} for ${first.scope} cannot be kept.`,
      {
        remedy: 'Set its price in the config entry model_prices, choose another model, or remove the limit.',
      },
    );
  }
  const rates = ratesFor(call.price, call.promptTokens);
  const promptRate = { none: rates.input, '5m': rates.cacheWrite5m, '1h': rates.cacheWrite1h }[call.cache];
  const promptUsd = (call.promptTokens * Math.max(promptRate, rates.input)) / 1_000_000;
  const answerUsd = (tokens: number) => (tokens * rates.output) / 1_000_000;
  const wanted = call.maxTokens ?? anyAnswer;
  const leastUsd = promptUsd + answerUsd(Math.min(call.leastTokens, wanted));

  const held: Held[] = [];
  const settle = async (costUsd: number) => {
    for (const each of held) await each.settle(costUsd);
  };
  let mostUsd = promptUsd + answerUsd(wanted);
  for (const limit of budget) {
    const next = await limit.hold(leastUsd, mostUsd);
    if (!next) {
      await settle(0);
      throw new AlfredError(
        'E_COST_CAP',
        `The limit of ${dollars(limit.limitUsd)} for ${limit.scope} leaves too little for another model call, which may cost ${dollars(leastUsd)} or more.`,
        {
          remedy: 'Raise the limit, or make the step smaller: fewer tools, shorter results, a cheaper model.',
        },
      );
    }
    held.push(next);
    mostUsd = Math.min(mostUsd, next.grantedUsd);
  }
  const affordable =
    rates.output === 0 ? wanted : Math.floor(((mostUsd - promptUsd) * 1_000_000) / rates.output + 1e-6);
  return { maxTokens: Math.min(wanted, affordable), promptUsd, settle };
}

/** An amount for a person: cents where they say enough, else as many digits as it takes. */
export const dollars = (usd: number): string =>
  `$${usd >= 1 || usd === 0 ? usd.toFixed(2) : Number(usd.toPrecision(2)).toString()}`;
