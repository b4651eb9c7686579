/** Webhooks from the command line, on a real VM: what is printed works when it is pasted into a shell. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Execution } from '../../src/contract/executions.ts';
import { type InProcessOptions, runInProcess } from '../helpers/cli-io.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

const secret = 'whsec_c2VjcmV0IGJ5dGVzIG9mIGEgdGVzdCBob29r';

let vm: TestVm;
beforeAll(async () => {
  vm = await startTestVm();
});
afterAll(() => vm.stop());

const alfred = (line: string, options: InProcessOptions = {}) =>
  runInProcess(vm.home, line.split(' '), options);

/** As pasted into a shell, with `input` typed behind it. */
function inShell(command: string, input = ''): Promise<{ stdout: string; stderr: string }> {
  const shell = promisify(execFile)('/bin/sh', ['-c', command], { timeout: 60_000 });
  shell.child.stdin?.end(input);
  return shell;
}

/** No signature is over the query, so hooks that are signed take none. */
const takesQuery = (auth: string): boolean => auth === 'bearer' || auth === 'none';

async function addHook(auth: string, over: Record<string, unknown> = {}): Promise<string> {
  const slug = `on-${auth}`;
  const file = path.join(vm.home, `${slug}.json`);
  const triggerConfig = { auth, ...(auth === 'none' ? {} : { secret }) };
  const from = takesQuery(auth) ? ' from {{query.shop}}' : '';
  const steps = [{ id: 1, prompt: `Look at order {{body.order.id}}${from}.` }];
  await writeFile(
    file,
    JSON.stringify({ slug, name: slug, triggerType: 'webhook', triggerConfig, steps, ...over }),
  );
  const made = await alfred(`skill create --file ${file}`);
  expect(made.code, made.stderr).toBe(0);
  return slug;
}

describe.each(['standard', 'github', 'stripe', 'bearer', 'none'])('a %s hook', (auth) => {
  it('is triggered by the command that alfred skill curl prints', async () => {
    const slug = await addHook(auth);
    const { code, stdout } = await alfred(`skill curl ${slug}`);
    expect(code).toBe(0);
    expect(stdout).not.toContain(secret);
    const answer = await inShell(stdout, `${secret}\n`);
    const { executionId } = JSON.parse(answer.stdout) as { executionId: string };
    const watched = await alfred(`execution watch ${executionId} --json`);
    expect(watched.code, watched.stderr).toBe(0);
    const execution = (await alfred(`execution show ${executionId} --json`)).json() as Execution;
    expect(execution).toMatchObject({
      skillSlug: slug,
      trigger: 'webhook',
      status: 'succeeded',
      input: { body: { order: { id: 'example' } } },
    });
    expect(execution.input).toHaveProperty('query', takesQuery(auth) ? { shop: 'example' } : {});
    // Pasted twice, it is the same delivery.
    expect(JSON.parse((await inShell(stdout, `${secret}\n`)).stdout)).toEqual({ executionId });
  });

  it('passes its own test', async () => {
    const { code, stdout } = await alfred(`skill hook on-${auth} --test`);
    expect(stdout, stdout).not.toContain('✗');
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ address +http:\/\/127\.0\.0\.1:\d+\/hooks\/on-/);
  });
});

describe('alfred skill curl', () => {
  it('takes a body of one’s own, quotes and all, signed as it is', async () => {
    const file = path.join(vm.home, 'body.txt');
    const body = `it's "new"\n\\$(no)\n`;
    await writeFile(file, body);
    await addHook('text', {
      triggerConfig: { auth: 'standard' },
      steps: [{ id: 1, prompt: 'Read {{body}}' }],
    });
    const { json } = await alfred(`skill curl on-text --body-file ${file} --content-type text/plain --json`);
    const { command, body: shown } = json() as { command: string; body: string };
    expect(shown).toBe(body);
    const { executionId } = JSON.parse((await inShell(command)).stdout) as { executionId: string };
    const execution = (await alfred(`execution show ${executionId} --json`)).json() as Execution;
    expect(execution.input).toMatchObject({ body });
  });

  it('says what is wrong with a skill that has no webhook', async () => {
    const refused = await alfred('skill curl house-report');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('"house-report" has no webhook: its trigger is "manual"');
    expect((await alfred('skill curl nobody')).code).toBe(3);
  });
});

describe('alfred skill hook', () => {
  it('shows the address, as does alfred skill show', async () => {
    const shown = await alfred('skill hook on-standard');
    const address = /POST (http:\S+\/hooks\/on-standard)/.exec(shown.stdout)?.[1] ?? '';
    expect(address).toBe(`${vm.url}/hooks/on-standard`);
    expect((await alfred('skill show on-standard')).stdout).toContain(
      `POST ${address} (signed by Standard Webhooks)`,
    );
    expect((await alfred('skill show on-standard --json')).json()).toMatchObject({ hookUrl: address });
  });

  it('keeps a secret that the sender made, and makes one up', async () => {
    const theirs = 'whsec_b3RoZXIgYnl0ZXMgb2YgYW5vdGhlciBob29rISE=';
    const kept = await alfred('skill hook on-standard --secret-stdin', { input: `${theirs}\n` });
    expect(kept.code, kept.stderr).toBe(0);
    expect(kept.stdout + kept.stderr).not.toContain(theirs);
    const bearer = await alfred('skill curl on-bearer');
    expect(JSON.parse((await inShell(bearer.stdout, 'not-the-token\n')).stdout)).toMatchObject({
      status: 401,
    });

    const made = await alfred('skill hook on-bearer --new-secret');
    const shown = /shown this once: (\S+)/.exec(made.stderr)?.[1] ?? '';
    expect(made.stdout).not.toContain(shown);
    expect(JSON.parse((await inShell(bearer.stdout, `${secret}\n`)).stdout)).toMatchObject({ status: 401 });
    const fresh = await alfred('skill curl on-bearer');
    expect(JSON.parse((await inShell(fresh.stdout, `${shown}\n`)).stdout)).toHaveProperty('executionId');
    const json = (await alfred('skill hook on-github --new-secret --json')).json();
    expect(json).toMatchObject({ slug: 'on-github', secret: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('finds what is wrong without starting anything', async () => {
    await addHook('draft', {
      isActive: false,
      triggerConfig: { auth: 'none' },
      steps: [{ id: 1, prompt: 'Look.' }],
      inputSchema: { type: 'object', properties: { body: { not: {} } }, required: ['body'] },
    });
    const draft = await alfred('skill hook on-draft --test');
    expect(draft.code).toBe(1);
    expect(draft.stdout).toMatch(/✗ active +the skill is a draft/);
    await vm.api('PATCH', '/api/v1/skills/on-draft', { isActive: true });
    const active = await alfred('skill hook on-draft --test --json');
    expect(active.json()).toMatchObject({
      ok: false,
      checks: expect.arrayContaining([
        expect.objectContaining({
          check: 'input',
          ok: false,
          message: expect.stringContaining('/input/body'),
        }),
      ]),
    });
    expect((await alfred('execution list --skill on-draft --json')).json()).toMatchObject({ items: [] });
  });
});
