/**
 * What a token costs, in US dollars per million, by class.
 *
 * Source: Anthropic's list prices, https://platform.claude.com/docs/en/about-claude/pricing (models up to 5.1 and 5.5), as of
 * 2026-11-22, and the model catalogue inside Claude Code 2.1.330, which agrees with that page and adds Fable 5.2 and Mythos 5.2.
 * Standard speed and service tier, no regional surcharge, no batch discount: the proxy lets no other kind of call through.
 */
import { z } from 'zod';
import { AlfredError } from '../kernel/errors.ts';
import type { TokenCount } from './token-count.ts';

/** US dollars per million tokens of each class. */
export type Rates = {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
};

export type Price = Rates & {
  /** Rates of a whole call whose prompt (input, cache reads and cache writes together) is above so many tokens. */
  longPrompt?: Rates & { above: number };
};

/** Cache writes cost 1.25 and 2 times the input, whatever the model. */
const rates = (input: number, output: number, cacheRead: number): Rates => ({
  input,
  output,
  cacheRead,
  cacheWrite5m: input * 1.25,
  cacheWrite1h: input * 2,
});

const sonnet4: Price = { ...rates(3, 15, 0.3), longPrompt: { above: 200_000, ...rates(6, 22.5, 0.6) } };

const list: ReadonlyMap<string, Price> = new Map(
  Object.entries<Price>({
    'claude-fable-5-2': rates(8, 40, 0.2),
    'claude-fable-5-1': rates(10, 50, 0.25),
    'claude-fable-5': rates(10, 50, 1),
    'claude-mythos-5-2': rates(8, 40, 0.2),
    'claude-mythos-5-1': rates(10, 50, 0.25),
    'claude-mythos-5': rates(10, 50, 1),
    'claude-opus-5-5': rates(4, 20, 0.2),
    'claude-opus-5': rates(5, 25, 0.5),
    'claude-opus-4-8': rates(5, 25, 0.5),
    'claude-opus-4-7': rates(5, 25, 0.5),
    'claude-opus-4-6': rates(5, 25, 0.5),
    'claude-opus-4-5': rates(5, 25, 0.5),
    'claude-opus-4-1': rates(15, 75, 1.5),
    'claude-opus-4': rates(15, 75, 1.5),
    'claude-sonnet-5-5': rates(2, 10, 0.1),
    'claude-sonnet-5': rates(2, 10, 0.2),
    'claude-sonnet-4-6': rates(3, 15, 0.3),
    'claude-sonnet-4-5': sonnet4,
    'claude-sonnet-4': sonnet4,
    'claude-3-7-sonnet': rates(3, 15, 0.3),
    'claude-haiku-5-5': {
      ...rates(0.1, 0.5, 0.01),
      longPrompt: { above: 100_000, ...rates(0.5, 2.5, 0.05) },
    },
    'claude-haiku-4-5': rates(1, 5, 0.1),
    'claude-3-5-haiku': rates(0.8, 4, 0.08),
  }),
);

/** Short names, as the Agent SDK takes them; it would send the full ones. */
const shortNames: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    fable: 'claude-fable-5-2',
    opus: 'claude-opus-5-5',
    sonnet: 'claude-sonnet-5-5',
    haiku: 'claude-haiku-5-5',
  }),
);

/** The full id of a model: `sonnet` is spelled out, and the suffix `[1m]`, which never goes to the API, is dropped. */
export const fullModelName = (model: string): string => {
  const name = model.trim().replace(/\[1m\]$/, '');
  return shortNames.get(name) ?? name;
};

/** Prices of one's own, by model id; a key that ends in `*` stands for every id that begins so. */
export type OwnPrices = ReadonlyMap<string, Price>;

const usd = z.number().nonnegative().max(100_000);
const ownPricesSchema = z.record(
  z.string().min(1).max(200),
  z
    .object({
      input: usd,
      output: usd,
      cacheRead: usd.optional(),
      cacheWrite5m: usd.optional(),
      cacheWrite1h: usd.optional(),
    })
    .strict(),
);

/**
 * Reads the config entry `model_prices`: `{"my-model": {"input": 1, "output": 4}}`, US dollars per million tokens. Cache
 * classes that are left out cost what input costs.
 *
 * @throws AlfredError E_VALIDATION when it is not such a document
 */
export function readOwnPrices(text: string): OwnPrices {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    document = undefined;
  }
  const parsed = ownPricesSchema.safeParse(document);
  if (!parsed.success) {
    throw new AlfredError('E_VALIDATION', 'The config entry model_prices is not a table of prices.', {
      remedy:
        'Set it to JSON such as {"my-model": {"input": 1, "output": 4}}, in US dollars per million tokens.',
    });
  }
  return new Map(
    Object.entries(parsed.data).map(([model, { input, output, ...cache }]) => [
      model,
      {
        input,
        output,
        cacheRead: cache.cacheRead ?? input,
        cacheWrite5m: cache.cacheWrite5m ?? input,
        cacheWrite1h: cache.cacheWrite1h ?? input,
      },
    ]),
  );
}

/**
 * The price of a model, or undefined when none is known: never that of a model with a similar name.
 *
 * @param model an id of Anthropic's, dated or not, or as cloud providers and gateways spell it
 */
export function priceOf(model: string, own: OwnPrices = new Map()): Price | undefined {
  const exact = own.get(model);
  if (exact) return exact;
  const patterns = [...own].filter(([name]) => name.endsWith('*') && model.startsWith(name.slice(0, -1)));
  const longest = patterns.sort(([a], [b]) => b.length - a.length)[0];
  return longest?.[1] ?? list.get(listName(model));
}

/** `us.anthropic.claude-opus-4-5-20251101-v1:0`, `anthropic/claude-opus-4.5` and `claude-opus-4-5@20251101` are one model. */
const listName = (model: string): string =>
  fullModelName(model)
    .replace(/^(?:(?:us|eu|au|apac|jp|global)\.)?anthropic[./]/, '')
    .replaceAll('.', '-')
    .replace(/-v\d+:\d+$/, '')
    .replace(/[-@]\d{8}$/, '')
    .replace(/-(?:latest|0)$/, '');

/** Which rates a call falls under, by the length of its prompt in tokens. */
export const ratesFor = (price: Price, promptTokens: number): Rates =>
  price.longPrompt && promptTokens > price.longPrompt.above ? price.longPrompt : price;

/** What one call costs, in US dollars. */
export function costOf(tokens: TokenCount, price: Price): number {
  const prompt = tokens.input + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h;
  const rate = ratesFor(price, prompt);
  return (
    (tokens.input * rate.input +
      tokens.output * rate.output +
      tokens.cacheRead * rate.cacheRead +
      tokens.cacheWrite5m * rate.cacheWrite5m +
      tokens.cacheWrite1h * rate.cacheWrite1h) /
    1_000_000
  );
}
