/** A VM with something of everything that a row can lead astray, and what each act on it must never bring about. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scopes } from '../../src/contract/common.ts';
import { startCanary } from '../helpers/canary.ts';
import { startScriptedHttp } from '../helpers/mcp/scripted-http.ts';
import { type Script, startMessagesApi } from '../helpers/messages-api.ts';
import { startTestVm } from '../helpers/vm.ts';
import { type Change, type Lures, mark, type RowChanger } from './row-changer.ts';

/** Each belongs to one place, and may be nowhere else. */
const canaries = {
  program: 'canary-program-5f1e83aa90c1',
  bearer: 'canary-bearer-77aa01b2c3d4',
  model: 'sk-ant-canary-93b1c07de2f84a65',
};

export type Forbidden = Record<
  | 'secret at another address'
  | 'another address dialled'
  | 'another program started'
  | 'got in, or did more'
  | 'call that nobody approved'
  | 'changed text to the model',
  number
>;

const settledWithinMs = 15_000;

/** Two steps: the second wants a call that somebody has to approve. */
const script: Script = ({ body }) => {
  const last = JSON.stringify(body.messages.at(-1) ?? {});
  const all = JSON.stringify(body.messages);
  if (all.includes('PAY NOW') && !all.includes('tool_result'))
    return { toolCalls: [{ name: 'mcp__ledger__pay', input: { amount: 1 } }] };
  return { text: last.includes('FIRST') ? 'The first is done.' : 'Done.' };
};

type Answer = { status: number; body: Record<string, unknown> };

