/** What must not leak does not: not to the agent, not to the model, not to a row, a log line or a stream. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesUnder } from '../helpers/files-under.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { toolResultsOf } from '../helpers/messages-api.ts';
import { createRunnerBench, gate, modelKey, type RunnerBench } from '../helpers/runner.ts';

/** One with everything in it that some encoding changes. */
const secret = 'hunter2 "äÖ"/\\+=&<tag>?canary';

/** The forms that security.md names, made here by other means than the product's. */
const formsOf = (value: string): string[] => {
  const bytes = Buffer.from(value);
  const json = JSON.stringify(value).slice(1, -1);
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift, 'x'), bytes]).toString('base64');
    // The characters that hold bits of the value alone.
    return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  return [
    ...[value, json, JSON.stringify(json).slice(1, -1), encodeURIComponent(value)],
    ...[new URLSearchParams({ a: value }).toString().slice(2), bytes.toString('hex')],
    ...[bytes.toString('hex').toUpperCase(), bytes.toString('base64url').slice(0, -1), ...shifted],
  ];
};

let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
  await bench.addEverything('everything', { API_KEY: secret, MODE: { plain: 'production' } });
  await bench.addSkill({
    slug: 'environment',
    steps: [{ prompt: 'Print it', allowedTools: ['mcp__everything__get-env', 'mcp__everything__echo'] }],
  });
});
afterAll(() => bench.close());

it('a connection’s secret that a tool prints reaches no row, log line, event or model request, in no form', async () => {
  const spread = formsOf(secret).join(' ');
  bench.api.setScript((request) => {
    const [result] = toolResultsOf(request.body);
    if (!result) return { toolCalls: [{ name: 'mcp__everything__get-env', input: {} }] };
    // A model that says it again, thinks it, and hands it on to another tool, whole and encoded.
    if (request.index === 1) {
      return {
        thinking: `I know ${secret}`,
        text: `It is ${spread}`,
        toolCalls: [{ name: 'mcp__everything__echo', input: { message: spread, [secret]: secret } }],
      };
    }
    return { text: `The end: ${spread}` };
  });
  const { execution, events } = await bench.run('environment', { given: spread });
  expect(execution.status).toBe('succeeded');
  // The tool did print its environment.
  expect(JSON.stringify(execution.toolCalls[0]?.result)).toContain('[redacted:everything.API_KEY]');
  expect(JSON.stringify(execution.toolCalls[0]?.result)).toContain('production');
  expect(execution.output).toContain('[redacted:everything.API_KEY]');

  const places = {
    rows: await bench.dump(),
    events: JSON.stringify(events),
    execution: JSON.stringify(execution),
    requests: [...bench.api.requests, ...bench.api.others].map(({ raw }) => raw).join('\n'),
    log: bench.logged(),
  };
  for (const [place, text] of Object.entries(places)) {
    for (const form of formsOf(secret)) {
      expect({ place, form, found: text.includes(form) }).toEqual({ place, form, found: false });
    }
    expect({ place, found: text.includes(modelKey) }).toEqual({ place, found: false });
  }
});

it('the agent holds neither the model’s key nor a connection’s secret nor anything of our environment', async () => {
  const asked = gate();
  const go = gate();
  process.env.ALFRED_TEST_CANARY = 'environment-canary';
  bench.api.requests.length = 0;
  bench.api.setScript(async (request) => {
    if (toolResultsOf(request.body).length === 0) {
      return { toolCalls: [{ name: 'mcp__everything__get-env', input: {} }] };
    }
    asked.open();
    await go.passed;
    return { text: 'Done.' };
  });
  // Those of the runs before end behind them.
  await until(() => bench.agents().length === 0);
  await until(async () => (await bench.runFolders()).length === 0);
  const id = await bench.start('environment');
  await asked.passed;
  try {
    const [agent, ...others] = bench.agents();
    expect(others).toEqual([]);
    if (!agent) throw new Error('there is no agent');
    const environment = await readFile(`/proc/${agent.pid}/environ`, 'utf8');
    const command = await readFile(`/proc/${agent.pid}/cmdline`, 'utf8');
    const [folder] = await bench.runFolders();
    const runFolder = path.join(bench.home, 'runs', folder ?? '');
    const files = [...filesUnder(runFolder)];
    expect(files).not.toEqual([]);
    for (const text of [environment, command, ...files.map(({ bytes }) => bytes.toString('latin1'))]) {
      for (const hidden of [modelKey, ...formsOf(secret), 'environment-canary', bench.db.url]) {
        expect(text).not.toContain(hidden);
      }
    }
    const names = environment.split('\0').map((entry) => entry.slice(0, entry.indexOf('=')));
    const paths = Object.fromEntries(
      environment
        .split('\0')
        .filter((entry) => /^(HOME|CLAUDE_CONFIG_DIR|TMPDIR|PWD)=/.test(entry))
        .map((entry) => entry.split('=') as [string, string]),
    );
    const own = { HOME: runFolder, CLAUDE_CONFIG_DIR: runFolder, TMPDIR: runFolder };
    // bubblewrap names the folder that it begins in.
    expect(paths).toEqual('PWD' in paths ? { ...own, PWD: runFolder } : own);
    // Whatever else is there is the SDK's own switches and ours; nothing that a shell or a person put there.
    expect(
      names.filter((name) =>
        /^(SHELL|USER|LOGNAME|DATABASE_URL|VM_|ALFRED_(?!VM_HOME|WORKER|RUN))/.test(name),
      ),
    ).toEqual([]);
  } finally {
    go.open();
    delete process.env.ALFRED_TEST_CANARY;
    await bench.ended(id);
  }
  // The endpoint was given the true key, by the proxy.
  expect(bench.api.requests[0]?.headers['x-api-key']).toBe(modelKey);
});
