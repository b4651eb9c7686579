/**
 * The console in a real browser on a VM of its own: first paint beside that of an empty document from the same server, the
 * script that comes first, the same over a slow line with a slow processor, and how long the page is held up while a run streams 50
 * events a second and while 10,000 rows are scrolled through.
 *
 *   node bench/console.ts [rounds]
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { openDatabase } from '../src/database/client.ts';
import { appendEvents } from '../src/executions/append-events.ts';
import { openBrowser } from '../tests/helpers/browser.ts';
import { startMessagesApi } from '../tests/helpers/messages-api.ts';
import { startTestVm } from '../tests/helpers/vm.ts';
import { seedExecutions } from './seed-executions.ts';

const rounds = Number(process.argv[2] ?? 7);
const eventsPerSecond = 50;
const streamSeconds = 15;
const rows = 10_000;

/** Tasks of more than 50 ms by the clock, from now on. */
const watchTasks = `window.tasks = []; new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.tasks.push(duration);
}).observe({ type: 'longtask' })`;

type Traced = { name: string; pid: number; tid: number; tdur?: number; args: { name?: string } };

/** The longest task of a page's thread while `act` goes on, in milliseconds: by the clock, and by the processor, which other programs do not hold up. */
async function longestTask(page: Page, act: () => Promise<unknown>): Promise<string> {
  await page.evaluate(watchTasks);
  await browser.startTracing(page, { categories: ['toplevel'] });
  await act();
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: Traced[] };
  const tasks = await page.evaluate<number[]>('window.tasks');
  const threads = traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid} ${tid}`);
  const ofPages = traceEvents.filter(
    ({ name, pid, tid }) => name.endsWith('RunTask') && threads.includes(`${pid} ${tid}`),
  );
  const busy = ofPages.map(({ tdur = 0 }) => tdur / 1000);
  const over = (all: readonly number[]) => all.filter((each) => each > 50).length;
  const most = (all: readonly number[]) => all.reduce((a, b) => Math.max(a, b), 0).toFixed(0);
  return `${over(tasks)} tasks above 50 ms, the longest ${most(tasks)}; by the processor ${over(busy)} of ${busy.length}, the longest ${most(busy)} ms`;
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Notes when the heading of the page stands, and when what was spent does: as seen, in milliseconds since the page was asked for. */
const watchPage = `window.stands = {}; (function look() {
  const spent = [...document.querySelectorAll('h2')].find((each) => each.textContent === 'Spent');
  if (document.querySelector('main h1')) window.stands.heading ??= performance.now();
  if (spent?.closest('section').querySelector('.tabular-nums')) window.stands.figures ??= performance.now();
  else requestAnimationFrame(look);
})()`;
type Stands = Record<'heading' | 'figures', number>;

async function whenStands(page: Page): Promise<Stands> {
  // Asked for, as the page's policy lets nothing be evaluated in it that waits.
  for (;;) {
    const stands = await page.evaluate<Partial<Stands>>('window.stands');
    if (stands.heading !== undefined && stands.figures !== undefined)
      return { heading: stands.heading, figures: stands.figures };
    await sleep(20);
  }
}

const firstPaint = (page: Page): Promise<number> =>
  page.evaluate(`new Promise((resolve) => new PerformanceObserver((list) => {
    const [entry] = list.getEntriesByName('first-contentful-paint');
    if (entry) resolve(entry.startTime);
  }).observe({ type: 'paint', buffered: true }))`);

const model = await startMessagesApi(() => ({ text: 'Long. '.repeat(200), eventDelayMs: 60_000 }));
const vm = await startTestVm({
  env: {
    ANTHROPIC_API_KEY: 'sk-ant-bench-0123456789abcdef',
    ANTHROPIC_BASE_URL: model.url,
    ALFRED_SPARE_AGENTS: '1',
  },
});
const browser = await openBrowser();
try {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 } });
  const page = await context.newPage();
  await page.goto(vm.signInUrl);
  await page.waitForSelector('nav:visible');

  const paints: Record<'bare' | 'console' | 'again', number[]> = { bare: [], console: [], again: [] };
  const stands: Stands[] = [];
  const processor: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Each in a new context: nothing is in a cache.
    const state = await context.storageState();
    const fresh = await browser.newContext({ storageState: state, viewport: { width: 1360, height: 860 } });
    const bare = await fresh.newPage();
    await bare.goto(`${vm.url}/icon.svg`);
    await bare.goto(`${vm.url}/healthz`);
    paints.bare.push(await firstPaint(bare));
    const first = await fresh.newPage();
    await first.addInitScript(watchPage);
    const devtools = await fresh.newCDPSession(first);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    await first.goto(vm.url);
    paints.console.push(await firstPaint(first));
    const { metrics } = await devtools.send('Performance.getMetrics');
    processor.push(1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0));
    stands.push(await whenStands(first));
    const again = await fresh.newPage();
    await again.goto(vm.url);
    paints.again.push(await firstPaint(again));
    await fresh.close();
  }
  const [bare, shown, again] = [median(paints.bare), median(paints.console), median(paints.again)];
  console.log(
    `first paint: ${shown.toFixed(0)} ms, again ${again.toFixed(0)} ms; a bare document ${bare.toFixed(0)} ms; its thread's processor time until then ${median(processor).toFixed(0)} ms`,
  );
  console.log(`ratio: ×${(shown / bare).toFixed(2)}`);
  console.log(
    `heading ${median(stands.map(({ heading }) => heading)).toFixed(0)} ms, figures ${median(stands.map(({ figures }) => figures)).toFixed(0)} ms`,
  );

  const cold = await (await browser.newContext({ storageState: await context.storageState() })).newPage();
  await cold.addInitScript(watchPage);
  await cold.goto(vm.url);
  await whenStands(cold);
  await sleep(2000);
  const loaded = await cold.evaluate<Record<'first' | 'script' | 'all', number>>(`(() => {
    const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    const bytes = (of) => of.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    const scripts = entries.filter(({ name }) => name.endsWith('.js'));
    return { first: bytes(scripts.filter((one) => one.startTime < window.stands.figures)), script: bytes(scripts), all: bytes(entries) };
  })()`);
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
  console.log(
    `first load: ${kib(loaded.first)} of script until the figures stand, ${kib(loaded.script)} two seconds later, ${kib(loaded.all)} in all, compressed`,
  );

  await measureSlow(await context.storageState());

  await vm.api('POST', '/api/v1/skills', {
    slug: 'long',
    name: 'Long',
    steps: [{ id: 1, prompt: 'Go on', allowedTools: [] }],
  });
  const { executionId } = (await vm.api('POST', '/api/v1/skills/long/run', {})).body as {
    executionId: string;
  };
  await page.goto(`${vm.url}/executions/${executionId}`);
  await page.getByText('running', { exact: true }).first().waitFor();
  const tasks = await longestTask(page, () => stream(executionId));
  const shownCalls = await page.locator('button[aria-expanded]').count();
  console.log(
    `${eventsPerSecond} events a second for ${streamSeconds} s: ${tasks}; ${shownCalls} calls shown`,
  );
  await vm.api('POST', `/api/v1/executions/${executionId}/cancel`);
  await measureScrolling(page);
} finally {
  await browser.close();
  await vm.stop();
  await model.close();
}

