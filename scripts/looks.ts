/**
 * Every page and dialog of the console, and Core's page, in every look: accessible (axe, everything that it finds), no wider than its
 * window, and nothing broken over two lines that should stand in one. On a VM and a Core of its own, with 300 runs and names that
 * are hard to break; `npm test` looks at one of each kind, in two looks.
 *
 *   node scripts/looks.ts [--pictures FOLDER] [--only LOOK,…] [--pages NAME,…]
 *
 * ends with 1 where something is wrong, and says what as it is found.
 */
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../tests/helpers/browser.ts';
import { startCoreProcess } from '../tests/helpers/core-process.ts';
import { freePort } from '../tests/helpers/free-port.ts';
import { startTestVm } from '../tests/helpers/vm.ts';
import { fillByApi, fillCore, fillHome } from './looks/fill-home.ts';
import { inspectPage } from './looks/inspect-page.ts';
import { type Screen, screensOf } from './looks/screens.ts';

type Look = {
  width: number;
  height: number;
  colorScheme: 'light' | 'dark';
  forcedColors?: 'active' | 'none';
};
const looks: Record<string, Look> = {
  'wide-light': { width: 1360, height: 860, colorScheme: 'light' },
  'wide-dark': { width: 1360, height: 860, colorScheme: 'dark' },
  'wide-contrast': { width: 1360, height: 860, colorScheme: 'light', forcedColors: 'active' },
  // A window of 1,360 pixels at twice the size has the room of 680.
  'zoom-light': { width: 680, height: 430, colorScheme: 'light' },
  'phone-light': { width: 390, height: 844, colorScheme: 'light' },
  'phone-dark': { width: 390, height: 844, colorScheme: 'dark' },
  'small-light': { width: 320, height: 640, colorScheme: 'light' },
};

/** When a page is drawn as its window is now. */
const drawn = `(async () => {
  for (let frame = 0; frame < 3; frame++) await new Promise((done) => requestAnimationFrame(done));
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  await new Promise((done) => setTimeout(done, 200));
})()`;

const { values: wish } = parseArgs({
  options: { pictures: { type: 'string' }, only: { type: 'string' }, pages: { type: 'string' } },
});
const isWanted = (list: string | undefined, name: string) =>
  list === undefined || list.split(',').includes(name);
let wrong = 0;
function tell(where: string, lines: readonly string[]): void {
  wrong += lines.length;
  for (const line of lines) console.log(`${where}: ${line}`);
}

if (wish.pictures !== undefined) await mkdir(wish.pictures, { recursive: true });
const browser = await openBrowser();
try {
  const pages = wish.pages?.split(',');
  const isOfCore = (name: string) => name.startsWith('fleet');
  if (pages === undefined || !pages.every(isOfCore)) await lookAtVm(browser);
  if (pages === undefined || pages.some(isOfCore)) await lookAtCore(browser);
} finally {
  await browser.close();
}
console.log(wrong === 0 ? 'nothing is wrong' : `${wrong} things are wrong`);
process.exitCode = wrong === 0 ? 0 : 1;

async function lookAtVm(browser: Browser): Promise<void> {
  const vm = await startTestVm();
  try {
    await fillByApi(vm);
    const latest = await fillHome(vm.home);
    const page = await openPage(browser);
    const { url } = (await vm.api('POST', '/api/v1/session/links')).body as { url: string };
    await page.goto(url);
    await page.locator('nav:visible').waitFor();
    for (const [name, screen] of Object.entries(await screensOf(vm, latest)))
      await lookAt(page, vm.url, name, screen);
    await page.context().clearCookies();
    await lookAt(page, vm.url, 'signed-out', { url: '/' });
    await page.context().close();
  } finally {
    await vm.stop();
  }
}

async function lookAtCore(browser: Browser): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), 'alfred-core-'));
  const port = await freePort();
  const core = await startCoreProcess({ home, port });
  try {
    await fillCore(home);
    const address = `http://127.0.0.1:${port}`;
    const page = await openPage(browser);
    await lookAt(page, address, 'fleet-closed', { url: '/' });
    // Also where that one was not to be looked at.
    await page.goto(address);
    await page.getByRole('button', { name: 'I run this Core' }).click();
    await page
      .getByLabel('Operator’s token')
      .fill((await readFile(path.join(home, 'admin-token'), 'utf8')).trim());
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('list', { name: 'VMs' }).waitFor();
    const menu = /^What can be done/;
    await lookAt(page, address, 'fleet', { url: '/' });
    await lookAt(page, address, 'fleet-enrol', { url: '/', presses: [/^Enrol a VM/] });
    await lookAt(page, address, 'fleet-vm', { url: '/', presses: [/^Donau/] });
    await lookAt(page, address, 'fleet-rename', { url: '/', presses: [menu, /^Rename/] });
    await lookAt(page, address, 'fleet-correct', { url: '/', presses: [menu, /^Correct/] });
    await lookAt(page, address, 'fleet-retire', { url: '/', presses: [menu, /^Retire/] });
    await page.context().close();
  } finally {
    const gone = once(core.child, 'exit');
    core.child.kill('SIGTERM');
    await gone;
    await rm(home, { recursive: true, force: true });
  }
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  page.on('pageerror', (error) => tell(page.url(), [String(error)]));
  return page;
}

/** Opens a screen once, wide, and looks at it in one look after the other, as a window that is drawn smaller does. */
async function lookAt(page: Page, address: string, name: string, screen: Screen): Promise<void> {
  if (!isWanted(wish.pages, name)) return;
  const { url, presses = [], keys } = screen;
  await show(page, { width: 1360, height: 860, colorScheme: 'light' });
  await page.goto('about:blank');
  try {
    await page.goto(new URL(url, address).href);
    await page.locator('h1').first().waitFor();
    await settled(page);
    if (keys !== undefined) await page.keyboard.press(keys);
    for (const label of presses) {
      const button = page
        .getByRole('button', { name: label })
        .or(page.getByRole('menuitem', { name: label }));
      await button.filter({ visible: true }).first().click();
    }
    if (keys !== undefined || presses.length > 0)
      await page.locator('[role=dialog], [role=alertdialog]').first().waitFor();
    await settled(page);
  } catch (error) {
    tell(name, [`cannot be looked at: ${String(error).split('\n')[0]}`]);
    return;
  }
  for (const [look, options] of Object.entries(looks).filter(([one]) => isWanted(wish.only, one))) {
    await show(page, options);
    tell(`${name} ${look}`, await inspectPage(page));
    if (wish.pictures !== undefined)
      await page.screenshot({
        path: path.join(wish.pictures, `${name}.${look}.png`),
        fullPage: presses.length === 0,
      });
  }
}

async function show(page: Page, { width, height, colorScheme, forcedColors = 'none' }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height });
  // What goes by the width of the window is drawn anew, and colours have changed.
  await page.evaluate(drawn);
}

async function settled(page: Page): Promise<void> {
  await page.getByText('Loading', { exact: true }).first().waitFor({ state: 'detached' });
  await page.waitForTimeout(300);
}
