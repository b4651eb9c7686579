/** The verbs on a real VM, read as scripts: what is typed, what comes out, what the exit code is. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/contract/connections.ts';
import type { Execution } from '../../src/contract/executions.ts';
import type { Comparison } from '../../src/contract/replay.ts';
import type { Step } from '../../src/contract/skills.ts';
import { startCanary } from '../helpers/canary.ts';
import { type InProcessOptions, runInProcess } from '../helpers/cli-io.ts';
import { vmClient } from '../helpers/client-programs.ts';
import { useGeneratedClient } from '../helpers/generated-client.ts';
import { noonZone } from '../helpers/noon-zone.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

const everything = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/server-everything/dist/index.js',
);
const secret = 'hunter2-but-long-enough-Zx9';

let vm: TestVm;
let folder: string;
/** Noon is now where both the VM and its command line are: today stays today while this runs. */
const zone = noonZone();
const zoneBefore = process.env.TZ;
beforeAll(async () => {
  process.env.TZ = zone;
  vm = await startTestVm({ env: { TZ: zone } });
  folder = await mkdtemp(path.join(tmpdir(), 'alfred-script-'));
});
afterAll(async () => {
  if (zoneBefore === undefined) delete process.env.TZ;
  else process.env.TZ = zoneBefore;
  await vm.stop();
  await rm(folder, { recursive: true, force: true });
});

/** In this process, which is quicker than a program each time; `@/` stands for the folder of this test. */
const alfred = (line: string, options: InProcessOptions = {}) =>
  runInProcess(vm.home, line.replaceAll('@/', `${folder}/`).split(' '), options);

describe('channels of notices', () => {
  it('are added with a secret from a file, tested, changed, listed and removed', async () => {
    const receiver = await startCanary((_request, response) => response.end('thanks'));
    try {
      await writeFile(path.join(folder, 'url.txt'), `${receiver.url}/in\n`);
      const added = await alfred(
        'notice add programs --kind webhook --secret-file url=@/url.txt --private --tell failed,waiting',
      );
      expect(added.stdout).toContain(`✓ programs is added: ${receiver.url}`);
      expect(added.stderr).toMatch(/shown this once: whsec_/);
      const tested = await alfred('notice test programs');
      expect([tested.code, tested.stdout.trim()]).toEqual([0, '✓ programs took it: 200 OK: thanks']);
      const changed = await alfred('notice change programs --quiet 22:00-07:00 --urgent --content whole');
      expect(changed.stdout).toMatch(/quiet +22:00 to 07:00, but for calls that wait/);
      expect((await alfred('notice list')).stdout).toMatch(/programs +Webhook +http:\/\/127\.0\.0\.1:\d+/);
      expect((await alfred('notice list programs')).stdout).toMatch(/told of +failed, waiting/);
      expect((await alfred('status')).stdout).toMatch(/notices +programs/);
      await receiver.close();
      const refused = await alfred('notice test programs');
      expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('refuses the connection')]);
      expect((await alfred('notice remove programs --yes')).code).toBe(0);
      expect((await alfred('notice list')).stdout).toContain('no channels yet');
    } finally {
      await receiver.close().catch(() => {}); // closed in the middle
    }
  });

  it('say what is wrong with a command line, and take no secret from it', async () => {
    const browser = await alfred('notice add phone --kind browser');
    expect(browser).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('A browser subscribes itself'),
    });
    for (const [line, words] of [
      ['notice add phone', /Say what kind of channel it is/],
      ['notice add phone --kind pigeon', /pigeon is no kind of channel/],
      [
        'notice add phone --kind ntfy --set topic=in-the-open',
        /topic is a secret, and other processes can read/,
      ],
      ['notice add phone --kind ntfy --quiet tonight', /--quiet use a time of the day such as 22:00/],
      ['notice change nobody --off', /There is no channel nobody/],
    ] as const) {
      const { code, stderr } = await alfred(line);
      expect([line, code === 0, stderr]).toEqual([line, false, expect.stringMatching(words)]);
    }
  });
});

