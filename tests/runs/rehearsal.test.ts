/** A rehearsal takes the same way as a run, and neither calls a model nor costs anything. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { putConfig } from '../../src/config/put-config.ts';
import { realServer } from '../helpers/mcp/stdio-link.ts';
import { createRunnerBench, modelKey, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
let folder: string;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'From the real model.' }), { withKey: false });
  folder = await mkdtemp(path.join(tmpdir(), 'alfred-files-'));
  await writeFile(path.join(folder, 'note.txt'), 'The kettle is on the left shelf.\n');
  await bench.addConnection('files', [realServer('server-filesystem'), folder]);
  await bench.addSkill({
    slug: 'look',
    steps: [
      {
        prompt: 'Read {{path}}',
        allowedTools: ['mcp__files__read_text_file', 'mcp__files__write_file'],
      },
    ],
    maxCostUsd: 0.000001,
  });
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

it('with no key set a live run is a rehearsal and says so: it reads, it does not write, it costs nothing', async () => {
  const { execution } = await bench.run('look', { path: path.join(folder, 'note.txt') });
  expect(execution).toMatchObject({
    status: 'succeeded',
    mode: 'rehearsal',
    model: 'rehearsal',
    costUsd: 0,
    toolCalls: [{ name: 'mcp__files__read_text_file', status: 'done' }],
  });
  expect(JSON.stringify(execution.toolCalls[0]?.result)).toContain('left shelf');
  expect(execution.output).toContain('mcp__files__write_file');
  expect(bench.api.requests).toHaveLength(0);
});

it('with a key set it is rehearsed when asked, and live otherwise', async () => {
  await putConfig(bench, 'model_base_url', bench.api.url);
  await putConfig(bench, 'anthropic_api_key', modelKey);
  const input = { path: path.join(folder, 'note.txt') };
  const rehearsed = await bench.run('look', input, { mode: 'rehearsal' });
  expect(rehearsed.execution).toMatchObject({ status: 'succeeded', mode: 'rehearsal', model: 'rehearsal' });
  expect(bench.api.requests).toHaveLength(0);
  await bench.addSkill({ slug: 'live', steps: ['Do it'] });
  const { execution } = await bench.run('live');
  expect(execution).toMatchObject({ mode: 'live', output: 'From the real model.' });
});