export async function openRowBench(home: string, below: (below: number) => number) {
  const ledger = path.join(home, 'ledger.jsonl');
  const starts = path.join(home, 'starts.jsonl');
  const evil = path.join(home, 'evil.jsonl');
  const evilProgram = path.join(home, 'evil.sh');
  const recorder = path.resolve(import.meta.dirname, 'recorded-start.ts');
  writeFileSync(evilProgram, `#!/bin/sh\nenv | tr '\\n' ' ' >> '${evil}'\necho >> '${evil}'\n`);
  chmodSync(evilProgram, 0o755);
  const [right, lure, model, lureModel, notices] = await Promise.all([
    startScriptedHttp(),
    startScriptedHttp(),
    startMessagesApi(script),
    startMessagesApi(script),
    startCanary((_request, response) => response.writeHead(204).end()),
  ]);
  const closeAll = () => Promise.all([right, lure, model, lureModel, notices].map((one) => one.close()));
  const vm = await startTestVm({
    home,
    env: {
      ...{ ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: canaries.model },
      ...{ ALFRED_LOG_LEVEL: 'warn', ALFRED_SPARE_AGENTS: '0', ALFRED_CONCURRENCY: '2' },
    },
  });

  async function call(method: string, route: string, body?: unknown, headers = {}): Promise<Answer> {
    const response = await fetch(new URL(route, vm.url), {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson ? (JSON.parse(text) as Answer['body']) : {} };
  }
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const must = async (method: string, route: string, body?: unknown) => {
    const answer = await call(method, route, body, bearer(vm.token));
    if (answer.status >= 300) throw new Error(`${route}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  await must('POST', '/api/v1/connections', {
    ...{ name: 'ledger', type: 'mcp_stdio' },
    config: {
      ...{ command: process.execPath, args: [recorder, ledger, starts], sandbox: 'off' },
      env: { LEDGER_TOKEN: canaries.program },
    },
  });
  await must('POST', '/api/v1/connections/ledger/discover', {});
  await must('POST', '/api/v1/connections', {
    ...{ name: 'web', type: 'mcp_http' },
    config: {
      ...{ url: right.mcp, allowPrivateNetwork: true },
      headers: { Authorization: `Bearer ${canaries.bearer}` },
    },
  });
  await must('POST', '/api/v1/connections/web/discover', {});
  await must('PUT', '/api/v1/config/notify_webhook_url', { value: notices.url });
  await must('POST', '/api/v1/skills', {
    ...{ slug: 'plain', name: 'Plain', concurrency: 4 },
    steps: [{ id: 1, prompt: 'FIRST say that all is well.', allowedTools: [] }],
  });
  await must('POST', '/api/v1/skills', {
    ...{ slug: 'asks', name: 'Asks', concurrency: 16 },
    steps: [
      { id: 1, prompt: 'FIRST look.', allowedTools: [] },
      { id: 2, prompt: 'PAY NOW.', allowedTools: ['mcp__ledger__pay'], approval: 'always' },
    ],
  });
  const token = async (name: string, held: readonly string[], more = {}) =>
    (await must('POST', '/api/v1/tokens', { name, scopes: held, ...more })) as { id: string; token: string };
  const spare = await token('spare', scopes);
  const reader = await token('reader', ['read']);
  const revoked = await token('revoked', scopes);
  await must('DELETE', `/api/v1/tokens/${revoked.id}`);
  const expired = await token('expired', scopes, { expiresAt: new Date(Date.now() + 3_000).toISOString() });

  const signIn = async () => {
    const { url } = await must('POST', '/api/v1/session/links');
    const code = new URL(String(url)).hash.slice('#code='.length);
    const answer = await fetch(new URL('/api/v1/session', vm.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    if (!answer.ok || cookie === '') throw new Error(`Signing in: ${answer.status} ${await answer.text()}`);
    return { code, cookie };
  };
  const { cookie } = await signIn();
  const closed = await signIn();
  const { origin } = new URL(vm.url);
  const { status: closing } = await call('DELETE', '/api/v1/session', undefined, {
    ...{ cookie: closed.cookie, origin },
  });
  if (closing !== 204) throw new Error(`Signing out: ${closing}`);
  await sleep(3_000);

  /** From an address of its own each time: wrong codes are limited by address. */
  const useCode = (code: string) =>
    new Promise<number>((resolve, reject) => {
      const localAddress = `127.0.${1 + below(200)}.${1 + below(200)}`;
      const headers = { 'content-type': 'application/json' };
      const sent = request(
        new URL('/api/v1/session', vm.url),
        { method: 'POST', headers, localAddress },
        (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)),
      );
      sent.on('error', reject).end(JSON.stringify({ code }));
    });

  const linesOf = (file: string) =>
    existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  let gotIn = 0;
  let decided = 0;
  const exercised: Record<string, number> = {};
  const note = (what: string) => {
    exercised[what] = (exercised[what] ?? 0) + 1;
  };
  /** Whichever of the owner's two tokens is not the changed row. */
  async function asOwner(method: string, route: string, body?: unknown): Promise<Answer> {
    const answer = await call(method, route, body, bearer(vm.token));
    return answer.status === 401 ? call(method, route, body, bearer(spare.token)) : answer;
  }

  async function checkWhoGetsIn(withCodes: boolean): Promise<void> {
    const out = (status: number) => {
      note(status < 300 ? 'let in' : 'kept out');
      if (status !== 401 && status !== 403) gotIn += 1;
    };
    await call('GET', '/api/v1/skills', undefined, bearer(reader.token));
    out((await call('POST', '/api/v1/model/test', {}, bearer(reader.token))).status);
    out((await call('GET', '/api/v1/tokens', undefined, bearer(reader.token))).status);
    for (const one of [revoked, expired])
      out((await call('GET', '/api/v1/session', undefined, bearer(one.token))).status);
    await call('GET', '/api/v1/session', undefined, { cookie });
    out((await call('GET', '/api/v1/session', undefined, { cookie: closed.cookie })).status);
    if (!withCodes) return;
    for (const code of [closed.code]) {
      const status = await useCode(code);
      if (status < 300) gotIn += 1;
      note(`used link: ${status}`);
    }
  }

  async function useConnections(): Promise<void> {
    // A process of the server that is gone has to be started again, by what the row says now.
    const last = linesOf(starts).at(-1);
    if (last !== undefined && below(3) === 0) {
      try {
        process.kill((JSON.parse(last) as { pid: number }).pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    for (const [name, tool] of [
      ['ledger', 'look'],
      ['web', 'echo'],
    ] as const) {
      const called = await asOwner('POST', `/api/v1/connections/${name}/tools/${tool}`, { arguments: {} });
      note(`tool by hand: ${called.status}`);
      note(`connection test: ${(await asOwner('POST', `/api/v1/connections/${name}/test`, {})).status}`);
      if (below(4) === 0) await asOwner('POST', `/api/v1/connections/${name}/discover`, {});
    }
  }

  const statusOf = async (id: string) => (await asOwner('GET', `/api/v1/executions/${id}`)).body.status;
  async function settled(id: string): Promise<unknown> {
    for (const until = Date.now() + settledWithinMs; Date.now() < until; await sleep(50)) {
      const status = await statusOf(id);
      if (status !== 'queued' && status !== 'running') return status;
    }
    return 'not settled';
  }

  async function runPlain(): Promise<void> {
    const { status, body } = await asOwner('POST', '/api/v1/skills/plain/run', { input: {} });
    const end = status === 202 ? await settled(String(body.executionId)) : status;
    note(`skill run: ${end}`);
  }

  let waiting: string | undefined;
  async function keepOneWaiting(): Promise<string> {
    if (waiting !== undefined && (await statusOf(waiting)) === 'waiting_approval') return waiting;
    const { body } = await asOwner('POST', '/api/v1/skills/asks/run', { input: {} });
    const id = String(body.executionId);
    const status = await settled(id);
    if (status !== 'waiting_approval')
      throw new Error(`The skill that asks: ${status} ${JSON.stringify(body)}`);
    waiting = id;
    return id;
  }

  /** Has the execution taken up, as who owns the queue's tables can; or has the call decided by the owner. */
  async function goOnWith(id: string, changer: RowChanger): Promise<void> {
    if (below(3) === 0) {
      const { body } = await asOwner('GET', `/api/v1/approvals?execution=${id}`);
      const [approval] = (body.items ?? []) as { id: string }[];
      if (approval) {
        const { status } = await asOwner('POST', `/api/v1/approvals/${approval.id}`, { decision: 'approve' });
        if (status < 300) decided += 1;
        note(`decided: ${status}`);
      }
    } else {
      const to = `UPDATE executions SET status = 'queued' WHERE id = $1 AND status = 'waiting_approval'`;
      const woken = await changer.query(to, [id]).catch(() => undefined);
      note(woken === undefined ? 'waking refused' : 'woken');
      await changer.query('DELETE FROM pgboss.job WHERE id = $1', [id]);
      await changer.query(`INSERT INTO pgboss.job (id, name, data) VALUES ($1, 'execution.run', $2)`, [
        id,
        JSON.stringify({ executionId: id }),
      ]);
      await changer.query(`SELECT pg_notify('alfred_jobs', 'execution.run')`);
      await sleep(300);
    }
    note(`went on: ${await settled(id)}`);
  }

  const lures: Lures = {
    ...{ url: lure.url, mcp: lure.mcp, model: lureModel.url, command: evilProgram },
    args: [recorder, ledger, evil],
  };
  const runTables = ['executions', 'execution_steps', 'approvals', 'step_sessions'];
  return {
    vm,
    lures,
    exercised,
    asOwner,
    keepOneWaiting,
    /** Uses what the changed row is about, and whoever may not get in. */
    async exercise({ table, executionId }: Change, changer: RowChanger): Promise<void> {
      await checkWhoGetsIn(table === 'sign_in_links');
      if (table === 'connections' || below(20) === 0) await useConnections();
      if (table === 'config' || below(10) === 0)
        note(`model test: ${(await asOwner('POST', '/api/v1/model/test', {})).status}`);
      if (table === 'skills' || table === 'skill_versions' || (table === 'config' && below(4) === 0))
        await runPlain();
      // A run takes seconds: enough of them go on.
      const isOfWaiting = runTables.includes(table) && executionId !== undefined && executionId === waiting;
      if (isOfWaiting && below(3) === 0) await goOnWith(executionId, changer);
    },
    /** What came about up to now that must not. */
    count(): Forbidden {
      const textOf = (one: { headers: unknown; body: unknown }) =>
        JSON.stringify(one.headers) +
        (Buffer.isBuffer(one.body) ? String(one.body) : JSON.stringify(one.body));
      const holds = (text: string, but?: keyof typeof canaries) =>
        Object.entries(canaries).some(([name, canary]) => name !== but && text.includes(canary));
      const modelCalls = [...model.requests, ...model.others];
      const atLures = [...lure.requests, ...lureModel.requests, ...lureModel.others];
      const started = linesOf(starts);
      const isApproved = (line: string) =>
        JSON.stringify((JSON.parse(line) as { args: string[] }).args) === JSON.stringify([ledger, starts]);
      const pays = linesOf(ledger).filter((line) => line.startsWith('["pay"'));
      const isAsked = (line: string) => line === '["pay",{"amount":1}]';
      return {
        'secret at another address':
          atLures.filter((one) => holds(textOf(one))).length +
          right.requests.filter((one) => holds(textOf(one), 'bearer')).length +
          notices.requests.filter((one) => holds(textOf(one))).length +
          modelCalls.filter((one) => holds(textOf(one), 'model')).length +
          started.filter((line) => holds(line, 'program')).length +
          linesOf(evil).filter((line) => holds(line)).length,
        'another address dialled': lure.connections() + lureModel.requests.length + lureModel.others.length,
        'another program started': linesOf(evil).length + started.filter((line) => !isApproved(line)).length,
        'got in, or did more': gotIn,
        'call that nobody approved':
          Math.max(0, pays.length - decided) + pays.filter((line) => !isAsked(line)).length,
        'changed text to the model': modelCalls.filter((one) => textOf(one).includes(mark)).length,
      };
    },
    /** How much of the right kind there was: a bench that uses nothing finds nothing. */
    used: () => ({
      'starts of the program': linesOf(starts).length,
      'requests to the right address': right.requests.length,
      'requests to the right model': model.requests.length,
      'notices at the right address': notices.requests.length,
      'calls that were approved': linesOf(ledger).filter((line) => line.startsWith('["pay"')).length,
    }),
    async close(): Promise<void> {
      await vm.stop({ keepHome: true });
      await closeAll();
    },
  };
}