describe('connections', () => {
  it('are added with a secret from standard input, and asked for their tools', async () => {
    const added = await alfred(
      `connection add every --env MODE=plain:demo --secret TOKEN --secret-stdin -- node ${everything}`,
      {
        input: `${secret}\n`,
      },
    );
    expect(added.code).toBe(0);
    expect(added.stdout).toMatch(/^✓ every is added with \d+ tools$/m);
    // A path too long for the line is broken, wherever the clone lies.
    expect(added.stderr.replace(/\s+/g, '')).toContain(`willrunnode${everything}env`);
    expect(added.stderr).toContain('MODE demo');
    expect(added.stderr).toContain('TOKEN (secret, will be sealed)');
    expect(added.stdout + added.stderr).not.toContain(secret);
  });

  it('show their secrets as fingerprints alone', async () => {
    const shown = await alfred('connection show every');
    expect(shown.stdout).toMatch(/TOKEN \(sealed, fingerprint [0-9a-f]{8}\)/);
    expect(shown.stdout).toMatch(/^echo +reads /m);
    const json = (await alfred('connection show every --json')).json() as Connection;
    expect(json.config).toMatchObject({ env: { TOKEN: { sealed: true }, MODE: { plain: 'demo' } } });
    expect(JSON.stringify(json)).not.toContain(secret);
  });

  it('really get the secret, and it does not come out', async () => {
    await alfred('skill create --slug environment --prompt Look --tool mcp__every__get-env');
    const run = await alfred('skill run environment --json');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('[redacted:every.TOKEN]');
    expect(run.stdout).not.toContain(secret);
    await alfred('skill remove environment');
  });

  it('take secrets from a file, and into arguments that name them', async () => {
    await writeFile(path.join(folder, 'token.txt'), `${secret}2\n`);
    const added = await alfred(
      `connection add filed --no-discover --secret-file TOKEN=@/token.txt --json -- node ${everything} \${TOKEN}`,
    );
    expect(added.code).toBe(0);
    expect(added.json()).toMatchObject({ config: { secrets: { TOKEN: { sealed: true } }, env: {} } });
    expect(added.stdout).not.toContain(secret);
    expect((await alfred('connection remove filed')).code).toBe(0);
  });

  it('are tried and told in plain words', async () => {
    const good = await alfred('connection test every');
    expect(good).toMatchObject({ code: 0, stdout: expect.stringMatching(/^✓ /) });
    expect(good.stdout).toMatch(/no model is given this\):\n {2}# Everything Server/);
    await alfred('connection add wrong --no-discover -- no-such-program-anywhere');
    const bad = await alfred('connection test wrong');
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/^✗ .*no-such-program-anywhere/);
    expect((await alfred('connection test wrong --json')).json()).toMatchObject({
      ok: false,
      code: 'E_COMMAND_NOT_FOUND',
    });
    await alfred('connection remove wrong');
  });

  it('that cannot be asked are added all the same, and say that they do not work', async () => {
    const added = await alfred('connection add broken -- node -e process.exit(7)');
    expect(added.code).toBe(1);
    expect(added.stdout).toMatch(/^! broken is added, and does not work yet$/m);
    expect(added.stderr).toContain('its tools could not be read');
    expect(added.stderr).toContain('alfred connection discover broken');
    expect((await alfred('connection discover broken')).code).toBe(1);
    await alfred('connection remove broken');
  });

  it('end with 3 when there is none of that name, with 4 when it is taken or in use', async () => {
    for (const verb of ['show', 'test', 'discover', 'approve', 'remove']) {
      expect(await alfred(`connection ${verb} nobody`)).toMatchObject({ code: 3, stdout: '' });
    }
    expect((await alfred(`connection add every -- node ${everything}`)).code).toBe(4);
  });
});

