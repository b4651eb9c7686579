import { statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTurn, startMessagesApi } from '../../../tests/helpers/messages-api.ts';
import { aRequest, aRun, ask, proxiedKey, proxiedModelName } from '../../../tests/helpers/proxied-model.ts';
import { useProxiedModel } from '../../../tests/helpers/use-proxied-model.ts';
import type { TicketStep } from '../tickets.ts';

const model = useProxiedModel();

const issue = (run: Partial<TicketStep> = {}) => model.proxy.issue(aRun(run));
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

  it('has a request wait for the ticket that is expected, and sends nothing before it is there', async () => {
    const prepared = model.proxy.prepare();
    const given = model.proxy.prepare();
    for (const token of [prepared, given]) token.expect();
    const asked = ask(model.proxy.socketPath, prepared.token, aRequest());
    const inVain = ask(model.proxy.socketPath, given.token, aRequest());
    // Another's, which came later, is answered meanwhile.
    expect((await askFor(issue()).answer).status).toBe(200);
    expect(model.api.requests).toHaveLength(1);
    given.discard();
    expect((await inVain.answer).status).toBe(401);
    prepared.issue(aRun());
    expect((await asked.answer).status).toBe(200);
    expect(model.api.requests).toHaveLength(2);
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
