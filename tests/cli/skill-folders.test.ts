/** Templates and SKILL.md folders on a real VM, read as scripts: what is typed, what comes out, what the exit code is. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/contract/connections.ts';
import type { Skill } from '../../src/contract/skills.ts';
import type { Template } from '../../src/contract/templates.ts';
import { type InProcessOptions, runInProcess } from '../helpers/cli-io.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

const secret = 'mail-token-but-long-enough-Qx7';

/** `npx -y PACKAGE …` without a network: the package that is installed here. */
const modules = path.resolve(import.meta.dirname, '../../node_modules');
const localNpx = `#!/bin/sh\npackage=$2; shift 2\nexec node ${modules}/$package/dist/index.js "$@"\n`;

let vm: TestVm;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'alfred-folders-'));
  await writeFile(path.join(folder, 'npx'), localNpx, { mode: 0o755 });
  const search = [folder, path.dirname(process.execPath), process.env.PATH ?? ''];
  vm = await startTestVm({ env: { PATH: search.join(path.delimiter) } });
});
afterAll(async () => {
  await vm.stop();
  await rm(folder, { recursive: true, force: true });
});

/** In this process, which is quicker than a program each time; `@/` stands for the folder of this test. */
const alfred = (line: string, options: InProcessOptions = {}) =>
  runInProcess(vm.home, line.replaceAll('@/', `${folder}/`).split(' '), options);

describe('templates', () => {
  it('are listed with what each needs, and what of it is there', async () => {
    const listed = await alfred('skill templates');
    expect(listed.code).toBe(0);
    // The demonstration's two connections are there from the first start.
    expect(listed.stdout).toMatch(/^morning-briefing +schedule +files ✓, memory ✓ +Every morning/m);
    expect(listed.stdout).toMatch(/^inbox-triage +schedule +mail, an account /m);
    expect(listed.stdout).toMatch(/^issue-to-summary +webhook +nothing /m);
    const { items } = (await alfred('skill templates --json')).json() as { items: Template[] };
    expect(items.length).toBeGreaterThanOrEqual(8);
  });

  it('become skills on connections that are there, with fields of one’s own', async () => {
    const made = await alfred('skill create --from folder-digest --slug digest --max-cost 0.2');
    expect(made).toMatchObject({ code: 0, stdout: '✓ digest is made from folder-digest\n' });
    expect(made.stderr).toMatch(/files is there already and is used as it is: .*samples\/house/);
    expect((await alfred('skill show digest --json')).json()).toMatchObject({
      ...{ source: 'template', isActive: true, maxCostUsd: 0.2 },
    });
    const run = await alfred('skill run digest --rehearse --json');
    expect(run.json()).toMatchObject({ status: 'succeeded', mode: 'rehearsal' });
    expect(run.stdout).toContain('calendar.md');
  });

  it('become skills on connections of their own, by another name', async () => {
    await mkdir(path.join(folder, 'papers'));
    await writeFile(path.join(folder, 'papers', 'lease.md'), 'The rent is due on the third.\n');
    const made = await alfred(
      'skill create --from folder-digest --slug papers --connect files=papers --answer FOLDER=@/papers',
    );
    expect(made).toMatchObject({ code: 0, stdout: '✓ papers is made from folder-digest\n' });
    expect(made.stderr).toContain(`npx -y @modelcontextprotocol/server-filesystem ${folder}/papers`);
    const run = await alfred('skill run papers --rehearse --json');
    expect(run.json()).toMatchObject({ status: 'succeeded' });
    expect(run.stdout).toContain('lease.md');
    expect(run.stdout).not.toContain('calendar.md');
  });

  it('say when they run by themselves, and show a webhook’s secret once', async () => {
    expect((await alfred('skill create --from morning-briefing')).stderr).toContain('runs by itself, next ');
    const hook = await alfred('skill create --from issue-to-summary');
    expect(hook.stderr).toMatch(/shown this once: whsec_/);
    expect(hook.stdout).not.toContain('whsec_');
  });

  it('have their connections shown and added; one that cannot be asked leaves a draft that says why', async () => {
    const made = await alfred(
      'skill create --from inbox-triage --answer ADDRESS=http://127.0.0.1:9/mcp --private-network --secret-stdin --json',
      { input: `${secret}\n` },
    );
    expect(made.code, made.stderr).toBe(0);
    const skill = made.json() as Skill & { warnings: string[] };
    expect(skill).toMatchObject({ slug: 'inbox-triage', isActive: false, source: 'template' });
    expect(skill.warnings.join('\n')).toContain('"mail"');
    const mail = await alfred('connection show mail --json');
    expect(mail.json()).toMatchObject({
      type: 'mcp_http',
      approved: true,
      config: {
        url: 'http://127.0.0.1:9/mcp',
        headers: { Authorization: { sealed: true } },
        allowPrivateNetwork: true,
      },
    } satisfies Partial<Connection>);
    expect(made.stdout + made.stderr + mail.stdout).not.toContain(secret);
  });

  it('name what is not answered, not asked, secret or taken, and add nothing then', async () => {
    const refused = async (line: string) => {
      const { code, stderr } = await alfred(`skill create --from ${line}`);
      return `${code} ${stderr}`;
    };
    expect(await refused('database-question')).toMatch(
      /^2 .*FILE is needed: Which SQLite file\?[\s\S]*--answer FILE=/,
    );
    expect(await refused('database-question --answer FOLDER=/x')).toMatch(
      /^2 .*FOLDER answers no[\s\S]*FILE/,
    );
    expect(await refused('database-question --answer FILE=/x --prompt x')).toMatch(/^2 .*--prompt/);
    expect(await refused('inbox-triage --slug x --connect mail=post --answer TOKEN=x')).toMatch(
      /TOKEN is a secret/,
    );
    expect(await refused('inbox-triage --slug x --connect post=mail')).toMatch(/names no[\s\S]*wants mail/);
    expect(await refused('folder-digest --slug digest')).toMatch(/^4 .*digest already[\s\S]*--slug/);
    expect(await refused('no-such')).toMatch(/^3 .*no template no-such[\s\S]*morning-briefing/);
    expect((await alfred('connection show database')).code).toBe(3);
  });
});