describe('skills', () => {
  it('are made in one line, shown, run with words, and removed', async () => {
    const made = await alfred('skill create --slug greet --prompt {{who}}! --tool mcp__every__echo');
    expect(made).toMatchObject({ code: 0, stdout: '✓ greet is saved as version 1\n' });
    const shown = await alfred('skill show greet');
    expect(shown.stdout).toContain('{{who}}!');
    expect(shown.stdout).toContain('mcp__every__echo');
    const run = await alfred('skill run greet who=Mara message=Hello --json');
    const execution = run.json() as Execution;
    expect(execution).toMatchObject({ status: 'succeeded', input: { who: 'Mara', message: 'Hello' } });
    expect(JSON.stringify(execution.toolCalls)).toContain('Echo: Hello');
    expect((await alfred('skill remove greet')).code).toBe(0);
    expect((await alfred('skill show greet')).code).toBe(3);
  });

  it('are made from a file or standard input, and refused with the fields that are wrong', async () => {
    const skill = {
      slug: 'from-file',
      name: 'From a file',
      steps: [{ id: 1, prompt: 'Hello', allowedTools: [] }],
      triggerType: 'manual',
    };
    await writeFile(path.join(folder, 'skill.json'), JSON.stringify(skill));
    expect((await alfred('skill create --file @/skill.json --json')).json()).toMatchObject({
      slug: 'from-file',
      version: 1,
    });
    const piped = await alfred('skill create --file -', {
      input: JSON.stringify({ ...skill, slug: 'Piped!', steps: [] }),
    });
    expect(piped.code).toBe(2);
    expect(piped.stderr).toContain('/slug');
    expect(piped.stderr).toContain('/steps');
    const unknown = await alfred('skill create --slug x --prompt x --tool mcp__every__no-such-tool');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('mcp__every__no-such-tool');
    expect(
      (await alfred('skill create --slug x --prompt x --tool mcp__every__no-such-tool --draft')).code,
    ).toBe(0);
  });

  it('are edited in $EDITOR; every save is a version that can come back', async () => {
    const editor = path.join(folder, 'edit.sh');
    await writeFile(editor, `sed -i 's/"prompt": "Hello"/"prompt": "Goodbye"/' "$1"\n`, { mode: 0o755 });
    const env = { EDITOR: `sh ${editor}` };
    const edited = await alfred('skill edit from-file', { env });
    expect(edited).toMatchObject({ code: 0, stdout: '✓ from-file is saved as version 2\n' });
    expect(await alfred('skill edit from-file', { env })).toMatchObject({
      code: 0,
      stdout: 'from-file is as it was\n',
    });
    await writeFile(editor, `echo '{' > "$1"\n`);
    const broken = await alfred('skill edit from-file', { env });
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('not JSON');
    const versions = await alfred('skill versions from-file');
    expect(versions.stdout).toMatch(/^ +2 .*\n +1 /m);
    const restored = await alfred('skill versions from-file --restore 1');
    expect(restored.stdout).toContain('now version 3');
    expect((await alfred('skill show from-file')).stdout).toContain('Hello');
  });

  it('of Alfred itself cannot be removed', async () => {
    const refused = await alfred('skill remove teach-new-skill');
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).toContain('E_SYSTEM_SKILL');
  });

  it('whose input does not fit are not run, and the field is named', async () => {
    const before = (await alfred('execution list --json')).stdout;
    const run = await alfred('skill run house-report path=3');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('/input/path');
    expect((await alfred('skill run nobody')).code).toBe(3);
    expect((await alfred('execution list --json')).stdout).toBe(before);
  });
});