/** A phone's line, as Lighthouse has it ("slow 4G"), and a processor of a quarter. */
async function measureSlow(storageState: Awaited<ReturnType<BrowserContext['storageState']>>): Promise<void> {
  const slow = await browser.newContext({ storageState, viewport: { width: 390, height: 844 } });
  const page = await slow.newPage();
  const devtools = await slow.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: (1.6 * 1024 * 1024) / 8,
    uploadThroughput: (750 * 1024) / 8,
  });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  let requests = 0;
  page.on('request', () => requests++);
  await page.addInitScript(watchPage);
  await page.goto(vm.url);
  const paint = await firstPaint(page);
  const { heading, figures } = await whenStands(page);
  console.log(
    `slow 4G, a quarter of the processor: first paint ${paint.toFixed(0)} ms, heading ${heading.toFixed(0)} ms, figures ${figures.toFixed(0)} ms, ${requests} requests`,
  );
  await slow.close();
}

/** To the end of the list, as fast as a wheel goes. */
async function measureScrolling(page: Page): Promise<void> {
  const db = await openOurDatabase();
  try {
    await seedExecutions(db, rows, () => {});
  } finally {
    await db.close();
  }
  await page.goto(`${vm.url}/executions`);
  await page.locator('a[href^="/executions/0"]').first().waitFor();
  await page.mouse.move(600, 400);
  let height = 0;
  const tasks = await longestTask(page, async () => {
    for (let still = 0; still < 30; ) {
      await page.mouse.wheel(0, 4000);
      await sleep(30);
      const now = await page.evaluate<number>('window.scrollY');
      still = now === height ? still + 1 : 0;
      height = now;
    }
  });
  console.log(`${rows} rows scrolled, ${(height / 60).toFixed(0)} of them passed: ${tasks}`);
}

async function openOurDatabase() {
  const { url } = JSON.parse(await readFile(path.join(vm.home, 'postgres/running.json'), 'utf8')) as {
    url: string;
  };
  return await openDatabase(url, { connections: 1 });
}

/** Writes events of tool calls into the run, as the runner does, at an even pace. */
async function stream(executionId: string): Promise<void> {
  const db = await openOurDatabase();
  try {
    const start = performance.now();
    for (let n = 0; n < eventsPerSecond * streamSeconds; n++) {
      const call = Math.floor(n / 2);
      const data = {
        id: `00000000-0000-4000-8000-${String(call).padStart(12, '0')}`,
        name: 'mcp__files__read_file',
        ...(n % 2 === 0
          ? { status: 'dispatched' as const, arguments: { path: `file-${call}.md` } }
          : { status: 'done' as const, preview: 'Lorem ipsum dolor sit amet. '.repeat(8), durationMs: 20 }),
      };
      await db.transaction((tx) => appendEvents(tx, executionId, [{ kind: 'tool_call', step: 1, data }]));
      await sleep(Math.max(0, start + ((n + 1) * 1000) / eventsPerSecond - performance.now()));
    }
    await sleep(1000);
  } finally {
    await db.close();
  }
}
