import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closedPort, type FailureName, inTurn, startMessagesApi } from '../../tests/helpers/messages-api.ts';
import {
  aRequest,
  aRun,
  ask,
  type ProxiedModel,
  proxiedKey,
  proxiedModelName,
  startProxiedModel,
} from '../../tests/helpers/proxied-model.ts';
import { spendLimit } from './budgets.ts';
import type { ModelRun } from './model-tickets.ts';

let model: ProxiedModel;
beforeAll(async () => {
  model = await startProxiedModel(inTurn({ text: 'Hello.' }));
});
afterAll(() => model.close());
beforeEach(() => {
  model.api.requests.length = 0;
  model.api.others.length = 0;
  model.api.setScript(inTurn({ text: 'Hello.' }));
});

const issue = (run: Partial<ModelRun> = {}) => model.proxy.issue(aRun(run));
const askFor = (ticket: { token: string }, body?: unknown, options?: Parameters<typeof ask>[3]) =>
  ask(model.proxy.socketPath, ticket.token, body, options);

describe('who is let in', () => {
  it('stands in a folder of its own that nobody else may enter', () => {
    const folder = path.dirname(model.proxy.socketPath);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(model.proxy.socketPath).mode & 0o777).toBe(0o600);
  });

  it('refuses a token that is missing, made up, only prepared, discarded or revoked', async () => {
    const prepared = model.proxy.prepare();
    const discarded = model.proxy.prepare();
    discarded.discard();
    const revoked = issue();
    revoked.revoke();
    for (const token of ['', 'made-up', prepared.token, discarded.token, revoked.token, proxiedKey]) {
      const { status } = await ask(model.proxy.socketPath, token).answer;
      expect(status).toBe(401);
    }
    expect(model.api.requests).toHaveLength(0);
  });

  it('gives every ticket a token of 256 bits, which a spare can have before its step', async () => {
    const prepared = model.proxy.prepare();
    expect(Buffer.from(prepared.token, 'base64url')).toHaveLength(32);
    expect(prepared.environment.ANTHROPIC_API_KEY).toBe(prepared.token);
    const ticket = prepared.issue(aRun());
    expect((await askFor(ticket).answer).status).toBe(200);
    expect(() => prepared.issue(aRun())).toThrow('issued');
  });

  it('serves two paths and one method', async () => {
    const ticket = issue();
    const wrong: [string, string][] = [
      ['GET', '/v1/messages'],
      ['POST', '/v1/models'],
      ['GET', '/v1/models'],
      ['POST', '/v1/messages/batches'],
      ['POST', '/v1/messages/'],
      ['POST', '/v1/messages?beta=false'],
      ['POST', '/../v1/messages'],
      ['POST', 'http://example.com/v1/messages'],
      ['PUT', '/v1/messages'],
    ];
    for (const [method, target] of wrong) {
      const { status } = await askFor(ticket, aRequest(), { method, path: target }).answer;
      expect([method, target, status]).toEqual([method, target, 404]);
    }
    expect(model.api.requests.length + model.api.others.length).toBe(0);
    const counted = await askFor(ticket, aRequest(), { path: '/v1/messages/count_tokens' }).answer;
    expect(counted.json()).toHaveProperty('input_tokens');
    expect(model.api.others[0]?.url).toBe('/v1/messages/count_tokens');
  });
});

