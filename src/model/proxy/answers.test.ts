import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTurn } from '../../../tests/helpers/messages-api.ts';
import {
  aRequest,
  aRun,
  ask,
  proxiedModelName,
  startProxiedModel,
} from '../../../tests/helpers/proxied-model.ts';
import { useProxiedModel } from '../../../tests/helpers/use-proxied-model.ts';
import { spendCap } from '../../money/spend-caps.ts';
import type { TicketStep } from '../tickets.ts';

const model = useProxiedModel();

const issue = (run: Partial<TicketStep> = {}) => model.proxy.issue(aRun(run));
const askFor = (ticket: { token: string }, body?: unknown, options?: Parameters<typeof ask>[3]) =>
  ask(model.proxy.socketPath, ticket.token, body, options);

describe('answers', () => {
  it('come event by event, not at the end', async () => {
    model.api.setScript(() => ({ text: 'a b', eventDelayMs: 60_000 }));
    const asked = askFor(issue());
    const response = await asked.response;
    const first = await new Promise<Buffer>((resolve) => response.once('data', resolve));
    expect(String(first)).toContain('message_start');
    response.on('error', () => {});
    asked.abort();
    await expect(model.api.requests[0]?.closed).resolves.toBe('aborted');
  });

  it('come whole and unchanged, streamed and not', async () => {
    model.api.setScript(() => ({ text: 'Grüße 🏠', toolCalls: [{ name: 'x', input: { a: 'é' } }] }));
    const streamed = await askFor(issue()).answer;
    const direct = await fetch(`${model.api.url}/v1/messages`, {
      method: 'POST',
      body: JSON.stringify(aRequest()),
    }).then((response) => response.text());
    expect(streamed.headers['content-type']).toContain('text/event-stream');
    expect(streamed.text.replaceAll(/(scripted|toolu)_0/g, '$1_1')).toBe(direct);
    const whole = await askFor(issue(), aRequest({ stream: false })).answer;
    expect(whole.json()).toMatchObject({
      type: 'message',
      content: [{ type: 'text', text: 'Grüße 🏠' }, {}],
    });
  });

  it('are read no faster than the agent reads', async () => {
    model.api.setScript(() => ({ text: 'x'.repeat(20 * 1024 * 1024) }));
    const asked = askFor(issue());
    const response = await asked.response;
    response.pause();
    const { closed } = await model.api.request(0);
    const early = await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 500, 'waiting'))]);
    expect(early).toBe('waiting');
    let size = 0;
    for await (const chunk of response) size += (chunk as Buffer).length;
    expect(size).toBeGreaterThan(20 * 1024 * 1024);
    await expect(closed).resolves.toBe('done');
  });
});

describe('the end of a ticket', () => {
  it('cuts calls in flight on both sides, at once', async () => {
    for (const fail of ['hang', 'hang-mid-stream'] as const) {
      model.api.requests.length = 0;
      model.api.setScript(() => ({ fail }));
      const ticket = issue();
      const asked = askFor(ticket);
      const { closed } = await model.api.request(0);
      if (fail === 'hang-mid-stream') await asked.response;
      ticket.revoke();
      await expect(closed).resolves.toBe('aborted');
      await expect(asked.answer).rejects.toThrow();
      expect((await askFor(ticket).answer).status).toBe(401);
    }
  });

  it('comes with the agent’s going for its own call alone', async () => {
    model.api.setScript(() => ({ fail: 'hang' }));
    const ticket = issue();
    const asked = askFor(ticket);
    const { closed } = await model.api.request(0);
    asked.abort();
    await expect(closed).resolves.toBe('aborted');
    model.api.setScript(inTurn({ text: 'Again.' }));
    expect((await askFor(ticket).answer).status).toBe(200);
    expect(ticket.lastFailure()).toBeUndefined();
  });

  it('comes with the proxy’s', async () => {
    const own = await startProxiedModel(() => ({ fail: 'hang' }));
    const ticket = own.proxy.issue(aRun());
    const asked = ask(own.proxy.socketPath, ticket.token);
    const { closed } = await own.api.request(0);
    await own.proxy.close();
    await expect(closed).resolves.toBe('aborted');
    await expect(asked.answer).rejects.toThrow();
    expect(existsSync(path.dirname(own.proxy.socketPath))).toBe(false);
    await own.close();
  });
});

