import { describe, expect, it } from 'vitest';
import { priceOf } from '../../money/prices.ts';
import type { SpendCap } from '../../money/spend-caps.ts';
import { holdMoney } from './hold-money.ts';
import type { ModelRequestBody } from './request.ts';
import { Ticket } from './tickets.ts';

const model = 'claude-sonnet-5-5';
const { signal } = new AbortController();
const body: ModelRequestBody = { model, max_tokens: 1_000, messages: [{ role: 'user', content: 'Hello' }] };
const came = JSON.stringify(body);

/** A cap that grants all that is asked for, and what it was asked and given back. */
function openCap() {
  const asked: number[] = [];
  const settled: number[] = [];
  const cap: SpendCap = {
    bound: async () => undefined,
    async hold({ mostUsd }) {
      asked.push(mostUsd);
      return { grantedUsd: mostUsd, shortage: undefined, settle: (usd) => void settled.push(usd) };
    },
  };
  const ticket = new Ticket({ executionId: 'run', stepId: 1, mode: 'live', model, caps: [cap] });
  return { asked, settled, call: { ticket, signal } };
}

describe('the money of a call', () => {
  it('is held once, by the request as it came, where it leaves no longer than that', async () => {
    const { asked, settled, call } = openCap();
    const held = await holdMoney(call, priceOf(model), {
      ...{ body, came },
      redact: () => ({ redacted: body, text: came }),
    });
    expect(held).toMatchObject({ text: came, size: { bytes: came.length } });
    expect([asked.length, settled]).toEqual([1, []]);
  });

  it('is held anew, and more of it, where it leaves longer than it came', async () => {
    const { asked, settled, call } = openCap();
    const text = `${came}${' '.repeat(10_000)}`;
    const held = await holdMoney(call, priceOf(model), {
      ...{ body, came },
      redact: () => ({ redacted: body, text }),
    });
    expect(held.size.bytes).toBe(text.length);
    expect(held.reservation.mostUsd).toBe(asked[1]);
    expect(asked[1]).toBeGreaterThan(asked[0] ?? Infinity);
    expect(settled).toEqual([0]);
  });

  it('is given back where nothing can leave', async () => {
    const { settled, call } = openCap();
    const redact = () => {
      throw new RangeError('too deep');
    };
    await expect(holdMoney(call, priceOf(model), { body, came, redact })).rejects.toThrow('too deep');
    expect(settled).toEqual([0]);
  });
});