describe('a schedule', () => {
  it('is read back in plain words, with its next five times in its own zone', async () => {
    const body = {
      ...{ slug: 'morning', name: 'M', steps: [{ id: 1, prompt: 'Go' }], triggerType: 'schedule' },
      triggerConfig: { cron: '0 7 * * 1-5', timezone: 'Asia/Tokyo', missed: 'once' },
    };
    expect((await vm.api('POST', '/api/v1/skills', body)).status).toBe(201);
    const shown = await alfred('skill schedule morning');
    expect(shown.code).toBe(0);
    expect(shown.stdout.split('\n').filter((line) => /, 07:00 GMT\+9 +in /.test(line))).toHaveLength(5);
    expect(shown.stdout).toContain('made up for by one run');
    const json = (await alfred('skill schedule morning --json')).json();
    expect(json).toMatchObject({ timezone: 'Asia/Tokyo', next: expect.any(Array) });
    expect((await alfred('skill schedule --cron @daily --timezone UTC')).stdout).toMatch(/, 00:00 UTC +in /);
    expect((await alfred('skill schedule --cron nonsense')).code).toBe(2);
    expect((await alfred('skill schedule teach-new-skill')).stderr).toContain('has no schedule');
    await alfred('skill remove morning');
  });

  it('is paused for its next time or until a day, and goes on when it is told to', async () => {
    const body = {
      ...{ slug: 'away', name: 'A', steps: [{ id: 1, prompt: 'Go' }], triggerType: 'schedule' },
      triggerConfig: { cron: '0 7 * * *', timezone: 'UTC' },
    };
    expect((await vm.api('POST', '/api/v1/skills', body)).status).toBe(201);
    const next = async () =>
      ((await alfred('skill schedule away --json')).json() as { next: string[] }).next[0];
    const first = (await next()) ?? '';
    const day = (days: number) => new Date(Date.parse(first) + days * 86_400_000).toISOString();

    expect((await alfred('skill pause away --next')).code).toBe(0);
    expect(await next()).toBe(day(1));
    expect((await alfred('skill pause away --next')).code).toBe(0);
    expect(await next()).toBe(day(2));
    expect((await alfred('skill resume away')).code).toBe(0);
    expect(await next()).toBe(first);
    expect((await alfred('skill pause away --until 9d')).code).toBe(0);
    expect((await next()) ?? '').toMatch(/T07:00/);
    expect(Date.parse((await next()) ?? '') - Date.now()).toBeGreaterThan(8 * 86_400_000);

    expect((await alfred('skill pause away')).stderr).toContain('--next');
    expect((await alfred('skill pause away --until 2020-01-01')).stderr).toContain('no time to come');
    expect((await alfred('skill pause teach-new-skill --next')).stderr).toContain('has no schedule');
    await alfred('skill remove away');
  });
});

