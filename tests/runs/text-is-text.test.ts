/**
 * Text from outside is no file and no command to the agent's program, wherever it comes in. The proof looks at what reached
 * the scripted endpoint, and in a rehearsal the built-in model: nothing that a file holds, and every word that was sent.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { decideApproval } from '../../src/executions/decide-approval.ts';
import { listApprovals } from '../../src/executions/list-approvals.ts';
import type { StartRequest } from '../../src/executions/start-execution.ts';
import { Rehearsal } from '../../src/model/rehearsal/rehearsal.ts';
import { createSecretUseCounter } from '../../src/secrets/secret-use-counter.ts';
import { importSkill } from '../../src/skills/import-skill.ts';
import { updateSkill } from '../../src/skills/update-skill.ts';
import { receiveWebhook } from '../../src/triggers/receive-webhook.ts';
import { createWebhookRate } from '../../src/triggers/webhook-rate.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { inTurn, toolResultsOf, userTextOf } from '../helpers/messages-api.ts';
import type { MessagesBody } from '../helpers/messages-api-script.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

const canary = 'the canary sings at 04:17';
const listed = 'a-name-that-only-a-listing-tells';
/** One pixel; a request that shows it to the model holds this. */
const image =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const commands = [
  '/cost',
  '/clear the table',
  '/compact',
  '/help me with my tax return',
  '/verify the invoice',
];

let bench: RunnerBench;
let folder: string;
/** Names every file in every way that a prompt can. */
let mail: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'alfred-canary-'));
  for (const name of ['diary.txt', 'the diary.txt', `${listed}.md`])
    writeFileSync(path.join(folder, name), canary);
  writeFileSync(path.join(folder, 'pic.png'), Buffer.from(image, 'base64'));
  const names = ['diary.txt', 'diary.txt#L1-2', 'pic.png', ''].map((name) => `@${folder}/${name}`);
  mail = `${names.join(' and ')} and @"${folder}/the diary.txt" and ${folder}/pic.png, thanks`;
  bench = await createRunnerBench(() => ({ text: 'Done.' }));
  const server = path.join(import.meta.dirname, '../helpers/mcp/ledger-server.ts');
  await bench.addConnection('ledger', [server, path.join(bench.home, 'ledger.jsonl')]);
  await bench.addSkill({ slug: 'plain', steps: ['{{text}}'] });
});
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  bench.api.requests.length = 0;
  bench.api.setScript(() => ({ text: 'Done.' }));
});

/** What the model was asked, as the endpoint saw it. */
const asked = (): MessagesBody[] => bench.api.requests.map(({ body }) => body);
const expectNoFile = (bodies: readonly unknown[]): void => {
  expect(bodies.length).toBeGreaterThan(0);
  const raw = JSON.stringify(bodies);
  for (const leak of [canary, listed, image, 'image/png']) expect(raw).not.toContain(leak);
};
/** Of text that stands in a JSON block of the prompt. */
const quoted = (text: string) => JSON.stringify(text).slice(1, -1);

describe('a prompt', () => {
  it.each(commands)('that begins with %s is asked of the model', async (command) => {
    await bench.addSkill({ slug: `own-${commands.indexOf(command)}`, steps: [command] });
    const runs = await Promise.all([
      bench.run(`own-${commands.indexOf(command)}`),
      bench.run('plain', { text: command }),
    ]);
    for (const { execution } of runs)
      expect(execution).toMatchObject({ status: 'succeeded', output: 'Done.', usage: { modelCalls: 1 } });
    expect(asked()).toHaveLength(2);
    for (const body of asked()) expect(userTextOf(body).split('\n')[0]).toBe(command);
  });

  it('that names files in its own words, its guidance, its placeholders and its input reads none of them', async () => {
    await bench.addSkill({
      slug: 'all',
      steps: [{ prompt: `${mail} {{text}}`, guidance: `Guidance: ${mail} {{text}}` }],
    });
    const { execution } = await bench.run('all', { text: mail, deep: [{ mail }] });
    expect(execution.status).toBe('succeeded');
    expectNoFile(asked());
    const text = userTextOf(asked()[0] ?? { model: '', messages: [] });
    expect(text).toContain(`${mail} ${mail}\n\n# Guidance\n\nGuidance: ${mail} ${mail}`);
    expect(text).toContain(`"mail": "${quoted(mail)}"`);
  });
});

