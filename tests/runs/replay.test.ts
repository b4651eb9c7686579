/** A past run gone through again by what its tools answered then: with another version, a draft, another model; and nothing is called. */

import { channel } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAppender } from '../../src/audit/appender.ts';
import { verifyAudit } from '../../src/audit/verify/verify-audit.ts';
import { removeConnection } from '../../src/connections/remove-connection.ts';
import { channelInputSchema } from '../../src/contract/channels.ts';
import type { ReplayRequest } from '../../src/contract/replay.ts';
import { skillDefinitionSchema } from '../../src/contract/skills.ts';
import type { TryStep } from '../../src/contract/tries.ts';
import { compareReplay } from '../../src/executions/compare-replay.ts';
import { decideApproval } from '../../src/executions/decide-approval.ts';
import { listApprovals } from '../../src/executions/list-approvals.ts';
import { purgeExecution } from '../../src/executions/purge-execution.ts';
import { replayExecution } from '../../src/executions/replay-execution.ts';
import { retryExecution } from '../../src/executions/retry-execution.ts';
import { tryStep } from '../../src/executions/try-step.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { createChannel } from '../../src/notices/create-channel.ts';
import { getSkill } from '../../src/skills/get-skill.ts';
import { updateSkill } from '../../src/skills/update-skill.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { toolResultsOf, userTextOf } from '../helpers/messages-api.ts';
import type { Script, ScriptedCall } from '../helpers/messages-api-script.ts';
import { createRunnerBench, processesOf, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
let ledger: string;
let original: string;
/** What the model asks for at each of its turns of a step, by a word of the step's prompt; then it ends. */
let asks: Record<string, ScriptedCall[][]>;

const look = (say: string): ScriptedCall => ({ name: 'mcp__ledger__look', input: { say } });
const pay = (say: string): ScriptedCall => ({ name: 'mcp__ledger__pay', input: { say } });
// The second step is told what the first one said: its own word is looked for first.
const recordedAsks = { Pay: [[pay('paid')]], Look: [[look('rain')], [look('sun')]] };

/** Asks for what `asks` says, and then ends the step. */
const scripted: Script = ({ body }) => {
  const text = userTextOf(body);
  const [word = ''] = Object.keys(asks).filter((each) => text.includes(each));
  const turn = body.messages.filter(({ role }) => role === 'assistant').length;
  const toolCalls = asks[word]?.[turn];
  return toolCalls ? { toolCalls } : { text: `${word}: done.` };
};

beforeAll(async () => {
  asks = recordedAsks;
  bench = await createRunnerBench(scripted);
  ledger = path.join(bench.home, 'ledger.jsonl');
  await bench.addConnection('ledger', [
    path.join(import.meta.dirname, '../helpers/mcp/ledger-server.ts'),
    ledger,
  ]);
  await bench.addSkill({
    slug: 'pays',
    onFailureSkill: null,
    steps: [
      { prompt: 'Look at {{what}}', allowedTools: ['mcp__ledger__look'] },
      { prompt: 'Pay it', allowedTools: ['mcp__ledger__*'] },
    ],
  });
  original = (await bench.run('pays', { what: 'the sky' })).execution.id;
});
afterAll(() => bench.close());
beforeEach(() => {
  asks = recordedAsks;
  bench.api.setScript(scripted);
  bench.api.requests.length = 0;
});

const replay = async (request: ReplayRequest = {}, of = original) => {
  const { executionId } = await replayExecution(bench, of, { ...request, actor: 'owner' });
  return (await bench.ended(executionId)).execution;
};
const change = (patch: Record<string, unknown>) =>
  updateSkill(bench, 'pays', patch, { actor: 'owner', mayLoosen: true });
const compare = (id: string) => compareReplay(bench, id);
const calledSoFar = () => readFileSync(ledger, 'utf8').trim().split('\n').length;

describe('a replay', () => {
  it('is answered by the recording alone, and nothing leaves the machine', async () => {
    // Whoever listened to notices, and ran the connection, hears nothing; no socket is opened but to the model and the database.
    const config = { url: 'https://notices.example/in' };
    await createChannel(bench, channelInputSchema.parse({ name: 'in', kind: 'webhook', config }), 'owner');
    await bench.pool.evict('ledger');
    const before = {
      calls: calledSoFar(),
      skill: await getSkill(bench, 'pays'),
    };
    const ports = new Set<number>();
    const programs = new Set<string>();
    const opened = channel('net.client.socket');
    const onSocket = (message: unknown) => {
      const { socket } = message as { socket: Socket };
      socket.once('connect', () => ports.add(socket.remotePort ?? 0));
    };
    opened.subscribe(onSocket);
    bench.api.setScript((request) => {
      // A server that was started for a call is kept: at the next turn it would be there still.
      for (const { name } of processesOf(bench.home)) programs.add(name);
      return scripted(request);
    });
    const execution = await replay().finally(() => opened.unsubscribe(onSocket));
    expect(execution).toMatchObject({
      ...{ status: 'succeeded', mode: 'replay', replayOf: original, trigger: 'manual', output: 'Pay: done.' },
      ...{ input: { what: 'the sky' }, triggerDetail: { replay: { version: 'current' } } },
      toolCalls: [{ status: 'done' }, { status: 'done' }, { status: 'done' }],
    });
    expect(calledSoFar()).toBe(before.calls);
    const database = Number(new URL(bench.db.url).port);
    const known = [Number(new URL(bench.api.url).port), database, 0];
    expect([...ports].filter((port) => !known.includes(port))).toEqual([]);
    // Agents alone, in their sandbox where there is one: the server of the connection is not started.
    expect([...programs].filter((name) => name !== 'claude' && name !== 'bwrap')).toEqual([]);
    const { rows } = await bench.db.pool.query(`SELECT name FROM pgboss.job WHERE name = 'notice.deliver'`);
    expect(rows).toEqual([]);
    const { runCount, lastRunAt } = await getSkill(bench, 'pays');
    expect({ runCount, lastRunAt }).toEqual({
      runCount: before.skill.runCount,
      lastRunAt: before.skill.lastRunAt,
    });
  });

  it('gives each recorded answer once, and says which call it was', async () => {
    const execution = await replay();
    const recorded = await bench.db.prisma.toolCall.findMany({
      where: { executionId: original },
      orderBy: { createdAt: 'asc' },
    });
    expect(execution.toolCalls.map(({ answeredBy }) => answeredBy)).toEqual(recorded.map(({ id }) => id));
    expect(execution.toolCalls.map(({ durationMs }) => durationMs)).toEqual([null, null, null]);
    const told = bench.api.requests.flatMap(({ body }) => toolResultsOf(body));
    expect(told.map(({ text, isError }) => [text, isError])).toEqual([
      ['rain', false],
      ['sun', false],
      ['paid', false],
    ]);
    const comparison = await compare(execution.id);
    expect(comparison).toMatchObject({
      ...{ isSame: true, definition: [], calls: { recorded: 3, used: 3, same: 3, other: 0, none: 0 } },
      original: { id: original, mode: 'live' },
      replay: { id: execution.id, mode: 'replay' },
      steps: [
        { id: 1, isSame: true, turns: [{ differs: [] }, { differs: [] }, { differs: [] }] },
        { id: 2, isSame: true, turns: [{ differs: [] }, { differs: [] }] },
      ],
    });
  });

  it('says of an answer that it is one to other arguments, and makes no call that has none', async () => {
    asks = { ...recordedAsks, Look: [[look('snow')], [look('sun')], [look('hail')]] };
    const execution = await replay();
    const [first, second, third] = execution.toolCalls;
    expect(first).toMatchObject({ status: 'done', arguments: { say: 'snow' } });
    expect(second).toMatchObject({ status: 'done', arguments: { say: 'sun' } });
    expect(third).toMatchObject({ status: 'denied', answeredBy: null, arguments: { say: 'hail' } });
    const told = bench.api.requests.flatMap(({ body }) => toolResultsOf(body));
    expect(told[0]?.text).toContain('rain');
    expect(told[0]?.text).toContain('when it was called with other arguments than yours: {"say":"rain"}');
    expect(told[1]?.text).toBe('sun');
    expect(told[2]).toMatchObject({ isError: true });
    expect(told[2]?.text).toContain('in which nothing is called: mcp__ledger__look was not');
    const { calls, steps, isSame } = await compare(execution.id);
    expect(calls).toEqual({ recorded: 3, used: 3, same: 2, other: 1, none: 1 });
    expect(isSame).toBe(false);
    expect(steps[0]?.turns.map(({ differs }) => differs)).toEqual([['calls'], [], ['added'], []]);
    expect(steps[0]?.turns[0]?.replay?.calls[0]).toMatchObject({ recorded: 'other', answer: 'rain' });
    expect(steps[0]?.turns[2]?.replay?.calls[0]).toMatchObject({ recorded: 'none' });
  });

  it('takes a draft that nobody saved, within the cap that was, and keeps it with the run', async () => {
    const definition = skillDefinitionSchema.parse({
      ...{
        slug: 'whatever',
        name: 'Draft',
        maxCostUsd: 50,
        // Of what no run goes by nothing is told.
        tags: ['garden'],
        triggerType: 'schedule',
        triggerConfig: { cron: '* * * * *' },
      },
      steps: [{ id: 1, prompt: 'Look up {{what}}, and be brief', allowedTools: ['mcp__ledger__look'] }],
    });
    await change({ maxCostUsd: 2 });
    const execution = await replay({ definition });
    expect(execution).toMatchObject({
      status: 'succeeded',
      skillSlug: 'pays',
      skillVersion: 2,
      output: 'Look: done.',
    });
    const row = await bench.db.prisma.execution.findUniqueOrThrow({ where: { id: execution.id } });
    expect(row.definition).toMatchObject({
      slug: 'pays',
      maxCostUsd: 2,
      triggerType: 'manual',
      triggerConfig: {},
    });
    const { definition: differences, steps } = await compare(execution.id);
    expect(differences?.map(({ field }) => field)).toEqual(['/steps/1/prompt', '/steps/2', '/maxCostUsd']);
    expect(steps.map(({ id, status }) => [id, status.replay])).toEqual([
      [1, 'done'],
      [2, null],
    ]);
    const other = { ...definition, steps: [{ ...definition.steps[0], id: 1, prompt: 'Look at {{where}}' }] };
    await expect(replay({ definition: skillDefinitionSchema.parse(other) })).rejects.toMatchObject({
      code: 'E_VALIDATION',
      fields: [{ field: '/input/where' }],
    });
  });

  it('takes another model, with the version that ran, at its price and within its cap', async () => {
    const execution = await replay({ model: 'claude-haiku-4-5' });
    expect(execution).toMatchObject({ model: 'claude-haiku-4-5', skillVersion: 1, status: 'succeeded' });
    expect(execution.costUsd).toBeGreaterThan(0);
    expect(bench.api.requests[0]?.body.model).toContain('claude-haiku-4-5');
    const spent = await bench.db.prisma.spendReservation.findMany({ where: { executionId: execution.id } });
    expect(spent.length).toBeGreaterThan(0);
    await change({ maxCostUsd: 0.000001 });
    expect(await replay({ version: 'current' })).toMatchObject({ status: 'failed', errorCode: 'E_COST_CAP' });
    // Nobody is told of that failure either.
    const { rows } = await bench.db.pool.query(`SELECT name FROM pgboss.job WHERE name = 'notice.deliver'`);
    expect(rows).toEqual([]);
  });

  it('costs nothing with the rehearsal model', async () => {
    const execution = await replay({ model: 'rehearsal' });
    expect(execution).toMatchObject({ status: 'succeeded', mode: 'replay', model: 'rehearsal', costUsd: 0 });
    expect(bench.api.requests).toHaveLength(0);
    expect(execution.toolCalls.every(({ answeredBy }) => answeredBy !== null)).toBe(true);
  });

  it('is neither retried nor replayed itself', async () => {
    bench.api.setScript((request) =>
      request.body.messages.length > 2 ? { fail: 'unauthorized' } : scripted(request),
    );
    const failed = await replay({ version: 'original' });
    expect(failed).toMatchObject({ status: 'failed', toolCalls: [{ status: 'done' }] });
    await expect(
      retryExecution(bench, failed.id, { from: 'failed', version: 'original', actor: 'owner' }),
    ).rejects.toMatchObject({
      code: 'E_NOT_RETRYABLE',
    });
    await expect(replay({}, failed.id)).rejects.toMatchObject({
      code: 'E_NOT_REPLAYABLE',
      remedy: expect.stringContaining(original),
    });
  });

  it('needs no connection that is there still, and no content that is gone', async () => {
    await change({ isActive: false });
    await removeConnection(bench.connectionDeps, 'ledger', { actor: 'owner' });
    const execution = await replay({ version: 'original' });
    expect(execution).toMatchObject({ status: 'succeeded' });
    expect(execution.toolCalls.map(({ status }) => status)).toEqual(['done', 'done', 'done']);

    await purgeExecution(bench, original, 'owner');
    await expect(replay({ version: 'original' })).rejects.toMatchObject({
      code: 'E_NOT_REPLAYABLE',
      message: expect.stringContaining('was purged on'),
      remedy: expect.stringContaining('npx alfred execution list --skill pays'),
    });
    // What the replay did is there still; what it is set beside is not.
    const comparison = await compare(execution.id);
    expect(comparison.original.purgedAt).not.toBeNull();
    expect(comparison.steps[0]?.turns[0]).toMatchObject({ original: null, differs: ['added'] });
    const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
    const { db, vault, home } = bench;
    await createAppender({ db, vault, log, home }).flush();
    expect(await verifyAudit({ db, vault, home })).toMatchObject({ ok: true, findings: [] });
  });
});

describe('a try of one step', () => {
  /** The run that is there to go by. */
  let base: string;
  beforeAll(async () => {
    // It was removed above.
    if ((await bench.db.prisma.connection.count({ where: { name: 'ledger' } })) === 0)
      await bench.addConnection('ledger', [
        path.join(import.meta.dirname, '../helpers/mcp/ledger-server.ts'),
        ledger,
      ]);
    await bench.addSkill({
      slug: 'tried',
      steps: [
        { prompt: 'Look at {{what}}', allowedTools: ['mcp__ledger__look'] },
        { prompt: 'Pay it', allowedTools: ['mcp__ledger__*'] },
      ],
    });
    base = (await bench.run('tried', { what: 'the sky' })).execution.id;
  });
  const attempt = async (request: Partial<TryStep> & { step: number }) => {
    const tried = await tryStep(bench, 'tried', { mode: 'live', ...request, actor: 'owner' });
    return { tried, execution: (await bench.ended(tried.executionId)).execution };
  };
  const definition = (steps: Record<string, unknown>[]) =>
    skillDefinitionSchema.parse({
      slug: 'tried',
      name: 'Tried',
      steps: steps.map((step, index) => ({ ...step, id: index + 1 })),
    });
  const draft = definition([
    { prompt: 'Look at {{what}}', allowedTools: ['mcp__ledger__look'] },
    { prompt: 'Look again', allowedTools: ['mcp__ledger__look'] },
    { prompt: 'Pay it', allowedTools: ['mcp__ledger__*'] },
  ]);

  it('goes by the input and the earlier steps of the last run that got so far, and does that step alone', async () => {
    const before = calledSoFar();
    const { tried, execution } = await attempt({ step: 2, definition: draft });
    expect(tried).toMatchObject({ from: base, carried: 1 });
    expect(execution).toMatchObject({
      ...{ status: 'succeeded', mode: 'live', input: { what: 'the sky' } },
      triggerDetail: { try: { step: 2, from: base } },
      steps: [
        { id: 1, status: 'done' },
        { id: 2, status: 'done' },
      ],
    });
    // The tools of the second step alone, and neither those of the first nor of the third.
    expect(calledSoFar()).toBe(before + 2);
    const asked = bench.api.requests.map(({ body }) => userTextOf(body));
    expect(asked.every((text) => text.includes('Look again'))).toBe(true);
    expect(asked[0]).toContain('Look: done.');
  });

  it('counts for nothing else: no other run waits for it, and no later try goes by it', async () => {
    const { tried } = await attempt({ step: 1 });
    expect(tried).toMatchObject({ from: base, carried: 0 });
    expect((await attempt({ step: 2, definition: draft })).tried.from).toBe(base);
  });

  it('asks before a tool that may destroy, though the step says nothing of it', async () => {
    const { executionId } = await tryStep(bench, 'tried', {
      ...{ step: 3, mode: 'live', actor: 'owner', from: base },
      definition: definition([...draft.steps.slice(0, 1), draft.steps[2] ?? {}, draft.steps[2] ?? {}]),
    });
    const find = async () => (await listApprovals(bench, { execution: executionId, limit: 5 })).items;
    await until(async () => (await find()).length > 0);
    const asked = await find();
    expect(asked).toMatchObject([{ name: 'mcp__ledger__pay', arguments: { say: 'paid' } }]);
    await decideApproval(bench, asked[0]?.id ?? '', { decision: 'deny', actor: 'owner' });
    await bench.ended(executionId);
  });

  it('is rehearsed with the steps before it where no run got so far, and is not run then', async () => {
    await bench.addSkill({ slug: 'new', steps: [{ prompt: 'Look at {{what}}' }, { prompt: 'Pay' }] });
    await expect(tryStep(bench, 'new', { step: 2, mode: 'live', actor: 'owner' })).rejects.toMatchObject({
      code: 'E_NOT_REPLAYABLE',
    });
    const tried = await tryStep(bench, 'new', { step: 2, mode: 'rehearsal', actor: 'owner' });
    expect(tried).toMatchObject({ from: null, carried: 0 });
    const { execution } = await bench.ended(tried.executionId);
    expect(execution).toMatchObject({ status: 'succeeded', mode: 'rehearsal', input: { what: 'example' } });
    expect(execution.steps.map(({ status }) => status)).toEqual(['done', 'done']);
  });

  it('says which field is wrong: of a step that is not there, a run of another skill, an input that does not fit', async () => {
    const wrong = (request: Partial<TryStep>, slug = 'tried') =>
      tryStep(bench, slug, { step: 1, mode: 'live', actor: 'owner', ...request });
    await expect(wrong({ step: 3 })).rejects.toMatchObject({ fields: [{ field: '/step' }] });
    await expect(wrong({ from: base }, 'new')).rejects.toMatchObject({ fields: [{ field: '/from' }] });
    await expect(wrong({ definition: definition([{ prompt: 'Look at {{where}}' }]) })).rejects.toMatchObject({
      fields: [{ field: '/input/where' }],
    });
    await expect(wrong({}, 'nobody')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});