describe('executions', () => {
  beforeAll(async () => {
    await alfred('skill create --slug slow --prompt Wait --tool mcp__every__trigger-long-running-operation');
  });

  /** Starts a run that lasts for minutes, and waits until its tool is at it. */
  async function startSlow(): Promise<string> {
    const started = await alfred('skill run slow duration=300 steps=300 --detach');
    expect(started.code).toBe(0);
    const id = started.stdout.trim();
    for (;;) {
      const { toolCalls, status } = (await alfred(`execution show ${id} --json`)).json() as Execution;
      if (toolCalls.some((call) => call.status === 'dispatched')) return id;
      if (status !== 'queued' && status !== 'running') throw new Error(`the slow run ended: ${status}`);
    }
  }

  it('can be left to themselves, watched from elsewhere, and cancelled', async () => {
    const id = await startSlow();
    const watching = alfred(`execution watch ${id}`);
    const cancelled = await alfred(`execution cancel ${id}`);
    expect(cancelled.code).toBe(0);
    expect(cancelled.stdout).toMatch(
      new RegExp(`^✓ ${id} is cancelled\n  slow · .+ · no cost \\(rehearsal\\)\n$`),
    );
    const watched = await watching;
    expect(watched.code).toBe(1);
    expect(watched.stderr).toContain('step 1 of 1');
    expect(watched.stdout).toMatch(/^cancelled · /m);
    expect((await alfred(`execution cancel ${id}`)).code).toBe(4);
    const none = await alfred('execution cancel --skill slow -y');
    expect([none.code, none.stdout]).toEqual([0, 'No run of slow waits or runs.\n']);
    expect((await alfred('execution cancel')).code).toBe(2);
  });

  it('are retried, from the start or behind what is done', async () => {
    await alfred('skill create --slug again --prompt Say');
    const first = (await alfred('skill run again --json')).json() as Execution;
    const retried = await alfred(`execution retry ${first.id}`);
    expect(retried).toMatchObject({ code: 0, stdout: expect.stringMatching(/^succeeded · /m) });
    expect(retried.stderr).toContain(`running again: ${first.id}`);
    const shown = await alfred('execution show last');
    expect(shown.stdout).toMatch(new RegExp(`^retry of +${first.id}$`, 'm'));
    const refused = await alfred(`execution retry ${first.id} --from failed`);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('E_NOT_RETRYABLE');
    expect(refused.stderr).toContain('no failed step');
    expect((await alfred(`execution retry ${first.id} --from middle`)).code).toBe(2);
    const detached = await alfred(`execution retry ${first.id} --version current --detach --json`);
    expect(detached.json()).toEqual({ executionId: expect.any(String) });
  });

  it('are replayed beside what they replay, as the skill is or as a draft has it', async () => {
    await alfred('skill create --slug looks --prompt Look --tool mcp__every__get-env');
    const first = (await alfred('skill run looks --json')).json() as Execution;
    const replayed = await alfred(`execution replay ${first.id}`);
    expect(replayed).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('both did and said the same'),
    });
    expect(replayed.stdout).toContain('1 of 1 recorded answers used: 1 to the same arguments');
    expect(replayed.stderr).toContain('no tool is called');
    expect((await alfred('execution list --mode replay')).stdout).toMatch(/ looks +succeeded +replay /);

    const draft = (await alfred('skill show looks --json')).json() as { steps: Step[] };
    const steps = draft.steps.map((step) => ({ ...step, prompt: 'Look twice', allowedTools: [] }));
    await writeFile(path.join(folder, 'draft.json'), JSON.stringify({ ...draft, steps }));
    const tried = await alfred(`execution replay ${first.id} --draft @/draft.json --detach --json`);
    const { executionId } = tried.json() as { executionId: string };
    await alfred(`execution watch ${executionId}`);
    const compared = await alfred(`execution compare ${executionId}`);
    expect(compared.stdout).toMatch(/^ +- Look\n +\+ Look twice$/m);
    expect(compared.stdout).toContain('they differ');
    expect(compared.stdout).toContain('not in the replay');
    const json = (await alfred(`execution compare ${executionId} --json`)).json() as Comparison;
    expect(json).toMatchObject({ isSame: false, original: { id: first.id }, replay: { id: executionId } });

    const refused = await alfred(`execution replay ${executionId}`);
    expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('E_NOT_REPLAYABLE') });
    expect((await alfred(`execution replay ${first.id} --draft @/nothing.json`)).code).toBe(2);
    const both = await alfred(`execution replay ${first.id} --draft @/draft.json --version original`);
    expect(both.stderr).toContain('use one of them');
    await alfred(`execution purge ${first.id} -y`);
    const gone = await alfred(`execution replay ${first.id}`);
    expect(gone.stderr).toContain('was purged on');
  });

  it('are tried step by step, on what a run gave before, and nothing of it is saved', async () => {
    await alfred('skill create --slug steps --prompt Look --tool mcp__every__get-env');
    const first = (await alfred('skill run steps --json')).json() as Execution;
    const skill = (await alfred('skill show steps --json')).json() as { steps: Step[] };
    const steps = [...skill.steps, { id: 2, prompt: 'Say it', allowedTools: [] }];
    await writeFile(path.join(folder, 'steps.json'), JSON.stringify({ ...skill, steps }));
    const tried = await alfred('skill try steps --step 2 --draft @/steps.json');
    expect(tried).toMatchObject({ code: 0, stdout: expect.stringMatching(/^succeeded · /m) });
    expect(tried.stderr).toContain(`on the input of ${first.id}, with 1 step taken from it`);
    expect((await alfred('skill show steps --json')).json()).toMatchObject({ version: 1 });
    const behind = await alfred('skill try steps --step 2');
    expect(behind).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is behind the last step, which is 1'),
    });
    expect((await alfred('skill try steps --step none')).code).toBe(2);
    const detached = await alfred('skill try steps --detach --json');
    const begun = detached.json() as { executionId: string };
    expect(begun).toMatchObject({ from: first.id, carried: 0 });
    await alfred(`execution watch ${begun.executionId}`);
  });

  it('are news in the morning paper, which is the same as data', async () => {
    const home = await alfred('home');
    expect(home.code).toBe(0);
    expect(home.stdout).toMatch(/^Good \w+ · /);
    expect(home.stdout).toMatch(/^News$/m);
    expect(home.stdout).toMatch(/^ {2}alfred execution show [0-9a-f]{8}/m);
    expect(home.stdout).toMatch(/^today {2}\d+ runs?, /m);
    const paper = (await alfred('home --json')).json();
    expect(paper).toMatchObject({
      stopped: null,
      trouble: null,
      approvals: [],
      timezone: expect.any(String),
    });
    expect(JSON.stringify(paper)).not.toContain(secret);
  });

  it('are pinned, rated and looked for again, with what they come to', async () => {
    const words = (line: string, ...more: string[]) => runInProcess(vm.home, [...line.split(' '), ...more]);
    expect((await alfred('execution mark last')).code).toBe(2);
    const marked = await words('execution mark last --pin --rate good --comment', 'Keep it');
    expect(marked.stdout).toMatch(/^✓ [0-9a-f]{8}: pinned · rated good · “Keep it”$/m);
    expect((await alfred('execution show last')).stdout).toMatch(/^you said +pinned · rated good/m);
    const saved = await words('execution list --pinned --from 7d --totals --save', 'of this week');
    expect(saved.stderr).toContain('alfred execution list --saved "of this week"');
    expect(saved.stdout).toMatch(/^1 run · \$0 · .+ tokens · .+ in all$/m);
    const again = (await words('execution list --totals --json --saved', 'of this week')).json();
    expect(again).toMatchObject({ items: [{ mark: { comment: 'Keep it' } }], totals: { executions: 1 } });
    expect((await alfred('execution filters')).stdout).toMatch(/of this week +since 7d, pinned true/);
    expect((await words('execution filters --forget', 'of this week')).code).toBe(0);
    expect((await words('execution list --saved', 'of this week')).code).toBe(3);
    const taken = await words('execution mark last --unpin --rate none --comment', '');
    expect(taken.stdout).toContain('nothing is marked');
    const day = (await alfred('home --day today --json')).json();
    expect(day).toMatchObject({ letters: { 0: { row: { status: 'succeeded' } } }, totals: { failed: 0 } });
    expect((await alfred('home --day today')).stdout).toMatch(/^\d+ runs.* in all$/m);
    expect((await alfred('home --day soon')).code).toBe(2);
    expect((await alfred('execution read --all')).stdout).toBe('Nothing is unread.\n');
    expect((await alfred('execution retry --failed -y')).stdout).toBe('Nothing failed that fits.\n');
    expect((await alfred('execution cancel --waiting')).stdout).toBe('No run waits.\n');
  });

  it('are listed by status and skill', async () => {
    const list = await alfred('execution list --status cancelled --skill slow');
    expect(list.stdout.trim().split('\n')).toHaveLength(2);
    expect((await alfred('execution list --status failed')).stdout).toContain('nothing fits status failed');
    expect((await alfred('execution show 01234567-0000-7000-8000-000000000000')).code).toBe(3);
    expect((await alfred('execution show ffffffff')).code).toBe(3);
  });
});