describe('what was used', () => {
  it('is counted by class, and priced by our own table', async () => {
    const totals: unknown[] = [];
    model.api.setScript(() => ({
      text: 'Hello.',
      usage: {
        input_tokens: 1000,
        output_tokens: 200,
        cache_read_input_tokens: 3000,
        cache_creation_input_tokens: 500,
        ephemeral_5m_input_tokens: 300,
        ephemeral_1h_input_tokens: 200,
      },
    }));
    const ticket = issue({ onUsage: (total) => totals.push(total) });
    await askFor(ticket).answer;
    await askFor(ticket, aRequest({ stream: false })).answer;
    const costUsd = (2 * (1000 * 2 + 200 * 10 + 3000 * 0.1 + 300 * 2.5 + 200 * 4)) / 1e6;
    const expected = {
      inputTokens: 2000,
      outputTokens: 400,
      cacheReadTokens: 6000,
      cacheWriteTokens: 1000,
      modelCalls: 2,
      costUsd: expect.closeTo(costUsd, 9),
    };
    expect(ticket.usage()).toEqual(expected);
    expect(totals.at(-1)).toEqual(expected);
    // The first total stands as soon as the model begins to answer.
    expect(totals[0]).toMatchObject({ inputTokens: 1000, modelCalls: 0 });
  });

  it('has no price where none is known, rather than none to pay', async () => {
    const ticket = issue({ model: 'qwen3-coder' });
    await askFor(ticket, aRequest({ model: 'qwen3-coder' })).answer;
    expect(ticket.usage()).toMatchObject({ inputTokens: 100, costUsd: null });
    await model.config('model_prices', '{"qwen*": {"input": 1, "output": 2}}');
    const priced = issue({ model: 'qwen3-coder' });
    await askFor(priced, aRequest({ model: 'qwen3-coder' })).answer;
    expect(priced.usage().costUsd).toBeCloseTo((100 * 1 + 20 * 2) / 1e6, 12);
  });

  it('is kept of a stream that breaks off, its answer estimated', async () => {
    model.api.setScript(() => ({ fail: 'reset-mid-stream', usage: { input_tokens: 777 } }));
    const ticket = issue();
    await expect(askFor(ticket).answer).rejects.toThrow();
    const { outputTokens, ...usage } = ticket.usage();
    expect(usage).toMatchObject({ inputTokens: 777, modelCalls: 1 });
    expect(outputTokens).toBeGreaterThan(1);
    expect(outputTokens).toBeLessThan(20);
  });

  it('is nothing of a call that failed', async () => {
    model.api.setScript(() => ({ fail: 'overloaded' }));
    const ticket = issue();
    await askFor(ticket).answer;
    expect(ticket.usage()).toMatchObject({ inputTokens: 0, modelCalls: 0, costUsd: 0 });
  });
});

describe('a rehearsal', () => {
  const inputSchema = { type: 'object', properties: { room: { type: 'string' } }, required: ['room'] };
  const tools = [{ name: 'mcp__house__look', readOnly: true, inputSchema }];
  const body = aRequest({ tools: [{ name: 'mcp__house__look', input_schema: inputSchema }] });

  it('is answered here, streamed and whole, and counts no tokens', async () => {
    const seen: unknown[] = [];
    const ticket = issue({
      rehearsal: { tools, input: { room: 'hall' } },
      caps: [spendCap({ scope: 'this run', capUsd: 0.000001 })],
      onRequest: (request) => seen.push(request),
    });
    const whole = await askFor(ticket, { ...body, stream: false }).answer;
    const call = { type: 'tool_use', name: 'mcp__house__look', input: { room: 'hall' } };
    expect(whole.json()).toMatchObject({
      model: proxiedModelName,
      stop_reason: 'tool_use',
      content: [{ type: 'text' }, call],
      usage: { input_tokens: 0, output_tokens: 0 },
    });
    const { text } = await askFor(ticket, body).answer;
    const types = [...text.matchAll(/^event: (.+)$/gm)].map(([, type]) => type);
    const block = ['content_block_start', 'content_block_delta', 'content_block_stop'];
    expect(types).toEqual(['message_start', ...block, ...block, 'message_delta', 'message_stop']);
    expect(text).toContain('"partial_json":"{\\"room\\":\\"hall\\"}"');
    const counted = await askFor(ticket, body, { path: '/v1/messages/count_tokens' }).answer;
    expect(counted.json()).toEqual({ input_tokens: 0 });
    expect(ticket.usage()).toMatchObject({ inputTokens: 0, modelCalls: 2, costUsd: 0 });
    expect(seen).toHaveLength(2);
    expect(model.api.requests.length + model.api.others.length).toBe(0);
  });
});
