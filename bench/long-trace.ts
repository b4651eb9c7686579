/**
 * A run whose trace has 20 MB, on a VM of its own: reading it whole over HTTP beside the bare SELECT of its trace, in turns; its page
 * without the trace, which is what the console draws first; its stream, to the first message and to the end; the console, from its
 * address to the heading, beside that of a run with one message; and the memory of the VM (PSS) before and after many such reads.
 *
 *   node bench/long-trace.ts [rounds] [megabytes]      5 and 20 when left out
 */
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { newId } from '../src/kernel/ids.ts';
import { openBrowser } from '../tests/helpers/browser.ts';
import { insertLongTrace } from '../tests/helpers/long-trace.ts';
import { startTestVm } from '../tests/helpers/vm.ts';
import { memoryOf } from './process-cpu.ts';

const [rounds = 5, megabytes = 20] = process.argv.slice(2).map(Number);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const vm = await startTestVm();
const [, , , port = '', socket = ''] = (
  await readFile(path.join(vm.home, 'postgres/data/postmaster.pid'), 'utf8')
).split('\n');
const client = new pg.Client({ host: socket, port: Number(port), user: 'alfred', database: 'alfred' });
const browser = await openBrowser();
const id = newId();
const shortId = newId();
const address = new URL(`/api/v1/executions/${id}`, vm.url);
const headers = { authorization: `Bearer ${vm.token}` };

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const readWhole = async () => (await fetch(address, { headers })).arrayBuffer();
const readHead = async () => (await fetch(new URL('?trace=none', address), { headers })).arrayBuffer();

/** To the first message of the stream, and to its end, in milliseconds. */
async function stream(): Promise<{ first: number; all: number }> {
  const began = performance.now();
  const { body } = await fetch(new URL(`${address.pathname}/events`, address), { headers });
  let first: number | undefined;
  for await (const chunk of body ?? []) {
    if (first === undefined && Buffer.from(chunk).includes('event: message'))
      first = performance.now() - began;
  }
  return { first: first ?? Number.NaN, all: performance.now() - began };
}

async function openPage(of: string): Promise<number> {
  const page = await context.newPage();
  const ms = await timed(async () => {
    await page.goto(new URL(`/executions/${of}`, vm.url).href);
    await page.locator('main h1').waitFor();
  });
  await page.close();
  return ms;
}

const context = await browser.newContext({ viewport: { width: 1360, height: 860 } });
try {
  await client.connect();
  await insertLongTrace(client, id, megabytes);
  await insertLongTrace(client, shortId, 0);
  const signIn = await context.newPage();
  await signIn.goto(vm.signInUrl);
  await signIn.waitForSelector('nav:visible');
  const bare = () => client.query('SELECT trace::text FROM executions WHERE id = $1', [id]);
  const bytes = (await readWhole()).byteLength;
  await bare();
  const fresh = memoryOf(vm.pid);
  const times: Record<'bare' | 'whole' | 'head' | 'first' | 'all' | 'heading' | 'short', number[]> = {
    ...{ bare: [], whole: [], head: [], first: [], all: [], heading: [], short: [] },
  };
  for (let round = 0; round < rounds; round++) {
    times.bare.push(await timed(bare));
    times.whole.push(await timed(readWhole));
    times.head.push(await timed(readHead));
    const { first, all } = await stream();
    times.first.push(first);
    times.all.push(all);
    times.heading.push(await openPage(id));
    times.short.push(await openPage(shortId));
  }
  const of = (name: keyof typeof times) => `${median(times[name]).toFixed(0)} ms`;
  console.log(`medians of ${rounds}, ${(bytes / 1e6).toFixed(1)} MB, load ${loadavg()[0]?.toFixed(1)}`);
  console.log(
    `whole: ${of('whole')}, bare SELECT ${of('bare')}, ratio ×${(median(times.whole) / median(times.bare)).toFixed(2)}; without its trace ${of('head')}`,
  );
  console.log(`streamed: ${of('first')} to the first message, ${of('all')} in all`);
  console.log(`console, to the heading: ${of('heading')}, of a run with one message ${of('short')}`);
  console.log(
    `memory of the VM: ${fresh.toFixed(0)} MiB after one read, ${memoryOf(vm.pid).toFixed(0)} after ${rounds * 3} more`,
  );
} finally {
  await browser.close();
  await client.end();
  await vm.stop();
}
