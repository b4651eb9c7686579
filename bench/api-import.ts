/**
 * What it costs to take an OpenAPI document in, from the connection that is made to its tools on record: processor time of the VM, and
 * how far its memory goes above what it has when idle. Two builds take turns in one run, each round on a home of its own.
 *
 *   node bench/api-import.ts DOCUMENT [FOLDER] [rounds]     FOLDER: a checkout of another build, with its node_modules
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { cpuOf } from './process-cpu.ts';

type Import = { cpuMs: number; ms: number; peakMiB: number; tools: number };
const settledMs = 3_000;

const readySchema = z.object({ url: z.string(), pid: z.int() });
const discoveredSchema = z.object({ tools: z.array(z.unknown()) });

const here = path.resolve(import.meta.dirname, '..');
const [document, other, rounds = '3'] = process.argv.slice(2);
if (document === undefined) throw new Error('usage: node bench/api-import.ts DOCUMENT [FOLDER] [rounds]');
const file = path.resolve(document);

/** A line of /proc/<pid>/status, in MiB. */
async function memoryOf(pid: number, line: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
}

/** What a VM says when it is ready: one document. */
async function readyOf(stdout: Readable): Promise<z.infer<typeof readySchema>> {
  let text = '';
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (!text.endsWith('}\n')) continue;
    const ready = readySchema.safeParse(JSON.parse(text));
    if (ready.success) return ready.data;
  }
  throw new Error(`The VM did not start: ${text}`);
}

async function importBy(build: string): Promise<Import> {
  const home = await mkdtemp(path.join(tmpdir(), 'alfred-bench-'));
  const child = spawn(process.execPath, [path.join(build, 'bin/alfred.js'), 'start', '--json'], {
    cwd: build,
    env: {
      ...{ PATH: process.env.PATH, HOME: home, ALFRED_HOME: home, LANG: 'C.UTF-8' },
      ...{ ALFRED_PORT: '0', ALFRED_LOG_FORMAT: 'json', ALFRED_SPARE_AGENTS: '0' },
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const { url, pid } = await readyOf(child.stdout);
    const token = (await readFile(path.join(home, 'cli-token'), 'utf8')).trim();
    const post = async (route: string, body: object): Promise<unknown> => {
      const answer = await fetch(`${url}/api/v1/connections${route}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${route} is answered with ${answer.status}: ${await answer.text()}`);
      return answer.json();
    };
    await sleep(settledMs);
    // From here on its highest is measured.
    await writeFile(`/proc/${pid}/clear_refs`, '5');
    const [idle, cpu, began] = [await memoryOf(pid, 'VmRSS'), cpuOf(pid), performance.now()];
    await post('', {
      ...{ name: 'imported', type: 'http_api' },
      // Nothing is asked there: some documents do not say where their API is.
      config: { openapi: { file }, baseUrl: 'https://api.example.com', auth: { type: 'none' } },
    });
    const { tools } = discoveredSchema.parse(await post('/imported/discover', {}));
    const ms = performance.now() - began;
    const peakMiB = (await memoryOf(pid, 'VmHWM')) - idle;
    return { cpuMs: cpuOf(pid) - cpu, ms, peakMiB, tools: tools.length };
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(home, { recursive: true, force: true });
  }
}

const median = (values: number[]): number =>
  values.toSorted((one, two) => one - two)[Math.floor(values.length / 2)] ?? 0;

const builds = [here, ...(other === undefined ? [] : [path.resolve(other)])];
const seen = new Map(builds.map((build): [string, Import[]] => [build, []]));
for (let round = 0; round < Number(rounds); round++)
  for (const build of builds) seen.get(build)?.push(await importBy(build));
console.log(`medians of ${rounds}, load ${loadavg()[0]?.toFixed(1)}, ${path.basename(file)}`);
for (const [build, imports] of seen) {
  const of = (part: keyof Import) => Math.round(median(imports.map((one) => one[part])));
  console.log(
    `${build}: ${of('cpuMs')} ms of processor time, ${of('ms')} ms by the clock, ${of('peakMiB')} MiB above idle; ${of('tools')} tools`,
  );
}