describe('settings', () => {
  it('keep secrets sealed, and say which model answers', async () => {
    await writeFile(path.join(folder, 'key.txt'), `sk-ant-${secret}\n`);
    expect((await alfred('config set anthropic_api_key --secret-file @/key.txt')).stdout).toBe(
      '✓ anthropic_api_key is sealed\n',
    );
    expect((await alfred('config get anthropic_api_key')).stdout).toMatch(
      /^\(sealed, fingerprint [0-9a-f]{8}\)$/m,
    );
    expect((await alfred('config list --json')).stdout).not.toContain(secret);
    expect((await alfred('status')).stdout).toMatch(/^model +claude-/m);
    expect((await alfred('config set anthropic_api_key --unset')).code).toBe(0);
    expect((await alfred('status')).stdout).toMatch(/^model +rehearsal/m);
  });

  it('that are no secrets are set and read', async () => {
    expect((await alfred('config set timezone Europe/Berlin')).code).toBe(0);
    expect((await alfred('config get timezone')).stdout).toBe('Europe/Berlin\n');
    expect((await alfred('config set timezone Mars/Olympus')).code).toBe(2);
    const refused = await alfred('config set demo_done true');
    expect(refused).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('"demo_done" is kept by the VM'),
    });
    expect((await alfred('config set vault_id --unset')).code).toBe(4);
    expect((await alfred('config get nothing_here')).code).toBe(3);
  });

  it('are listed with what they do, whether they are set or not', async () => {
    const { stdout } = await alfred('config list --known');
    expect(stdout).toMatch(/^timezone +Europe\/Berlin +The IANA zone /m);
    expect(stdout).toMatch(/^model_timeout_ms +\(90000\) +milliseconds +How long the model may be silent/m);
    expect((await alfred('config list --known --json')).json()).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ key: 'model_timeout_ms', value: null, default: '90000' }),
      ]),
    });
  });
});

