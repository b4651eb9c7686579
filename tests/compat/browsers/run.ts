/**
 * Opens every page and dialog of the console in browsers of another make than the one of the tests, wide and narrow, and says which does
 * not come, fails or is wider than its window. A page that works in one engine may not open at all in another.
 *
 *   node tests/compat/browsers/run.ts [--pictures FOLDER] [--only firefox|webkit] [--pages NAME,…]
 *
 * It needs Debian's packages firefox-esr, webkit2gtk-driver, xvfb and xauth; nothing leaves the machine. It ends with 1 where something is wrong.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { fillByApi, fillHome } from '../../../scripts/looks/fill-home.ts';
import { type Screen, screensOf } from '../../../scripts/looks/screens.ts';
import { startTestVm } from '../../helpers/vm.ts';
import { type OtherBrowser, openFirefox, openWebKit } from './other-browser.ts';

const makers = { firefox: openFirefox, webkit: openWebKit };

const { values: wish } = parseArgs({
  options: { pictures: { type: 'string' }, only: { type: 'string' }, pages: { type: 'string' } },
});
const isWanted = (list: string | undefined, name: string) =>
  list === undefined || list.split(',').includes(name);

/** Whether it is there, and what it says where it is not. */
const seenSchema = z.object({ isThere: z.boolean(), said: z.string(), overflow: z.number() });
/** A page has its heading; an error of its script stands in the place of the page. */
const look = `const dialog = document.querySelector('[role=dialog], [role=alertdialog]');
  const failed = [...document.querySelectorAll('main [role=alert]')].find((each) => /Try again|Reload/.test(each.textContent));
  const { scrollWidth, clientWidth } = document.documentElement;
  return {
    isThere: !failed && document.querySelector('h1') !== null && !/(^|\\n)Loading(\\n|$)/.test(document.body.innerText)
      && (!arguments[0] || dialog !== null),
    said: failed ? failed.innerText : document.body.innerText.slice(-200),
    overflow: scrollWidth - clientWidth,
  };`;
const press = `const wanted = new RegExp(arguments[0]);
  const button = [...document.querySelectorAll('button, [role=menuitem]')]
    .filter((each) => each.getClientRects().length > 0)
    .find((each) => wanted.test(each.getAttribute('aria-label') ?? each.innerText.trim()));
  button?.click();
  return button !== undefined;`;
const pressKeys = `const [key, ctrlKey] = arguments[0].startsWith('Control+') ? [arguments[0].slice(8), true] : [arguments[0], false];
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true }));`;

if (wish.pictures !== undefined) await mkdir(wish.pictures, { recursive: true });
const say = (line: string) => process.stdout.write(`${line}\n`);
let wrong = 0;
function tell(line: string): void {
  wrong += 1;
  say(line);
}

const vm = await startTestVm();
try {
  await fillByApi(vm);
  const screens = await screensOf(vm, await fillHome(vm.home));
  for (const [make, openIt] of Object.entries(makers)) {
    if (!isWanted(wish.only, make)) continue;
    const browser = await openIt();
    try {
      const { url } = z
        .object({ url: z.string() })
        .parse((await vm.api('POST', '/api/v1/session/links')).body);
      await browser.resize(1360, 860);
      await browser.go(url);
      await signedIn(browser);
      const wanted = Object.entries(screens).filter(([name]) => isWanted(wish.pages, name));
      for (const [name, screen] of wanted) await lookAt(browser, make, name, screen);
      say(`${browser.name}: ${wanted.length} pages and dialogs were opened`);
    } finally {
      await browser.close();
    }
  }
} finally {
  await vm.stop();
}
say(wrong === 0 ? 'nothing is wrong' : `${wrong} things are wrong`);
process.exitCode = wrong === 0 ? 0 : 1;

async function signedIn(browser: OtherBrowser): Promise<void> {
  const isIn = "return document.querySelector('nav')?.getClientRects().length > 0";
  for (let left = 120; (await browser.evaluate(isIn)) !== true; left--) {
    if (left === 0) throw new Error(`${browser.name} was not signed in by a link`);
    await sleep(250);
  }
}

/** Waits until the page is there, for a while; then it is as it is. */
async function until(browser: OtherBrowser, hasDialog: boolean): Promise<z.infer<typeof seenSchema>> {
  for (let left = 60; ; left--) {
    const seen = seenSchema.parse(await browser.evaluate(look, hasDialog));
    if (seen.isThere || left === 0) return seen;
    await sleep(250);
  }
}

async function lookAt(browser: OtherBrowser, make: string, name: string, screen: Screen): Promise<void> {
  const { url, presses = [], keys } = screen;
  await browser.resize(1360, 860);
  await browser.go('about:blank');
  await browser.go(new URL(url, vm.url).href);
  let seen = await until(browser, false);
  if (keys !== undefined) await browser.evaluate(pressKeys, keys);
  for (const label of presses) {
    for (let left = 40; left > 0 && (await browser.evaluate(press, label.source)) !== true; left--)
      await sleep(250);
  }
  const hasDialog = keys !== undefined || presses.length > 0;
  if (hasDialog) seen = await until(browser, true);
  if (!seen.isThere) {
    tell(`${make} ${name} does not come: ${seen.said.replace(/\s+/g, ' ')}`);
    return;
  }
  for (const [width, height] of [
    [1360, 860],
    [450, 844],
  ] as const) {
    await browser.resize(width, height);
    await sleep(500);
    const { overflow, isThere, said } = await until(browser, hasDialog);
    if (!isThere) tell(`${make} ${name} ${width}: ${said.replace(/\s+/g, ' ')}`);
    if (overflow > 0) tell(`${make} ${name} ${width}: ${overflow} pixels wider than its window`);
    const picture = wish.pictures === undefined ? undefined : await browser.picture();
    if (picture !== undefined && wish.pictures !== undefined)
      await writeFile(path.join(wish.pictures, `${make}-${name}.${width}.png`), picture);
  }
}
