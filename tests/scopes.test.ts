/** Scope by scope, act by act: what docs/security.md says, what the code says, and what a running VM does. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acts } from '../src/contract/acts.ts';
import { type Scope, scopes } from '../src/contract/common.ts';
import { policy, scopesFor } from '../src/http/access/policy.ts';
import { newId } from '../src/kernel/ids.ts';
import { until } from './helpers/mcp/stdio-link.ts';
import { type MessagesApi, startMessagesApi } from './helpers/messages-api.ts';
import { startTestVm, type TestVm } from './helpers/vm.ts';

type Mark = { scopes: Scope[]; isTogether: boolean };

/** Addresses that are not under /api/v1. */
const outside = new Set(['/metrics', '/mcp']);

/** The table in docs/security.md: routes and acts with the scopes that open them. */
function documented(): { routes: Map<string, Mark>; acts: Map<string, Mark> } {
  const text = readFileSync(path.join(import.meta.dirname, '../docs/security.md'), 'utf8');
  const section = /^## Scopes\n(.*?)^## /ms.exec(text)?.[1] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  const cellsOf = (row: string) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const [, ...columns] = cellsOf(rows[0] ?? '').map((cell) => cell.replaceAll('`', ''));
  expect(columns).toEqual([...scopes]);
  const table = { routes: new Map<string, Mark>(), acts: new Map<string, Mark>() };
  for (const [act = '', ...cells] of rows.slice(2).map(cellsOf)) {
    const mark = {
      scopes: scopes.filter((_, index) => cells[index] === '✓' || cells[index] === '+'),
      isTogether: cells.includes('+'),
    };
    const named = /^\*(.+?)\*/.exec(act)?.[1];
    if (named !== undefined) table.acts.set(named, mark);
    for (const [, method, address = ''] of act.matchAll(/`([A-Z]+) (\/[^`]+)`/g)) {
      const route = `${method} ${outside.has(address) ? '' : '/api/v1'}${address}`;
      expect(table.routes.has(route), route).toBe(false);
      table.routes.set(route, mark);
    }
  }
  return table;
}

const ledger = path.join(import.meta.dirname, 'helpers/mcp/ledger-server.ts');
let model: MessagesApi;
let vm: TestVm;
const tokens = new Map<string, string>();
beforeAll(async () => {
  model = await startMessagesApi(({ body }) =>
    JSON.stringify(body.messages).includes('"tool_result"')
      ? { text: 'Done.' }
      : JSON.stringify(body.messages).includes('Pay the')
        ? { toolCalls: [{ name: 'mcp__ledger__pay', input: { to: 'the-payee' } }] }
        : { text: 'the-output' },
  );
  vm = await startTestVm({
    env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'sk-ant-test-0123456789' },
  });
  const config = { command: 'node', args: [ledger, book()], sandbox: 'off' };
  await vm.api('POST', '/api/v1/connections', { name: 'ledger', type: 'mcp_stdio', config });
  expect((await vm.api('POST', '/api/v1/connections/ledger/discover')).status).toBe(200);
});
afterAll(async () => {
  await vm?.stop();
  await model?.close();
});

const book = () => path.join(vm.home, 'ledger.jsonl');

/** A token with these scopes and no others. */
async function tokenOf(...held: Scope[]): Promise<string> {
  const key = held.join();
  const known = tokens.get(key);
  if (known !== undefined) return known;
  const { body } = await vm.api('POST', '/api/v1/tokens', { name: key, scopes: held });
  const { token } = body as { token: string };
  tokens.set(key, token);
  return token;
}

type Answer = { status: number; body: Record<string, unknown>; text: string };

async function send(held: Scope[], method: string, url: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${vm.url}${url}`, {
    method,
    headers: {
      authorization: `Bearer ${await tokenOf(...held)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    text,
    body: isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

const step = (approval?: string, ...tools: string[]) => ({
  id: 1,
  prompt: 'Pay the bill',
  allowedTools: tools.map((tool) => `mcp__ledger__${tool}`),
  ...(approval === undefined ? {} : { approval }),
});
const skill = (slug: string, more: Record<string, unknown> = {}) => ({
  slug,
  name: slug,
  steps: [step('always', 'pay')],
  ...more,
});
/** The owner makes it. */
async function make(slug: string, more: Record<string, unknown> = {}): Promise<void> {
  const { status, body } = await vm.api('POST', '/api/v1/skills', skill(slug, more));
  expect(status, JSON.stringify(body)).toBe(201);
}

describe('the table in docs/security.md', () => {
  it('says of every route and act what the code says', () => {
    const table = documented();
    const closed = Object.entries(policy).filter(
      ([, access]) => access !== 'public' && access !== 'signed-in',
    );
    const expected = closed.map(([route, access]): [string, Mark] => [
      route,
      access === 'every-scope'
        ? { scopes: [...scopes], isTogether: true }
        : {
            scopes: scopes.filter((scope) => scopesFor(access as Scope).includes(scope)),
            isTogether: false,
          },
    ]);
    expect(Object.fromEntries(table.routes)).toEqual(Object.fromEntries(expected));
    expect(Object.fromEntries([...table.acts].map(([act, mark]) => [act, mark.scopes]))).toEqual(
      Object.fromEntries(Object.entries(acts).map(([act, { scope }]) => [act, [scope]])),
    );
  });
});

describe('a call by hand', () => {
  it('is for who could approve it, and for nobody else', async () => {
    const url = '/api/v1/connections/ledger/tools/pay';
    for (const scope of scopes.filter((one) => one !== 'admin')) {
      expect(await send([scope], 'POST', url, { arguments: {} })).toMatchObject({
        status: 403,
        body: { code: 'E_FORBIDDEN' },
      });
    }
    expect(existsSync(book())).toBe(false);
    expect((await send(['admin'], 'POST', url, { arguments: {} })).status).toBe(200);
    expect(readFileSync(book(), 'utf8')).toBe('["pay",{}]\n');
  });
});

describe('waiting for a run', () => {
  it('shows what it did to who may read, and how it ended to who may run', async () => {
    await make('says', { steps: [{ id: 1, prompt: 'Say {{what}}' }] });
    const url = '/api/v1/skills/says/run?wait=120';
    const whole = await send(['run', 'read'], 'POST', url, { input: { what: 'the-input' } });
    expect(whole).toMatchObject({ status: 200, body: { status: 'succeeded', output: 'the-output' } });
    const state = await send(['run'], 'POST', url, { input: { what: 'the-input' } });
    expect(state).toMatchObject({ status: 200, body: { status: 'succeeded', errorCode: null } });
    expect(state.text).not.toMatch(/the-input|the-output/);
    const retried = await send(['run'], 'POST', `/api/v1/executions/${state.body.id}/retry`, {});
    expect(Object.keys(retried.body)).toEqual(['executionId']);
  });
});

describe('a decision', () => {
  it('is answered with the arguments to who may read', async () => {
    await make('pays');
    const decide = async (...held: Scope[]) => {
      await vm.api('POST', '/api/v1/skills/pays/run', { input: {} });
      let id: string | undefined;
      await until(async () => {
        const { body } = await vm.api('GET', '/api/v1/approvals?status=pending');
        id = (body as { items: { id: string }[] }).items[0]?.id;
        return id !== undefined;
      });
      return send(held, 'POST', `/api/v1/approvals/${id}`, { decision: 'deny' });
    };
    const blind = await decide('admin');
    expect(blind).toMatchObject({ status: 200, body: { status: 'denied', arguments: null } });
    expect(blind.text).not.toContain('the-payee');
    expect((await decide('admin', 'read')).body).toMatchObject({ arguments: { to: 'the-payee' } });
  });
});

describe('a signed delivery', () => {
  it('to a hook that gives results is for who may read as well', async () => {
    await make('asks', { triggerType: 'webhook', triggerConfig: {} });
    await make('gives', { triggerType: 'webhook', triggerConfig: { response: 'result' } });
    const sample = (slug: string, ...held: Scope[]) =>
      send(held, 'POST', `/api/v1/skills/${slug}/hook/sample`, {});
    expect((await sample('asks', 'write')).status).toBe(200);
    expect(await sample('gives', 'write')).toMatchObject({ status: 403, body: { code: 'E_FORBIDDEN' } });
    expect((await sample('gives', 'write', 'read')).status).toBe(200);
  });
});

describe('a connection', () => {
  it('is approved by saving it only by who may approve', async () => {
    const input = (name: string) => ({ name, type: 'mcp_stdio', config: { command: 'node', args: [] } });
    const url = '/api/v1/connections';
    expect((await send(['write'], 'POST', url, input('one'))).body).toMatchObject({ approved: false });
    const approved = await send(['write', 'connections:approve'], 'POST', url, input('two'));
    expect(approved.body).toMatchObject({ approved: true });
    const looser = { config: { sandbox: 'off' } };
    expect((await send(['write'], 'PATCH', `${url}/two`, looser)).body).toMatchObject({ approved: false });
    const http = {
      name: 'three',
      type: 'mcp_http',
      config: { url: 'https://mcp.example/mcp' },
    };
    await send(['write', 'connections:approve'], 'POST', url, http);
    const nearer = { config: { allowPrivateNetwork: true } };
    expect((await send(['write'], 'PATCH', `${url}/three`, nearer)).body).toMatchObject({ approved: false });
  });
});

describe('loosening a skill', () => {
  it('needs its own scope, whichever way the skill is saved', async () => {
    const unasked = { steps: [step('never', 'pay')] };
    for (const slug of ['strict', 'restored', 'draft', 'capped', 'hooked', 'replaced']) {
      await make(slug, {
        maxCostUsd: 1,
        ...(slug === 'draft' ? { ...unasked, isActive: false } : {}),
        ...(slug === 'restored' ? unasked : {}),
        ...(slug === 'hooked' ? { triggerType: 'webhook', triggerConfig: {} } : {}),
      });
    }
    await vm.api('PATCH', '/api/v1/skills/restored', { steps: [step('always', 'pay')] });
    const exported = await vm.api('GET', '/api/v1/skills/draft/export');
    const { files } = exported.body as { files: Record<string, string> };
    const folder = (name: string) => ({
      ...files,
      'SKILL.md': (files['SKILL.md'] ?? '').replaceAll('draft', name),
    });

    const ways: [method: string, url: string, body: unknown, field: string][] = [
      ['POST', '', skill('created', unasked), '/steps/0/approval'],
      ['POST', '', skill('unsaid', { steps: [step(undefined, 'pay')] }), '/steps/0/approval'],
      ['PATCH', '/strict', unasked, '/steps/0/approval'],
      ['PATCH', '/draft', { isActive: true }, '/steps/0/approval'],
      ['PATCH', '/capped', { maxCostUsd: 2 }, '/maxCostUsd'],
      ['PATCH', '/capped', { maxCostUsd: null }, '/maxCostUsd'],
      ['PATCH', '/hooked', { triggerConfig: { auth: 'none' } }, '/triggerConfig/auth'],
      ['PATCH', '/hooked', { triggerConfig: { response: 'result' } }, '/triggerConfig/response'],
      ['POST', '/restored/versions/1/restore', undefined, '/steps/0/approval'],
      ['POST', '', { from: 'folder-digest', slug: 'templated', ...unasked }, '/steps/0/approval'],
      ['POST', '/import', { files: folder('replaced'), replace: true }, '/steps/0/approval'],
    ];
    for (const [method, url, body, field] of ways) {
      const what = `${method} ${url} ${JSON.stringify(body)}`;
      const refused = await send(['read', 'run', 'write', 'admin'], method, `/api/v1/skills${url}`, body);
      expect(refused.status, `${what}: ${refused.text}`).toBe(403);
      expect(refused.body).toMatchObject({ code: 'E_FORBIDDEN', errors: [{ field }] });
      expect(refused.body.detail).toContain('connections:approve');
      const saved = await send(['write', 'connections:approve'], method, `/api/v1/skills${url}`, body);
      expect(saved.status, `${what}: ${saved.text}`).toBeLessThan(300);
    }
  });

  it('is not what a token that writes does otherwise', async () => {
    const saved = await send(['write'], 'POST', '/api/v1/skills', skill('stays', { maxCostUsd: 1 }));
    expect(saved.status, saved.text).toBe(201);
    for (const patch of [
      { name: 'Another' },
      { steps: [step('always', 'pay'), { ...step('never', 'look'), id: 2 }] },
      { steps: [step('always', 'pay', 'look')] },
      { maxCostUsd: 0.5 },
      { triggerType: 'webhook', triggerConfig: {} },
    ]) {
      const { status, text } = await send(['write'], 'PATCH', '/api/v1/skills/stays', patch);
      expect(status, text).toBe(200);
    }
  });
});

describe('every route', () => {
  it('opens to the scopes that the table names, and to no other', async () => {
    const { routes } = documented();
    const nonsense = { nonsense: true };
    for (const [route, { scopes: named, isTogether }] of routes) {
      const [method = '', pattern = ''] = route.split(' ');
      // Something in the place of every parameter, that is not there; a body that nothing accepts.
      const url = pattern
        .replace(/^(\/api\/v1\/(?:tokens|executions|approvals)\/):id/, `$1${newId()}`)
        .replace(':version', '1')
        .replace(':key', 'no_such_entry')
        .replace(/:\w+/g, 'nobody');
      const body = ['POST', 'PUT', 'PATCH'].includes(method) ? nonsense : undefined;
      for (const scope of scopes) {
        const { status } = await send([scope], method, url, body);
        const isOpen = !isTogether && named.includes(scope);
        expect(`${route} by ${scope}: ${status === 403}`).toBe(`${route} by ${scope}: ${!isOpen}`);
        expect(status, `${route} by ${scope}`).not.toBe(401);
        // MCP has a way to say that there is no stream beside the answers.
        expect(status === 405, `${route} by ${scope}`).toBe(isOpen && route === 'GET /mcp');
        expect(status, `${route} by ${scope}`).toBeLessThan(500);
      }
      const without = scopes.filter((scope) => (isTogether ? scope !== 'run' : !named.includes(scope)));
      expect(`${route}: ${(await send(without, method, url, body)).status}`).toBe(`${route}: 403`);
    }
  });
});
