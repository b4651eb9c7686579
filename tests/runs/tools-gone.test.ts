/** A step without the tools that it names does nothing, and says why: the model would say that it did what it was asked. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAppender } from '../../src/audit/appender.ts';
import { verifyAudit } from '../../src/audit/verify/verify-audit.ts';
import { createConversation } from '../../src/chat/create-conversation.ts';
import { createConnection } from '../../src/connections/create-connection.ts';
import { skillDefinitionSchema } from '../../src/contract/skills.ts';
import { cancelExecution } from '../../src/executions/cancel-execution.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { createSkill } from '../../src/skills/create-skill.ts';
import { getSkill } from '../../src/skills/get-skill.ts';
import { renameConnection } from '../../src/skills/rename-connection.ts';
import { hostileServer } from '../helpers/mcp/stdio-link.ts';
import { toolNamesOf } from '../helpers/messages-api.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
const add = (name: string, args: string[], mayApprove = true) =>
  createConnection(
    bench.connectionDeps,
    {
      ...{ name, type: 'mcp_stdio', isActive: true },
      config: { command: 'node', args, env: {}, secrets: {}, sandbox: 'off' },
    },
    { actor: 'owner', mayApprove },
  );
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'I did what I was asked.' }));
  await bench.addHostile('well');
  await add('broken', ['-e', 'process.exit(7)']);
  await add('unapproved', [hostileServer], false);
  await add('cold', [hostileServer]);
});
afterAll(() => bench.close());

const save = (slug: string, ...allowedTools: string[]) =>
  createSkill(
    bench,
    skillDefinitionSchema.parse({ slug, name: slug, steps: [{ id: 1, prompt: 'Go', allowedTools }] }),
    { actor: 'owner', mayLoosen: true },
  );

it.each(['live', 'rehearsal'] as const)('fails a %s run of it, and asks no model', async (mode) => {
  const before = bench.api.requests.length;
  const of = (name: string) => `${name}-${mode}`;
  await save(of('broken'), 'mcp__broken__*');
  await save(of('half'), 'mcp__well__echo', 'mcp__broken__*');
  await save(of('unapproved'), 'mcp__unapproved__*');
  const run = async (slug: string) => (await bench.run(of(slug), {}, { mode })).execution;
  for (const slug of ['broken', 'half'])
    expect(await run(slug)).toMatchObject({
      ...{ status: 'failed', errorCode: 'E_SERVER_EXITED', output: null },
      error: expect.stringContaining('"broken"'),
    });
  expect(await run('unapproved')).toMatchObject({ status: 'failed', errorCode: 'E_NOT_APPROVED' });
  expect(bench.api.requests.length).toBe(before);
});

it('starts a server that was never started, and knows its tools before the model is asked', async () => {
  await save('cold', 'mcp__cold__*');
  expect((await bench.run('cold')).execution).toMatchObject({ status: 'succeeded' });
  const { body } = bench.api.requests.at(-1) ?? { body: { model: '', messages: [] } };
  expect(toolNamesOf(body)).toContain('mcp__cold__echo');
});

it('warns of it when the skill is saved', async () => {
  await bench.run('broken-live');
  expect((await save('warned', 'mcp__broken__*', 'mcp__well__echo')).warnings).toEqual([
    'A step that uses mcp__broken__* fails as things are: the tools of "broken" are not known yet; discover them first; the connection "broken" failed when it was used last.',
  ]);
  expect((await save('warned-too', 'mcp__unapproved__*')).warnings).toEqual([
    expect.stringContaining('nobody has approved the connection "unapproved" as it is'),
  ]);
  expect(await save('fine', 'mcp__well__*')).not.toHaveProperty('warnings');
});

it('runs on with a connection that is called otherwise: what chooses its tools follows, and the rest is told', async () => {
  const owner = { actor: 'owner', mayLoosen: true };
  const steps = [
    { id: 1, prompt: 'Ask well what it knows', allowedTools: ['mcp__well__echo', 'mcp__cold__echo'] },
  ];
  await createSkill(bench, skillDefinitionSchema.parse({ slug: 'follows', name: 'F', steps }), owner);
  const chosen = { tools: ['mcp__well__echo', 'mcp__cold__*'], unasked: ['mcp__well__*'] };
  const { id } = await createConversation(bench, chosen, owner);
  const rename = (name: string, to: string) => renameConnection(bench.connectionDeps, name, to, 'owner');
  const renamed = await rename('well', 'spring');
  expect(renamed).toMatchObject({
    name: 'spring',
    skills: expect.arrayContaining(['follows']),
    conversations: 1,
  });
  expect(renamed.warnings).toEqual([
    expect.stringMatching(/^Texts that say "well" stay as they are, in follows: /),
  ]);
  const skill = await getSkill(bench, 'follows');
  expect(skill).toMatchObject({ version: 2, connectionNames: ['cold', 'spring'] });
  expect(skill.steps[0]?.allowedTools).toEqual(['mcp__spring__echo', 'mcp__cold__echo']);
  expect(await bench.db.prisma.conversation.findUniqueOrThrow({ where: { id } })).toMatchObject({
    ...{ tools: ['mcp__spring__echo', 'mcp__cold__*'], unasked: ['mcp__spring__*'] },
  });
  bench.api.setScript(({ body }) =>
    JSON.stringify(body.messages).includes('"tool_result"')
      ? { text: 'Done.' }
      : { toolCalls: [{ name: 'mcp__spring__echo', input: { text: 'hello' } }] },
  );
  const { execution } = await bench.run('follows');
  expect(execution).toMatchObject({ status: 'succeeded' });
  const [call] = await bench.db.prisma.toolCall.findMany({ where: { executionId: execution.id } });
  expect(call).toMatchObject({ connection: 'spring', tool: 'echo', status: 'done' });

  await expect(rename('well', 'other')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  await expect(rename('spring', 'cold')).rejects.toMatchObject({ code: 'E_CONFLICT' });
  await expect(rename('spring', 'spring')).rejects.toMatchObject({ code: 'E_VALIDATION' });
  // A run goes by the names that it began with.
  const asking = {
    slug: 'asks',
    name: 'A',
    steps: [{ ...steps[0], allowedTools: ['mcp__spring__echo'], approval: 'always' }],
  };
  await createSkill(bench, skillDefinitionSchema.parse(asking), owner);
  const waiting = await bench.start('asks');
  await expect(rename('spring', 'other')).rejects.toMatchObject({ code: 'E_IN_USE' });
  await cancelExecution(bench, waiting, 'owner');
  await bench.ended(waiting);
  await rename('spring', 'well');
  // The verifier knows both names: the acts say what became of each.
  const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
  const { db, vault, home } = bench;
  await createAppender({ db, vault, log, home }).flush();
  expect((await verifyAudit({ db, vault, home })).findings).toEqual([]);
});