describe('the key', () => {
  it('is put in, and everything the caller sent in its place is left out', async () => {
    const ticket = issue();
    await askFor(ticket, aRequest(), {
      headers: {
        authorization: 'Bearer somebody-elses',
        cookie: 'a=b',
        'proxy-authorization': 'Basic x',
        'x-forwarded-for': '1.2.3.4',
        'anthropic-beta': 'interleaved-thinking-2025-05-14',
        'anthropic-version': '2023-06-01',
      },
    }).answer;
    const { headers, url } = await model.api.request(0);
    expect(url).toBe('/v1/messages?beta=true');
    expect(headers['x-api-key']).toBe(proxiedKey);
    expect(headers.authorization).toBe(`Bearer ${proxiedKey}`);
    expect(headers['anthropic-beta']).toBe('interleaved-thinking-2025-05-14');
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('proxy-authorization');
    expect(headers).not.toHaveProperty('x-forwarded-for');
    expect(JSON.stringify(headers)).not.toContain(ticket.token);
  });

  it('goes behind the path of the base URL', async () => {
    await model.config('model_base_url', `${model.api.url}/gateway/anthropic/v1/`);
    await model.config('anthropic_api_key', proxiedKey);
    await askFor(issue()).answer;
    expect(model.api.requests[0]?.url).toBe('/gateway/anthropic/v1/messages?beta=true');
    await model.config('model_base_url', model.api.url);
    await askFor(issue()).answer;
    // A new address drops the key; an endpoint of one's own may want none.
    expect(model.api.requests[1]?.headers).not.toHaveProperty('x-api-key');
    await model.config('anthropic_api_key', proxiedKey);
  });

  it('is not sent after a redirect', async () => {
    const other = await startMessagesApi(() => ({ text: 'stolen' }));
    model.api.setScript(() => ({ fail: 'redirect', location: `${other.url}/v1/messages` }));
    const ticket = issue();
    const { status, headers } = await askFor(ticket).answer;
    expect(status).toBe(502);
    expect(headers).not.toHaveProperty('location');
    expect(other.requests).toHaveLength(0);
    expect(ticket.lastFailure()).toMatchObject({ code: 'E_MODEL_FAILED' });
    await other.close();
  });

  it('is not told by an endpoint that repeats it in an error', async () => {
    await model.config('model_base_url', `${model.api.url}/x`);
    await model.config('anthropic_api_key', `${proxiedKey}-2`);
    model.api.setScript(() => ({ fail: 'unauthorized', message: `bad key ${proxiedKey}-2` }));
    const ticket = issue();
    const { text } = await askFor(ticket).answer;
    expect(text).toContain('[redacted:anthropic_api_key]');
    expect(JSON.stringify(ticket.lastFailure())).not.toContain(proxiedKey);
    await model.config('model_base_url', model.api.url);
    await model.config('anthropic_api_key', proxiedKey);
  });

  it('and no token ever stands in the log', () => {
    expect(model.logged()).not.toContain('canary');
    expect(model.logged()).toContain('A model call ended');
  });
});