describe('a SKILL.md folder', () => {
  it('is written, never over another, and comes back as a new version', async () => {
    const target = path.join(folder, 'house-report');
    expect(await alfred('skill export house-report --out @/')).toMatchObject({
      code: 0,
      stdout: `✓ ${target}\n`,
    });
    const text = await readFile(path.join(target, 'SKILL.md'), 'utf8');
    expect((await alfred('skill export house-report')).stdout).toBe(text);
    expect(await alfred('skill export house-report --out @/')).toMatchObject({ code: 4, stdout: '' });
    expect((await alfred('skill export house-report --out @/ --force')).code).toBe(0);
    expect((await alfred('skill export nobody')).code).toBe(3);

    expect((await alfred('skill import @/house-report')).code).toBe(4);
    const before = (await alfred('skill show house-report --json')).json() as Skill;
    expect(await alfred('skill import @/house-report --replace')).toMatchObject({
      code: 0,
      stdout: '✓ house-report is imported as version 2\n',
    });
    const after = (await alfred('skill show house-report --json')).json() as Skill;
    expect(after.steps).toEqual(before.steps);
    expect(after.inputSchema).toEqual(before.inputSchema);
  });

  it('from elsewhere becomes a draft, and what could not be taken over is said', async () => {
    const plain = path.join(folder, 'pdf');
    await mkdir(path.join(plain, 'scripts'), { recursive: true });
    await writeFile(
      path.join(plain, 'SKILL.md'),
      '---\nname: pdf\ndescription: Fills forms\nallowed-tools: Bash\n---\n# Fill PDF forms\n\nDo it.\n',
    );
    await writeFile(path.join(plain, 'scripts/fill.py'), 'print()');
    await writeFile(path.join(plain, 'scripts/seal.png'), Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    // What is hidden is named alone, whatever stands in it; what programs leave behind is not even named.
    await writeFile(path.join(plain, '.env'), 'KEY=hidden-and-not-sent');
    await mkdir(path.join(plain, 'node_modules'));
    await writeFile(path.join(plain, 'node_modules/left.js'), 'left');
    const taken = await alfred('skill import @/pdf');
    expect(taken).toMatchObject({ code: 0, stdout: '✓ pdf is imported as version 1, a draft\n' });
    expect(taken.stderr).toMatch(/^! .*scripts\/seal\.png/m);
    expect(taken.stderr).toMatch(/^! not kept.*\.env/m);
    expect(taken.stderr).not.toContain('left.js');
    expect(JSON.stringify((await alfred('skill export pdf --json')).json())).not.toContain(
      'hidden-and-not-sent',
    );
    expect((await alfred('skill show pdf')).stdout).toMatch(
      /^files\n {2}scripts\/fill\.py {2}7 characters$/m,
    );
    expect((await alfred('skill show pdf --file scripts/fill.py')).stdout).toBe('print()\n');
    expect(await alfred('skill show pdf --file scripts/seal.png')).toMatchObject({ code: 3 });
    expect(taken.stderr).toMatch(/^! .*Bash/m);

    const shown = await alfred('skill import @/pdf --preview --slug forms --json');
    expect(shown.json()).toMatchObject({ definition: { slug: 'forms', isActive: false }, isTaken: false });
    expect((await alfred('skill show forms')).code).toBe(3);
    expect((await alfred('skill import @/pdf --preview')).stdout).toContain(
      'pdf Fill PDF forms (there is one',
    );
    expect(await alfred('skill export pdf --out @/back')).toMatchObject({ code: 0 });
    expect(await readFile(path.join(folder, 'back/pdf/scripts/fill.py'), 'utf8')).toBe('print()');
    expect((await alfred('skill import @/pdf --slug forms')).stdout).toContain('forms is imported');

    const piped = await alfred('skill import - --json', {
      input: '---\nname: piped\ndescription: x\n---\nDo it.\n',
    });
    expect(piped.json()).toMatchObject({ skill: { slug: 'piped', isActive: false }, warnings: [] });
    expect((await alfred('skill import -', { input: 'no frontmatter' })).code).toBe(2);
    expect((await alfred('skill import @/nowhere')).code).toBe(2);
    await mkdir(path.join(folder, 'empty'));
    expect((await alfred('skill import @/empty')).code).toBe(2);
  });
});
