import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOf } from './prices.ts';
import { type CallEstimate, dollars, reserve, spendCap } from './spend-caps.ts';

const cap = (capUsd: number, scope = 'this run', spentUsd = 0) => spendCap({ scope, capUsd, spentUsd });

/** Sonnet 5.5: 2 dollars a million in, 10 out. */
const aCall = (given: Partial<CallEstimate> = {}): CallEstimate => ({
  model: 'claude-sonnet-5-5',
  price: priceOf('claude-sonnet-5-5'),
  promptTokens: 1_000,
  cache: 'none',
  maxTokens: 10_000,
  leastTokens: 100,
  ...given,
});

describe('a reservation', () => {
  it('bounds nothing where nothing is bounded, priced or not', async () => {
    const { maxTokens, settle } = await reserve([], aCall({ price: undefined }));
    expect(maxTokens).toBe(10_000);
    await settle(1_000_000);
  });

  it('leaves an answer as long as it was asked for, while there is enough', async () => {
    expect((await reserve([cap(1)], aCall())).maxTokens).toBe(10_000);
  });

  it('cuts the answer to what is left behind the prompt', async () => {
    // 0.012 dollars: 0.002 for the prompt, and 1,000 tokens.
    expect((await reserve([cap(0.012)], aCall())).maxTokens).toBe(1_000);
    // What the cache writes costs more.
    expect((await reserve([cap(0.012)], aCall({ cache: '5m' }))).maxTokens).toBe(950);
    expect((await reserve([cap(0.012)], aCall({ cache: '1h' }))).maxTokens).toBe(800);
  });

  it('is refused where not even the least answer can be paid, naming the cap', async () => {
    await expect(reserve([cap(0.0029)], aCall())).rejects.toMatchObject({
      code: 'E_COST_CAP',
      message: expect.stringContaining('$0.0029 for this run'),
      remedy: expect.stringContaining('Raise'),
    });
    expect((await reserve([cap(0.003)], aCall())).maxTokens).toBe(100);
  });

  it('is refused for a model without a price', async () => {
    await expect(reserve([cap(5)], aCall({ price: undefined }))).rejects.toMatchObject({
      code: 'E_MODEL_UNPRICED',
    });
  });

  it('obeys the tightest of several caps, and gives back what the others had set aside', async () => {
    const [run, step] = [cap(1), cap(0.012, 'this step')];
    const first = await reserve([run, step], aCall());
    expect(first.maxTokens).toBe(1_000);
    await first.settle(0.012);
    await expect(reserve([run, step], aCall())).rejects.toThrow('this step');
    // Nothing of the refused call is held: 0.988 are left.
    expect((await reserve([run], aCall({ maxTokens: 98_600 }))).maxTokens).toBe(98_600);
  });

  it('counts what earlier attempts have spent', async () => {
    await expect(reserve([cap(1, 'this run', 0.999)], aCall())).rejects.toMatchObject({
      code: 'E_COST_CAP',
    });
  });

  it('holds whatever is asked at once: what is spent never passes the cap', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.0001, max: 0.5, noNaN: true }),
        fc.array(
          fc.record({
            promptTokens: fc.nat(50_000),
            maxTokens: fc.integer({ min: 1, max: 128_000 }),
            used: fc.double({ min: 0, max: 1, noNaN: true }),
            cache: fc.constantFrom('none', '5m', '1h'),
          }),
          { maxLength: 12 },
        ),
        async (capUsd, calls) => {
          const caps = [cap(capUsd)];
          let spent = 0;
          const open: { settle: () => Promise<void> }[] = [];
          for (const { promptTokens, maxTokens, used, cache } of calls) {
            const held = await reserve(caps, aCall({ promptTokens, maxTokens, cache })).catch(
              () => undefined,
            );
            if (!held) continue;
            const cost = held.promptUsd + ((held.maxTokens ?? 0) * used * 10) / 1e6;
            open.push({
              settle: async () => {
                spent += cost;
                await held.settle(cost);
              },
            });
            // Some calls end before the next begins, and some do not.
            if (used > 0.3) await open.shift()?.settle();
          }
          for (const call of open) await call.settle();
          expect(spent).toBeLessThanOrEqual(capUsd * (1 + 1e-9));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('amounts for a person', () => {
  it.each([
    [0, '$0.00'],
    [1, '$1.00'],
    [12.345, '$12.35'],
    [0.5, '$0.5'],
    [0.00291, '$0.0029'],
  ])('%d is %s', (usd, text) => {
    expect(dollars(usd)).toBe(text);
  });
});
