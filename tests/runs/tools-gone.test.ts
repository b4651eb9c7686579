/** A step without the tools that it names does nothing, and says why: the model would say that it did what it was asked. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createConnection } from '../../src/connections/create-connection.ts';
import { skillDefinitionSchema } from '../../src/contract/skills.ts';
import { createSkill } from '../../src/skills/create-skill.ts';
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