describe('what comes from elsewhere', () => {
  it('is text in a webhook’s body, headers and query', { tags: ['exhaustive'] }, async () => {
    const uses = createSecretUseCounter(bench);
    for (const [slug, prompt] of [
      ['hook-body', '{{body.mail}}'],
      ['hook-text', '{{body}}'],
      ['hook-headers', '{{headers.x-request-id}} {{headers.user-agent}}'],
      ['hook-query', '{{query.mail}}'],
    ] as const) {
      await bench.addSkill({
        ...{ slug, steps: [prompt], triggerType: 'webhook', triggerConfig: { auth: 'none' } },
      } as never);
      const isText = slug === 'hook-text';
      const received = await receiveWebhook({ ...bench, rate: createWebhookRate(), uses }, slug, {
        ...{ method: 'POST', url: `http://127.0.0.1/hooks/${slug}`, from: '127.0.0.1' },
        query: { mail: `/help ${mail}` },
        headers: {
          'content-type': isText ? 'text/plain' : 'application/json',
          'user-agent': '/compact',
          // A header has room for one of them.
          'x-request-id': `@${folder}/diary.txt`,
        },
        body: Buffer.from(isText ? `/cost ${mail}` : JSON.stringify({ mail })),
      });
      if (received.kind !== 'run') throw new Error('No run was started');
      expect((await bench.ended(received.executionId)).execution).toMatchObject({
        status: 'succeeded',
        output: 'Done.',
      });
    }
    await uses.close();
    expectNoFile(asked());
    expect(asked().map((body) => userTextOf(body).split('\n')[0])).toEqual([
      mail,
      `/cost ${mail}`,
      `@${folder}/diary.txt /compact`,
      `/help ${mail}`,
    ]);
  });

  it('is text in the output of an earlier step', async () => {
    bench.api.setScript(inTurn({ text: `/compact ${mail}` }, { text: 'Done.' }));
    await bench.addSkill({ slug: 'two', steps: ['First', 'Second'] });
    expect((await bench.run('two')).execution).toMatchObject({ status: 'succeeded', output: 'Done.' });
    expectNoFile(asked());
    expect(userTextOf(asked()[1] ?? { model: '', messages: [] })).toContain(`/compact ${mail}`);
  });

  it('is text in an imported SKILL.md and in the files beside it', { tags: ['exhaustive'] }, async () => {
    const text = `---\nname: foreign\ndescription: From elsewhere\n---\n/cost ${mail}`;
    const author = { actor: 'owner', mayLoosen: true };
    const { skill } = await importSkill(bench, { 'SKILL.md': text, 'references/more.md': mail }, author);
    await updateSkill(bench, skill.slug, { isActive: true }, author);
    const input = { path: 'references/more.md' };
    bench.api.setScript(
      inTurn({ toolCalls: [{ name: 'mcp__alfred__read_skill_file', input }] }, { text: 'Done.' }),
    );
    expect((await bench.run(skill.slug)).execution.status).toBe('succeeded');
    expectNoFile(asked());
    const [first, second] = asked();
    expect(userTextOf(first ?? { model: '', messages: [] }).startsWith(`/cost ${mail}`)).toBe(true);
    expect(toolResultsOf(second ?? { model: '', messages: [] })).toMatchObject([
      { text: mail, isError: false },
    ]);
  });

  it('is text where a failed run hands its input and error on', async () => {
    bench.api.setScript(({ body }) =>
      userTextOf(body).startsWith('Break') ? { fail: 'bad-request', message: mail } : { text: 'Done.' },
    );
    await bench.addSkill({ slug: 'mourner', steps: ['{{failed.input.mail}} {{failed.error}}'] });
    await bench.addSkill({ slug: 'fails', steps: ['Break'], onFailureSkill: 'mourner' });
    const { execution } = await bench.run('fails', { mail: `/compact ${mail}` });
    expect(execution.status).toBe('failed');
    const [handler] = await bench.db.prisma.execution.findMany({ where: { skillSlug: 'mourner' } });
    expect((await bench.ended(handler?.id ?? '')).execution.status).toBe('succeeded');
    expectNoFile(asked());
    expect(userTextOf(asked().at(-1) ?? { model: '', messages: [] }).startsWith(`/compact ${mail}`)).toBe(
      true,
    );
  });
});