describe('money', () => {
  it('is shown against its caps', async () => {
    await alfred('config set max_cost_per_day_usd 5');
    const { stdout } = await alfred('budget');
    expect(stdout).toMatch(/^today +\$0 of \$5\.00 /m);
    expect(stdout).toMatch(/^this month +\$0 \(no cap\)/m);
    expect((await alfred('budget --json')).json()).toMatchObject({ day: { capUsd: 5, spentUsd: 0 } });
    expect((await alfred('status')).stdout).toMatch(/^spent +today \$0 of \$5\.00, this month/m);
  });
});

describe('the kill switch', () => {
  it('stops everything, says so, and lets it go on', async () => {
    const stopped = await alfred('stop-all');
    expect([stopped.code, stopped.stdout]).toEqual([0, expect.stringMatching(/runs? cancelled/)]);
    expect((await alfred('status')).stdout).toMatch(/^stopped +since .* by owner/m);
    expect((await alfred('status --json')).json()).toMatchObject({ stopped: { by: 'owner' } });
    expect((await alfred('go-on --json')).json()).toEqual({ wasStopped: true });
    expect((await alfred('go-on')).stdout).toBe('nothing was stopped\n');
    expect((await alfred('status --json')).json()).toMatchObject({ stopped: null });
  });
});

describe('tokens', () => {
  it('are shown once, do what their scopes say, and end when they are revoked', async () => {
    const made = await alfred('token create laptop --scope read');
    expect(made.code).toBe(0);
    const token = made.stdout.trim();
    const ask = (method: string) =>
      fetch(new URL('/api/v1/skills', vm.url), {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(method === 'POST' ? { body: '{}' } : {}),
      });
    expect((await ask('GET')).status).toBe(200);
    expect((await ask('POST')).status).toBe(403);
    const list = await alfred('token list');
    expect(list.stdout).toMatch(/^laptop +read /m);
    expect(list.stdout).not.toContain(token);
    expect((await alfred('token revoke laptop')).code).toBe(0);
    expect((await ask('GET')).status).toBe(401);
    expect((await alfred('token revoke laptop')).code).toBe(3);
  });
});