describe('what may be asked', () => {
  it('is the ticket’s model alone, by whichever of its names', async () => {
    const ticket = issue();
    const { status, json } = await askFor(ticket, aRequest({ model: 'claude-opus-5-5' })).answer;
    expect(status).toBe(400);
    expect(json()).toMatchObject({ error: { message: expect.stringContaining(proxiedModelName) } });
    expect(ticket.lastFailure()?.code).toBe('E_MODEL_REFUSED_REQUEST');
    expect(model.api.requests).toHaveLength(0);
    // An agent that tries another model after a failure does not hide it.
    const failing = issue();
    model.api.setScript(() => ({ fail: 'overloaded' }));
    await askFor(failing).answer;
    await askFor(failing, aRequest({ model: 'claude-opus-5-5' })).answer;
    expect(failing.lastFailure()?.code).toBe('E_MODEL_OVERLOADED');
    model.api.setScript(inTurn({ text: 'Hello.' }));
    expect((await askFor(issue({ model: 'sonnet[1m]' })).answer).status).toBe(200);
  });

  it('is no server or tool that the endpoint would run, and no dearer kind of call', async () => {
    const wrong = [
      { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
      { mcp_servers: [{ type: 'url', url: 'https://example.com', name: 'x' }] },
      { speed: 'fast' },
      { messages: 'Hello' },
    ];
    for (const part of wrong) {
      const { status, headers } = await askFor(issue(), aRequest(part)).answer;
      expect([part, status]).toEqual([part, 400]);
      expect(headers['x-should-retry']).toBe('false');
    }
    expect((await askFor(issue(), undefined, { raw: '{"model":' }).answer).status).toBe(400);
    expect(model.api.requests).toHaveLength(0);
  });

  it('is not larger than the API takes', async () => {
    const big = 'x'.repeat(33 * 1024 * 1024);
    const ticket = issue();
    const asked = askFor(ticket, aRequest({ system: big }));
    // The proxy may hang up before all was sent.
    const status = await asked.answer.then(
      (answer) => answer.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect(model.api.requests).toHaveLength(0);
  });

  it('holds no known secret, whatever form it has, and keeps its own form', async () => {
    const secret = 'correct-horse-battery/staple+1';
    model.vault.redactor.register('house.API_KEY', secret);
    const body = aRequest({
      system: [{ type: 'text', text: `env: ${secret}` }],
      messages: [
        { role: 'user', content: `plain ${secret}` },
        {
          role: 'assistant',
          content: [
            {
              type: 'tool_use',
              id: 'toolu_1',
              name: 'mcp__a__b',
              input: { [secret]: { deep: [`x${secret}`] } },
            },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_1',
              content: [{ type: 'text', text: Buffer.from(`A=${secret}`).toString('base64') }],
              cache_control: { type: 'ephemeral' },
            },
          ],
        },
        { role: 'user', content: encodeURIComponent(secret) },
      ],
      tools: [{ name: 'mcp__a__b', description: `uses ${secret}`, input_schema: { type: 'object' } }],
    });
    expect((await askFor(issue(), body).answer).status).toBe(200);
    const { raw } = await model.api.request(0);
    expect(raw).toContain('[redacted:house.API_KEY]');
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      expect(raw).not.toContain(form);
    }
    for (let shift = 0; shift < 3; shift++) {
      const shifted = Buffer.from(`${' '.repeat(shift)}${secret}`).toString('base64');
      expect(raw).not.toContain(shifted.slice(4, -8));
    }
    expect(model.api.requests[0]?.body.messages[2]).toMatchObject({
      content: [{ type: 'tool_result', tool_use_id: 'toolu_1', cache_control: { type: 'ephemeral' } }],
    });
  });

  it('is sent as it came where nothing is to hide', async () => {
    const body = aRequest({
      metadata: { user_id: 'x' },
      thinking: { type: 'adaptive' },
      extra: { a: [1, null] },
    });
    await askFor(issue(), body).answer;
    expect(model.api.requests[0]?.raw).toBe(JSON.stringify(body));
  });
});

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

