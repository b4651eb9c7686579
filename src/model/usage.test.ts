import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUsage, StreamMeter } from './usage.ts';

const event = (type: string, data: Record<string, unknown>) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

const whole = [
  event('message_start', {
    message: {
      usage: {
        input_tokens: 10,
        cache_read_input_tokens: 5,
        cache_creation_input_tokens: 7,
        output_tokens: 1,
      },
    },
  }),
  event('ping', {}),
  event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Grüße 🏠 und mehr' } }),
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 6 } }),
  event('message_stop', {}),
].join('');

function meterOf(...chunks: (string | Uint8Array)[]): StreamMeter {
  const meter = new StreamMeter();
  for (const chunk of chunks) meter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return meter;
}

describe('usage', () => {
  it('keeps the two kinds of cache writes apart', () => {
    expect(
      readUsage({
        input_tokens: 1,
        output_tokens: 2,
        cache_read_input_tokens: 3,
        cache_creation_input_tokens: 10,
        cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 6 },
      }),
    ).toEqual({ input: 1, output: 2, cacheRead: 3, cacheWrite5m: 4, cacheWrite1h: 6 });
    expect(readUsage({ cache_creation_input_tokens: 10, cache_creation: null })).toMatchObject({
      cacheWrite5m: 10,
    });
  });

  it.each([undefined, null, 3, 'x', [], { input_tokens: -1, output_tokens: 'x', cache_creation: 7 }])(
    'that is none counts nothing: %j',
    (usage) => {
      expect(Object.values(readUsage(usage))).toEqual([0, 0, 0, 0, 0]);
    },
  );
});

describe('a stream', () => {
  const counted = { input: 10, output: 6, cacheRead: 5, cacheWrite5m: 7, cacheWrite1h: 0 };

  it('is counted the same wherever it is cut into chunks', () => {
    const bytes = Buffer.from(whole);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const meter = meterOf(...at.slice(1).map((end, index) => bytes.subarray(at[index], end)));
        expect(meter.tokens).toEqual(counted);
        expect([meter.started, meter.complete, meter.stopReason]).toEqual([true, true, 'end_turn']);
      }),
    );
  });

  it('that breaks off counts what was said, and estimates what was not', () => {
    const text = 'x'.repeat(300);
    const meter = meterOf(
      event('message_start', { message: { usage: { input_tokens: 10, output_tokens: 1 } } }),
      event('content_block_delta', { delta: { type: 'thinking_delta', thinking: text } }),
      event('content_block_delta', { delta: { type: 'input_json_delta', partial_json: text } }),
    );
    expect(meter.tokens).toMatchObject({ input: 10, output: 200 });
    expect(meter.complete).toBe(false);
  });

  it('may report its input at the end alone, as some gateways do', () => {
    const meter = meterOf(
      event('message_start', { message: { usage: { input_tokens: 0, output_tokens: 0 } } }),
      event('message_delta', {
        delta: { stop_reason: 'end_turn' },
        usage: { input_tokens: 44, output_tokens: 3 },
      }),
    );
    expect(meter.tokens).toMatchObject({ input: 44, output: 3 });
  });

  it('tells of an error in its middle', () => {
    const meter = meterOf(event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }));
    expect(meter.error).toEqual({ type: 'overloaded_error', message: 'Overloaded' });
    expect(meterOf(event('error', {})).error).toMatchObject({ type: 'api_error' });
  });

  it('of nonsense counts nothing, and of nonsense without end what its size comes to', () => {
    expect(meterOf('<html>', 'data: {"type":\n\n', 'event: message_start\ndata: 3\n\n').tokens.output).toBe(
      0,
    );
    const long = `data: ${'x'.repeat(9 * 1024 * 1024)}`;
    expect(meterOf(long, 'x'.repeat(3_000)).tokens.output).toBe(1_000);
  });
});