describe('a new sign-in link', () => {
  it('is made for the owner', async () => {
    const made = await alfred('status --link');
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/#code=\S+\n$/) });
  });

  it('is a code for the camera of a phone, which says where a phone does not come', async () => {
    const made = await alfred('status --phone');
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/#code=\S+\n$/) });
    const drawn = made.stdout.split('\n').filter((line) => /^[█▀▄ ]+$/.test(line));
    expect(drawn.length).toBeGreaterThan(15);
    expect(new Set(drawn.map((line) => line.length)).size).toBe(1);
    expect(made.stderr).toContain('ALFRED_PUBLIC_URL');
  });
});

describe('the OpenAPI document', () => {
  it('generates a client that compiles under strict, and works', async () => {
    const document = (await vm.api('GET', '/api/openapi.json')).body;
    expect(await useGeneratedClient(document, vmClient, vm)).toBe('the generated client works\n');
  });
});

describe('signing in', () => {
  const signIn = (body: object) =>
    fetch(new URL('/api/v1/session', vm.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('by a passkey begins at the address where browsers take one', async () => {
    expect((await alfred('passkey list')).stdout).toContain('no passkeys yet; alfred passkey add says where');
    const added = await alfred('passkey add');
    const port = new URL(vm.url).port;
    expect(added.stdout).toMatch(new RegExp(`^http://localhost:${port}/settings#code=once_`));
    expect(added.stderr).toContain('add a passkey');
    expect((await alfred('passkey remove nobody')).code).toBe(3);
    const unknown = await alfred('passkey rename nobody somebody');
    expect(unknown).toMatchObject({ code: 3, stderr: expect.stringContaining('There is no passkey nobody') });
  });

  it('by a password is set up from standard input, seen among the sessions, and ended', async () => {
    const short = await alfred('password set --password-stdin', { input: 'too short\n' });
    expect(short).toMatchObject({ code: 2, stdout: '' });
    expect(short.stderr).toContain('at least 12 characters');
    expect((await alfred('password set', { input: '' })).code).toBe(2);
    const set = await alfred('password set --password-stdin', { input: 'a sentence of mine\n' });
    expect(set.stdout).toBe('✓ the password signs you in\n');
    expect((await signIn({ password: 'a sentence of mine' })).status).toBe(200);
    const { items } = (await alfred('session list --json')).json() as { items: { id: string }[] };
    expect(items[0]).toMatchObject({ way: 'password', browser: 'a program', address: '127.0.0.1' });
    expect((await alfred('session list')).stdout).toMatch(/a program +password +127\.0\.0\.1/);
    expect((await alfred('session end')).code).toBe(2);
    expect((await alfred('session end nobody')).code).toBe(2);
    expect((await alfred(`session end ${items[0]?.id}`)).stdout).toBe('✓ signed out\n');
    expect((await alfred(`session end ${items[0]?.id}`)).code).toBe(3);
    expect((await alfred('password remove --json')).json()).toEqual({ endedSessions: 0 });
    expect((await alfred('password remove')).code).toBe(3);
    expect((await signIn({ password: 'a sentence of mine' })).status).toBe(401);
    expect((await alfred('session end --all')).stdout).toBe('nobody was signed in\n');
  });
});

describe('the root key', () => {
  it('is shown as words to a terminal alone, unless told otherwise', async () => {
    expect((await alfred('key show-recovery')).code).toBe(4);
    const shown = await alfred('key show-recovery --yes-print --json');
    const { words } = shown.json() as { words: string[] };
    expect(words).toHaveLength(24);
  });
});

describe('output', () => {
  it('has no colour where nobody looks, and some where it is asked for', async () => {
    expect((await alfred('skill list')).stdout).not.toContain('\u001b');
    expect((await alfred('skill list', { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b');
    expect((await alfred('skill list', { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain(
      '\u001b',
    );
  });

  it('of a refused token tells what to do', async () => {
    const file = path.join(vm.home, 'cli-token');
    const token = await readFile(file, 'utf8');
    await writeFile(file, 'alfred_wrong');
    const refused = await alfred('skill list');
    await writeFile(file, token);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('E_UNAUTHENTICATED');
  });
});