describe('limits of money', () => {
  const limit = (limitUsd: number, spentUsd = 0) => spendLimit({ scope: 'this run', limitUsd, spentUsd });

  it('cut the answer down to what they leave', async () => {
    const seen: unknown[] = [];
    const ticket = issue({ budget: [limit(0.05)], onRequest: (request) => seen.push(request) });
    await askFor(ticket).answer;
    const sent = model.api.requests[0]?.body.max_tokens ?? 0;
    // 0.05 dollars are 5,000 tokens of answer, less what the prompt may cost.
    expect(sent).toBeGreaterThan(4_900);
    expect(sent).toBeLessThan(5_000);
    expect(seen).toEqual([
      expect.objectContaining({ call: 1, model: proxiedModelName, maxTokens: sent, clamped: true }),
    ]);
  });

  it('keep thinking below the answer', async () => {
    const thinking = { type: 'enabled', budget_tokens: 31_999 };
    const body = aRequest({ thinking });
    await askFor(issue({ budget: [limit(0.05)] }), body).answer;
    const { body: clamped } = await model.api.request(0);
    const { max_tokens: most = 0, thinking: sent } = clamped;
    expect(sent).toMatchObject({ type: 'enabled' });
    expect((sent as typeof thinking).budget_tokens).toBeLessThan(most);
    expect((sent as typeof thinking).budget_tokens).toBeGreaterThanOrEqual(1024);
    const refused = await askFor(issue({ budget: [limit(0.015)] }), body).answer;
    expect(refused.status).toBe(400);
  });

  it('refuse a call that they cannot pay, in a way that is not tried again', async () => {
    const ticket = issue({ budget: [limit(1, 0.9999)] });
    const { status, headers, json } = await askFor(ticket).answer;
    expect([status, headers['x-should-retry']]).toEqual([400, 'false']);
    expect(json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    expect(ticket.lastFailure()).toMatchObject({
      code: 'E_COST_CAP',
      message: expect.stringContaining('$1.00 for this run'),
    });
    expect(model.api.requests).toHaveLength(0);
  });

  it('never let a run cost more, however many calls it makes', async () => {
    const usage = { input_tokens: 900, output_tokens: 400 };
    const limitUsd = 0.05;
    const budget = [limit(limitUsd)];
    const ticket = issue({ budget });
    model.api.setScript(() => ({ text: 'x'.repeat(3000), usage }));
    let calls = 0;
    const body = aRequest({ system: 'x'.repeat(2_000), max_tokens: 1000 });
    while ((await askFor(ticket, body).answer).status === 200) calls += 1;
    expect(calls).toBeGreaterThan(3);
    expect(ticket.usage().costUsd).toBeLessThanOrEqual(limitUsd);
    expect(ticket.lastFailure()?.code).toBe('E_COST_CAP');
  });

  it('hold for calls at the same time', async () => {
    model.api.setScript(() => ({ text: 'x', usage: { input_tokens: 50, output_tokens: 900 }, delayMs: 200 }));
    const ticket = issue({ budget: [limit(0.03)] });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => askFor(ticket, aRequest({ max_tokens: 1000 })).answer),
    );
    const paid = answers.filter(({ status }) => status === 200).length;
    expect(paid).toBeGreaterThan(0);
    expect(paid).toBeLessThan(4);
    expect(ticket.usage().costUsd).toBeLessThanOrEqual(0.03);
  });

  it('say so when an answer was cut by them', async () => {
    const ticket = issue({ budget: [limit(0.05)] });
    model.api.setScript(() => ({ text: 'Once upon', stopReason: 'max_tokens' }));
    await askFor(ticket).answer;
    expect(ticket.lastFailure()?.code).toBe('E_COST_CAP');
  });

  it('refuse a model without a price', async () => {
    const ticket = issue({ model: 'mystery', budget: [limit(5)] });
    expect((await askFor(ticket, aRequest({ model: 'mystery' })).answer).status).toBe(400);
    expect(ticket.lastFailure()?.code).toBe('E_MODEL_UNPRICED');
    expect(model.api.requests).toHaveLength(0);
  });

  it('give back what a failed call did not cost', async () => {
    const budget = [limit(0.05)];
    const ticket = issue({ budget });
    model.api.setScript(() => ({ fail: 'server-error' }));
    for (let call = 0; call < 20; call++) expect((await askFor(ticket).answer).status).toBe(500);
    expect(ticket.lastFailure()?.code).toBe('E_MODEL_FAILED');
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
      budget: [spendLimit({ scope: 'this run', limitUsd: 0.000001 })],
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

describe('failures', () => {
  const table: [FailureName, number, string, boolean][] = [
    ['unauthorized', 401, 'E_MODEL_AUTH', false],
    ['forbidden', 403, 'E_MODEL_AUTH', false],
    ['model-not-found', 404, 'E_MODEL_NOT_FOUND', false],
    ['rate-limited', 429, 'E_MODEL_RATE_LIMITED', true],
    ['overloaded', 529, 'E_MODEL_OVERLOADED', true],
    ['billing', 400, 'E_MODEL_BILLING', false],
    ['prompt-too-long', 400, 'E_PROMPT_TOO_LONG', false],
    ['bad-request', 400, 'E_MODEL_REFUSED_REQUEST', false],
    ['server-error', 500, 'E_MODEL_FAILED', true],
    ['reset', 502, 'E_MODEL_UNREACHABLE', true],
    ['not-json', 502, 'E_MODEL_FAILED', false],
  ];
  it.each(table)('%s: %i, remembered as %s', async (fail, status, code, retry) => {
    model.api.setScript(() => ({ fail }));
    const ticket = issue();
    const answer = await askFor(ticket).answer;
    expect(answer.status).toBe(status);
    expect(answer.headers['x-should-retry']).toBe(String(retry));
    expect(answer.json()).toMatchObject({ type: 'error', error: { type: expect.any(String) } });
    const failure = ticket.lastFailure();
    expect(failure?.code).toBe(code);
    expect(failure?.message).toMatch(/^[A-Zh].*[.”]$/s);
    expect(failure?.remedy).toMatch(/\S/);
  });

  it.each(['overloaded-mid-stream', 'cut-mid-stream', 'reset-mid-stream'] as const)('%s', async (fail) => {
    model.api.setScript(() => ({ fail }));
    const ticket = issue();
    await askFor(ticket).answer.catch(() => {});
    expect(ticket.lastFailure()?.code).toBe(
      fail === 'overloaded-mid-stream' ? 'E_MODEL_OVERLOADED' : 'E_MODEL_UNREACHABLE',
    );
    model.api.setScript(inTurn({ text: 'Well.' }));
    await askFor(ticket).answer;
    expect(ticket.lastFailure()).toBeUndefined();
  });

  it('passes on how long to wait, but does not let the agent wait for an hour', async () => {
    model.api.setScript(() => ({ fail: 'rate-limited', retryAfter: 3 }));
    const soon = await askFor(issue()).answer;
    expect([soon.headers['retry-after'], soon.headers['x-should-retry']]).toEqual(['3', 'true']);
    model.api.setScript(() => ({ fail: 'rate-limited', retryAfter: 3600 }));
    const ticket = issue();
    const late = await askFor(ticket).answer;
    expect(late.headers['x-should-retry']).toBe('false');
    expect(ticket.lastFailure()?.remedy).toContain('in 60 minutes');
  });

  it('an endpoint that nobody serves', async () => {
    await model.config('model_base_url', await closedPort());
    const ticket = issue();
    expect((await askFor(ticket).answer).status).toBe(502);
    expect(ticket.lastFailure()).toMatchObject({
      code: 'E_MODEL_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await model.config('model_base_url', model.api.url);
    await model.config('anthropic_api_key', proxiedKey);
  });

  it('an endpoint that is silent, or stops in the middle; the third time it is not even asked', async () => {
    await model.config('model_timeout_ms', '1000');
    const silent = issue();
    model.api.setScript(() => ({ fail: 'hang' }));
    const first = await askFor(silent).answer;
    expect([first.status, first.headers['x-should-retry']]).toEqual([504, 'true']);
    expect(silent.lastFailure()).toMatchObject({
      code: 'E_MODEL_TIMEOUT',
      message: expect.stringContaining('within 1 s'),
    });
    const { closed } = await model.api.request(0);
    await expect(closed).resolves.toBe('aborted');
    model.api.setScript(() => ({ fail: 'hang-mid-stream' }));
    await expect(askFor(silent).answer).rejects.toThrow();
    expect(silent.lastFailure()?.message).toContain('stopped in the middle');
    const third = await askFor(silent).answer;
    expect([third.status, third.headers['x-should-retry']]).toEqual([504, 'false']);
    expect(model.api.requests).toHaveLength(2);
    await model.config('model_timeout_ms', '90000');
  });

  it('no key, and no endpoint of one’s own', async () => {
    await model.db.prisma.config.deleteMany({
      where: { key: { in: ['anthropic_api_key', 'model_base_url'] } },
    });
    const ticket = issue();
    expect((await askFor(ticket).answer).status).toBe(401);
    expect(ticket.lastFailure()).toMatchObject({ code: 'E_MODEL_AUTH', message: 'No model key is set.' });
    await model.config('model_base_url', model.api.url);
    await model.config('anthropic_api_key', proxiedKey);
  });
});
