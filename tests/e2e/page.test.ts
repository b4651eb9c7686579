/** A page and what befalls it: a slow line, a second tab, the way back, a link into it, paper, and a larger look. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ConsoleOfTest, openConsole } from '../helpers/console.ts';
import { insertPastRuns } from '../helpers/past-runs.ts';

const many = 120;
let console: ConsoleOfTest;
let { vm, newPage, samePage } = {} as ConsoleOfTest;

beforeAll(async () => {
  console = await openConsole();
  ({ vm, newPage, samePage } = console);
  await vm.api('POST', '/api/v1/skills', {
    ...{ slug: 'bill-summary', name: 'Bill summary', maxCostUsd: 0.5 },
    steps: [{ id: 1, prompt: 'Read the bills', allowedTools: [] }],
  });
  await insertPastRuns(vm, 'bill-summary', { count: many, latest: Date.now() - 60_000, apartMs: 3_600_000 });
});
afterAll(() => console?.close());
afterEach(({ task }) => console.explain(task));
afterEach(() => expect(console.complaints()).toEqual([]));

const at = (route: string): string => new URL(route, vm.url).href;
const runs = (page: Page) => page.getByRole('link', { name: /Told as number/ });

it('keeps on a slow line what is pressed and typed before the page can answer', async () => {
  const other = await samePage({ viewport: { width: 1280, height: 900 } });
  const line = await other.context().newCDPSession(other);
  await line.send('Network.enable');
  // As from a phone that is far from its mast.
  const throughput = { downloadThroughput: 100_000, uploadThroughput: 50_000 };
  await line.send('Network.emulateNetworkConditions', { offline: false, latency: 300, ...throughput });
  await other.goto(at('/'), { waitUntil: 'commit' });
  await other.locator('aside button').first().waitFor();
  await other.keyboard.press('Control+k');
  await other.keyboard.type('bill');
  // The page is there before the palette is.
  await other.getByRole('heading', { name: /^Good / }).waitFor();
  await other.keyboard.type(' summ');
  const palette = other.getByRole('dialog').getByRole('combobox');
  await palette.waitFor();
  await other.keyboard.type('ary');
  expect(await palette.inputValue()).toBe('bill summary');
  await other.getByRole('option', { name: 'Bill summary', exact: true }).click();
  await other.waitForURL(/\/skills\/bill-summary$/);
  await other.context().close();
});

it('shows in one tab what was done in another, and lets neither overwrite the other', async () => {
  const [one, two] = [await samePage({}), await samePage({})];
  await two.goto(at('/skills/bill-summary/edit'));
  await two.getByLabel('What it does').fill('By the second');
  await one.goto(at('/executions'));
  await runs(one).first().click();
  await one.getByRole('button', { name: 'Pin', exact: true }).click();
  await one.goto(at('/skills/bill-summary/edit'));
  await one.getByLabel('What it does').fill('By the first');
  await one.getByRole('button', { name: 'Save' }).click();
  await one.getByText('Saved as version 2').waitFor();
  await two.getByRole('button', { name: 'Save' }).click();
  await two
    .getByText(/was changed since it was read/)
    .first()
    .waitFor();
  expect(await two.getByLabel('What it does').inputValue()).toBe('By the second');
  await one.goto(at('/executions?pinned=true'));
  await one.getByText(/^1 run ·/).waitFor();
  // The total is there before the rows are drawn.
  await expect.poll(() => runs(one).count()).toBe(1);
  await Promise.all([one.context().close(), two.context().close()]);
  expect(console.complaints().filter((text) => !text.includes('412'))).toEqual([]);
});

it('comes back to the same place of a list, with what was looked for', async () => {
  const other = await samePage({});
  await other.goto(at('/executions?skill=bill-summary'));
  const far = other.getByRole('link', { name: /Told as number 80\./ });
  await expect
    .poll(async () => {
      await other.mouse.move(700, 500);
      await other.mouse.wheel(0, 600);
      return await far.count();
    })
    .toBe(1);
  await far.scrollIntoViewIfNeeded();
  // To hover waits until it stands still: the wheel may still turn.
  await far.hover();
  const top = (await far.boundingBox())?.y ?? 0;
  await far.click();
  await other.getByRole('heading', { name: /^Bill summary/ }).waitFor();
  await other.goBack();
  await other.waitForURL(/\/executions\?skill=bill-summary$/);
  await far.waitFor();
  await expect.poll(async () => Math.abs(((await far.boundingBox())?.y ?? 9e9) - top)).toBeLessThan(4);
  await other.context().close();
});

it('leads a stranger who signs in to what the link named, and to its place in the page', async () => {
  const other = await newPage();
  await other.goto(at('/skills/bill-summary/edit#limits'));
  await other.getByLabel('Sign-in link').waitFor();
  const { url } = (await vm.api('POST', '/api/v1/session/links')).body as { url: string };
  await other.getByLabel('Sign-in link').fill(url);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.waitForURL(/\/skills\/bill-summary\/edit#limits$/);
  await expect
    .poll(() => other.getByRole('heading', { name: 'Caps, limits and model' }).boundingBox())
    .toMatchObject({ y: expect.toSatisfy((y: number) => y >= 0 && y < 700) });
  await other.context().close();
});

it('puts a page on paper whole, and nothing that is pressed', async () => {
  const other = await samePage({ colorScheme: 'dark' });
  await other.goto(at('/executions?skill=bill-summary'));
  await runs(other).first().waitFor();
  const onScreen = await runs(other).count();
  await other.emulateMedia({ media: 'print' });
  // Of what was loaded all, however little is in sight.
  await expect.poll(() => runs(other).count()).toBeGreaterThan(Math.max(onScreen, 40));
  const onPaper = await runs(other).count();
  for (const button of await other.getByRole('button').all()) expect(await button.isVisible()).toBe(false);
  expect(await other.getByRole('navigation').filter({ visible: true }).count()).toBe(0);
  expect(await other.getByRole('heading', { name: 'Executions' }).isVisible()).toBe(true);
  // Paper is white, whatever the screen is.
  expect(await other.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light');
  const { x, width } = (await other.locator('main').boundingBox()) ?? { x: 1, width: 0 };
  expect([x, width]).toEqual([0, 1280]);
  await other.emulateMedia({ media: 'screen' });
  await expect.poll(() => runs(other).count()).toBeLessThan(onPaper);
  await other.context().close();
});

it.each([2, 4])('serves its owner at %i times the size', async (times) => {
  const other = await samePage({
    viewport: { width: 1280 / times, height: Math.round(900 / times) },
    deviceScaleFactor: times,
  });
  for (const route of ['/', '/executions', '/skills/bill-summary', '/costs', '/settings']) {
    await other.goto(at(route));
    await other.getByRole('heading', { level: 1 }).waitFor();
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    await expect.poll(async () => [route, await other.evaluate(overflow)]).toEqual([route, 0]);
  }
  await other.goto(at('/skills/bill-summary/edit#limits'));
  await other.getByLabel('One run, in dollars').fill(`0.${times}`);
  await other.getByRole('button', { name: 'Save' }).click();
  await other.getByText(/^Saved as version \d/).waitFor();
  await other.getByText(`at most $0.${times}0`).waitFor();
  await other.context().close();
});
