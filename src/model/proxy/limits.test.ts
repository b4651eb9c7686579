import { describe, expect, it } from 'vitest';
import { startConnectProxy } from '../../../tests/helpers/connect-proxy.ts';
import { closedPort, inTurn } from '../../../tests/helpers/messages-api.ts';
import type { FailureName } from '../../../tests/helpers/messages-api-script.ts';
import { aRequest, aRun, ask, proxiedKey, proxiedModelName } from '../../../tests/helpers/proxied-model.ts';
import { useProxiedModel } from '../../../tests/helpers/use-proxied-model.ts';
import { deleteConfig } from '../../config/delete-config.ts';
import { useProxies } from '../../kernel/proxies.ts';
import { readSettings } from '../../kernel/settings.ts';
import { spendCap } from '../../money/spend-caps.ts';
import type { TicketStep } from '../tickets.ts';

const model = useProxiedModel();

const issue = (run: Partial<TicketStep> = {}) => model.proxy.issue(aRun(run));
const askFor = (ticket: { token: string }, body?: unknown, options?: Parameters<typeof ask>[3]) =>
  ask(model.proxy.socketPath, ticket.token, body, options);

describe('limits of money', () => {
  const limit = (capUsd: number, spentUsd = 0) => spendCap({ scope: 'this run', capUsd, spentUsd });

  it('cut the answer down to what they leave', async () => {
    const seen: unknown[] = [];
    const ticket = issue({ caps: [limit(0.05)], onRequest: (request) => seen.push(request) });
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
    await askFor(issue({ caps: [limit(0.05)] }), body).answer;
    const { body: clamped } = await model.api.request(0);
    const { max_tokens: most = 0, thinking: sent } = clamped;
    expect(sent).toMatchObject({ type: 'enabled' });
    expect((sent as typeof thinking).budget_tokens).toBeLessThan(most);
    expect((sent as typeof thinking).budget_tokens).toBeGreaterThanOrEqual(1024);
    const refused = await askFor(issue({ caps: [limit(0.015)] }), body).answer;
    expect(refused.status).toBe(400);
  });

  it('refuse a call that they cannot pay, in a way that is not tried again', async () => {
    const ticket = issue({ caps: [limit(1, 0.9999)] });
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
    const capUsd = 0.05;
    const caps = [limit(capUsd)];
    const ticket = issue({ caps });
    model.api.setScript(() => ({ text: 'x'.repeat(3000), usage }));
    let calls = 0;
    const body = aRequest({ system: 'x'.repeat(2_000), max_tokens: 1000 });
    while ((await askFor(ticket, body).answer).status === 200) calls += 1;
    expect(calls).toBeGreaterThan(3);
    expect(ticket.usage().costUsd).toBeLessThanOrEqual(capUsd);
    expect(ticket.lastFailure()?.code).toBe('E_COST_CAP');
  });

  it('hold for calls at the same time', async () => {
    model.api.setScript(() => ({ text: 'x', usage: { input_tokens: 50, output_tokens: 900 }, delayMs: 200 }));
    const ticket = issue({ caps: [limit(0.03)] });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => askFor(ticket, aRequest({ max_tokens: 1000 })).answer),
    );
    const paid = answers.filter(({ status }) => status === 200).length;
    expect(paid).toBeGreaterThan(0);
    expect(paid).toBeLessThan(4);
    expect(ticket.usage().costUsd).toBeLessThanOrEqual(0.03);
  });

  it('say so when an answer was cut by them', async () => {
    const ticket = issue({ caps: [limit(0.05)] });
    model.api.setScript(() => ({ text: 'Once upon', stopReason: 'max_tokens' }));
    await askFor(ticket).answer;
    expect(ticket.lastFailure()?.code).toBe('E_COST_CAP');
  });

  it('refuse a model without a price', async () => {
    const ticket = issue({ model: 'mystery', caps: [limit(5)] });
    expect((await askFor(ticket, aRequest({ model: 'mystery' })).answer).status).toBe(400);
    expect(ticket.lastFailure()?.code).toBe('E_MODEL_UNPRICED');
    expect(model.api.requests).toHaveLength(0);
  });

  it('give back what a failed call did not cost', async () => {
    const caps = [limit(0.05)];
    const ticket = issue({ caps });
    model.api.setScript(() => ({ fail: 'server-error' }));
    for (let call = 0; call < 20; call++) expect((await askFor(ticket).answer).status).toBe(500);
    expect(ticket.lastFailure()?.code).toBe('E_MODEL_FAILED');
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

  it('one that is reached through the machine’s proxy, and one that this does not let through', async () => {
    const [open, shut] = [
      await startConnectProxy({ leadsTo: Number(new URL(model.api.url).port) }),
      await startConnectProxy({ status: 403 }),
    ];
    await model.config('model_base_url', 'http://10.77.0.1');
    await model.config('anthropic_api_key', proxiedKey);
    try {
      useProxies(readSettings({ HTTP_PROXY: open.url.href }).proxies);
      model.api.setScript(inTurn({ text: 'Well.' }));
      expect((await askFor(issue()).answer).status).toBe(200);
      expect(open.asked.map(({ authority }) => authority)).toEqual(['10.77.0.1:80']);
      useProxies(readSettings({ HTTP_PROXY: shut.url.href }).proxies);
      await model.config('model_base_url', 'http://10.77.0.2');
      await model.config('anthropic_api_key', proxiedKey);
      const ticket = issue();
      expect((await askFor(ticket).answer).status).toBe(502);
      expect(ticket.lastFailure()).toMatchObject({
        code: 'E_MODEL_UNREACHABLE',
        message: expect.stringContaining('does not connect to 10.77.0.2:80 (HTTP 403)'),
      });
    } finally {
      useProxies(readSettings({}).proxies);
      await model.config('model_base_url', model.api.url);
      await model.config('anthropic_api_key', proxiedKey);
      await Promise.all([open.close(), shut.close()]);
    }
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
    await deleteConfig(model, 'anthropic_api_key');
    await deleteConfig(model, 'model_base_url');
    const ticket = issue();
    expect((await askFor(ticket).answer).status).toBe(401);
    expect(ticket.lastFailure()).toMatchObject({ code: 'E_MODEL_AUTH', message: 'No model key is set.' });
    await model.config('model_base_url', model.api.url);
    await model.config('anthropic_api_key', proxiedKey);
  });
});
