/** What a person types wrong, and what they are told. Nothing here needs a server. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInProcess } from '../../tests/helpers/cli-io.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'alfred-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const alfred = (line: string, options: { input?: string; columns?: number } = {}) =>
  runInProcess(home, line.split(' '), options);

describe('a wrong command line', () => {
  it.each([
    ['skil', "unknown command 'skil'", 'hint: alfred --help'],
    ['skill runn', "unknown command 'runn'", 'hint: alfred skill --help'],
    ['skill list --bogus', "unknown option '--bogus'", 'hint: alfred skill list --help'],
    ['skill show', "missing required argument 'slug'", 'hint: alfred skill show --help'],
    ['connection add files npx -y foo', 'comes after --', 'hint: alfred connection add NAME -- npx'],
    ['connection add files --', 'nothing to run', 'hint: alfred connection add files --'],
    ['connection add Files -- npx', 'lower-case letter', 'hint: alfred connection add --help'],
    ['connection add x --env KEY=hunter2 -- npx', 'not marked as plain', '--secret KEY'],
    ['connection add x --secret-stdin -- npx', 'needs the name', '--secret NAME'],
    ['connection add x --secret TOKEN -- npx', 'no terminal to ask on', '--secret-stdin'],
    ['config set anthropic_api_key sk-ant-123', 'other processes can read', '--secret-stdin'],
    ['config set Model x', 'Model is no key', ''],
    ['skill create --slug x', 'needs a slug and a prompt', '--file'],
    ['skill create --file x.json --slug y', 'the whole skill', ''],
    ['skill run x --input [1]', 'not a JSON object', 'name=value'],
    ['skill run x --input {', 'is not JSON', ''],
    ['skill run x folder', 'folder is not a pair', 'name=value'],
    ['execution list --status gone', 'Allowed choices', 'hint: alfred execution list --help'],
    ['skill schedule', 'Name a skill, or give an expression', 'hint: alfred skill schedule --help'],
    ['execution list --limit 0', 'is no count', ''],
    ['token create laptop', 'at least one scope', 'connections:approve'],
    ['token create laptop --scope read --expires soon', 'is no time', '30d'],
  ])('alfred %s', async (line, message, hint) => {
    const { code, stdout, stderr } = await alfred(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  it('never repeats a secret that stood in it', async () => {
    expect((await alfred('connection add x --env KEY=hunter2-long -- npx')).stderr).not.toContain('hunter2');
    expect((await alfred('config set anthropic_api_key sk-ant-123')).stderr).not.toContain('sk-ant');
    const lines = await alfred('connection add x --secret A --secret B --secret-stdin -- npx', {
      input: 'hunter2\n',
    });
    expect(lines.code).toBe(2);
    expect(lines.stderr).not.toContain('hunter2');
  });

  it('is one JSON document on stdout with --json', async () => {
    const { code, stdout, stderr } = await alfred('skill show --json');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'E_USAGE', remedy: 'alfred skill show --help' },
    });
  });

  it('shows help for a noun without a verb, and says it was no command', async () => {
    const { code, stderr } = await alfred('skill');
    expect(code).toBe(2);
    expect(stderr).toContain('run <slug>');
  });
});

describe('help', () => {
  const nouns = ['connection', 'skill', 'execution', 'config', 'token', 'key'];

  it('lists every noun', async () => {
    const { code, stdout } = await alfred('--help', { columns: 80 });
    expect(code).toBe(0);
    for (const noun of nouns) expect(stdout).toMatch(new RegExp(`^ {2}${noun} `, 'm'));
  });

  it('has an example for every verb, and --json', async () => {
    for (const noun of nouns) {
      const { stdout } = await alfred(`${noun} --help`);
      const verbs = [...(stdout.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)].map(
        (match) => match[1],
      );
      expect(verbs.length, noun).toBeGreaterThan(0);
      for (const verb of verbs) {
        const help = await alfred(`${noun} ${verb} --help`);
        expect(help.code).toBe(0);
        expect(help.stdout).toMatch(/^Examples?:$/m);
        expect(help.stdout).toContain('--json');
      }
    }
  });

  it('is written for eighty columns where a terminal does not say how many it has', async () => {
    const { stdout } = await alfred('connection add --help', { columns: 0 });
    expect(stdout).toBe((await alfred('connection add --help', { columns: 80 })).stdout);
  });

  it.each([60, 100])('fits %i columns, examples aside', async (columns) => {
    const { stdout } = await alfred('connection add --help', { columns });
    const lines = (stdout.split(/^Examples?:$/m)[0] ?? '').split('\n');
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  });
});

describe('without a server', () => {
  it('says so, and how to start one', async () => {
    const { code, stderr } = await alfred('skill list');
    expect(code).toBe(1);
    expect(stderr).toContain(`No Alfred VM is running on ${home}`);
    expect(stderr).toContain('npm start');
    expect(stderr).toContain('E_NOT_RUNNING');
  });

  it('tells a program, too', async () => {
    const { code, stdout } = await alfred('status --json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ running: false, home });
  });

  it('still looks for what is wrong', async () => {
    const { stdout } = await alfred('doctor --json');
    const { checks } = JSON.parse(stdout) as { checks: { name: string; state: string }[] };
    expect(checks.map(({ name }) => name)).toEqual([
      'node',
      'home',
      'key',
      'files',
      'disk',
      'sandbox',
      'server',
      'database',
      'model',
      'notices',
    ]);
    expect(checks.find(({ name }) => name === 'server')).toMatchObject({
      state: 'warn',
      remedy: 'start it with npm start',
    });
  });

  it('names every wrong variable', async () => {
    const { code, stderr } = await runInProcess(home, ['doctor'], {
      env: { ALFRED_PORT: '0x10', DATABASE_URL: 'mysql://' },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('ALFRED_PORT');
    expect(stderr).toContain('DATABASE_URL');
  });
});

describe('a private file that others may read', () => {
  it('is found by doctor, with the command that closes it', async () => {
    const open = await mkdtemp(path.join(tmpdir(), 'alfred-cli-open-'));
    const key = path.join(open, 'root-key');
    await writeFile(key, 'AAAA', { mode: 0o644 });
    const { code, stdout } = await runInProcess(open, ['doctor', '--json'], {
      env: { VM_ENCRYPTION_SECRET_FILE: key },
    });
    await rm(open, { recursive: true });
    expect(code).toBe(1);
    const { checks } = JSON.parse(stdout) as { checks: { name: string }[] };
    expect(checks.find(({ name }) => name === 'key')).toMatchObject({
      state: 'bad',
      remedy: `chmod 600 ${key}`,
    });
  });
});