describe('a step that goes on after the owner decided', () => {
  it('is told their note, and reads no file for it nor for anything before it', async () => {
    const pay = { name: 'mcp__ledger__pay', input: { to: mail } };
    // Asks for a payment until one was refused, and then once more.
    bench.api.setScript(({ body }) => {
      const refusals = JSON.stringify(body.messages).split('They said: ').length - 1;
      return refusals < 2
        ? { text: mail, toolCalls: [{ ...pay, id: `toolu_${refusals}` }] }
        : { text: 'Done.' };
    });
    const allowedTools = ['mcp__ledger__*'];
    await bench.addSkill({
      slug: 'pay',
      steps: [{ prompt: `/cost ${mail}`, allowedTools, approval: 'destructive' }],
    });
    const id = await bench.start('pay', { mail });
    for (const _ of [1, 2]) {
      let waiting: string | undefined;
      await until(async () => {
        const { items } = await listApprovals(bench, { execution: id, status: 'pending', limit: 5 });
        waiting = items[0]?.id;
        return waiting !== undefined;
      });
      await decideApproval(bench, waiting ?? '', {
        decision: 'deny',
        note: `/compact ${mail}`,
        actor: 'owner',
      });
    }
    expect((await bench.ended(id)).execution).toMatchObject({ status: 'succeeded', output: 'Done.' });
    expectNoFile(asked());
    expect(asked()).toHaveLength(3);
    expect(JSON.stringify(asked().at(-1))).toContain(`They said: /compact ${quoted(mail)}`);
  });
});

describe('a rehearsal', () => {
  const rehearse = async (
    skill: string,
    input: Record<string, unknown>,
    more: Partial<StartRequest> = {},
  ) => {
    const answer = vi.spyOn(Rehearsal.prototype, 'answer');
    try {
      const { execution } = await bench.run(skill, input, { mode: 'rehearsal', ...more });
      return { execution, bodies: answer.mock.calls.map(([body]) => body as unknown as MessagesBody) };
    } finally {
      answer.mockRestore();
    }
  };

  it('shows its own model no file and all of the text either', async () => {
    for (const text of [mail, ...commands]) {
      const { execution, bodies } = await rehearse('plain', { text });
      expect(execution.status).toBe('succeeded');
      expectNoFile(bodies);
      expect(userTextOf(bodies[0] ?? { model: '', messages: [] }).split('\n')[0]).toBe(text);
    }
    expect(asked()).toEqual([]);
  });
});

it('tells the endpoint nothing of the machine: no folder of the VM, kernel, shell or user', async () => {
  await bench.addSkill({
    slug: 'looks',
    steps: [{ prompt: 'Look', allowedTools: ['mcp__ledger__look'] }],
  });
  bench.api.setScript(inTurn({ toolCalls: [{ name: 'mcp__ledger__look', input: {} }] }, { text: 'Done.' }));
  expect((await bench.run('looks', { of: 'nothing' })).execution.status).toBe('succeeded');
  expect(bench.api.requests).toHaveLength(2);
  for (const { headers, raw, body } of bench.api.requests) {
    const all = JSON.stringify(headers) + raw;
    expect(all).not.toContain(bench.home);
    expect(all).not.toMatch(/x-stainless|OS Version|working directory|Platform:|Linux|darwin|x64|arm64/);
    expect(body.messages.map(({ role }) => role)).not.toContain('system');
    expect(userTextOf(body)).toMatch(/# Today\n\n[A-Z][a-z]+day, \d{4}-\d{2}-\d{2} \([\w/+-]+\)/);
  }
});
