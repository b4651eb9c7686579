/** What the console's document shows before its script has come: the frame, in the owner's look, which the page then takes over unmoved. */
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ConsoleOfTest, openConsole } from '../helpers/console.ts';
import { looks } from '../helpers/looks.ts';

let console: ConsoleOfTest;
let { vm, page, newPage } = {} as ConsoleOfTest;

beforeAll(async () => {
  // With a model, which nothing asks: without one a note stands above every page.
  console = await openConsole({ ANTHROPIC_API_KEY: 'sk-ant-canary-4b7d1f9c2e6a8035' });
  ({ vm, page, newPage } = console);
  await page.getByText('No news yet').waitFor();
});
afterAll(() => console?.close());
afterEach(async ({ task }) => {
  await console.explain(task);
  expect(console.complaints()).toEqual([]);
});

type Shift = { value: number; what: string[] };
const countShifts = `window.shifts = []; new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries())
    window.shifts.push({ value, what: sources.map(({ node }) => (node?.outerHTML ?? node?.data ?? '').slice(0, 120)) });
}).observe({ type: 'layout-shift', buffered: true })`;

/** The page is taken over because it is there, and not because it was waited for long enough (main.tsx). */
const waitForEver = `(() => {
  const { setTimeout } = window;
  window.setTimeout = (work, ms, ...more) => (ms === 2000 ? 0 : setTimeout(work, ms, ...more));
})()`;

/** A page of the same browser, with what that keeps. */
const ownPage = async (options: BrowserContextOptions = {}): Promise<Page> => {
  const own = await newPage({ ...options, storageState: await page.context().storageState() });
  await own.addInitScript(countShifts);
  await own.addInitScript(waitForEver);
  return own;
};

/** Keeps the script from coming. @returns what lets it come */
async function withoutScript(own: Page): Promise<() => Promise<void>> {
  const come = Promise.withResolvers<void>();
  await own.route(/\/assets\/first.*\.js$/, async (route) => {
    await come.promise;
    await route.continue();
  });
  return async () => come.resolve();
}

/** Where everything of the frame stands that has words, and what it says. */
const framed = (own: Page) =>
  own.evaluate<
    string[]
  >(`[...document.querySelectorAll('aside a, aside button, nav a, nav > button, main h1, main a[href="/chat"]')]
    .filter((each) => each.checkVisibility()).map((each) => {
      const { x, y, width, height } = each.getBoundingClientRect();
      return [each.textContent.trim(), each.dataset.status ?? '', getComputedStyle(each).color, x, y, width, height].join(' | ');
    })`);

const taken = (own: Page) => own.getByText('Lately', { exact: true }).first().waitFor();

it.each(looks)(
  'stands before the script has come, and nothing of it moves then: $colorScheme',
  async (look) => {
    const own = await ownPage(look);
    const come = await withoutScript(own);
    await own.goto(vm.url, { waitUntil: 'commit' });
    await own.getByRole('heading', { name: /^Good / }).waitFor();
    const before = await framed(own);
    expect(before.join('\n')).toContain('Home | active');
    const { violations } = await new AxeBuilder({ page: own }).analyze();
    expect(violations).toEqual([]);
    expect(await own.getByRole('main').count()).toBe(1);
    await come();
    await taken(own);
    expect(await framed(own)).toEqual(before);
    expect(await own.getByRole('main').count()).toBe(1);
    await own.waitForLoadState('networkidle');
    expect(await own.evaluate<Shift[]>('window.shifts')).toEqual([]);
    await own.context().close();
  },
);

it.each(['keys', 'mouse'])(
  'does what was pressed by %s before the script has come, once it has',
  async (by) => {
    const own = await ownPage();
    const come = await withoutScript(own);
    await own.goto(vm.url, { waitUntil: 'commit' });
    const find = own.getByRole('button', { name: 'Find' });
    await find.waitFor();
    if (by === 'keys') await own.keyboard.press('Control+k');
    else await find.click();
    await come();
    await own.getByPlaceholder(/Go to/).waitFor();
    await own.context().close();
  },
);

it('stands in the theme and the language that were chosen, and at the place that is gone to', async () => {
  const own = await ownPage({ colorScheme: 'light' });
  await own.addInitScript(`localStorage.setItem('alfred.theme', 'dark');
    localStorage.setItem('alfred.preferences', '{"language":"de"}')`);
  await withoutScript(own);
  await own.goto(new URL('/settings', vm.url).href, { waitUntil: 'commit' });
  const here = own.getByRole('link', { name: 'Einstellungen' }).first();
  await here.waitFor();
  expect(await here.getAttribute('aria-current')).toBe('page');
  expect(await own.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark');
  expect(await own.evaluate('document.documentElement.lang')).toBe('de');
  expect(await own.locator('main').innerText()).toBe('');
  await own.context().close();
});

it('gives its place to pages whose code comes by itself', async () => {
  const own = await ownPage();
  for (const [place, heading] of [
    ['/settings', 'Settings'],
    ['/skills', 'Skills'],
  ]) {
    await own.goto(new URL(String(place), vm.url).href);
    await own.getByRole('heading', { name: String(heading), exact: true, level: 1 }).waitFor();
  }
  await own.context().close();
});

it('is shown to nobody who must sign in, nor after a sign-out', async () => {
  const stranger = await newPage();
  const comes = await withoutScript(stranger);
  await stranger.goto(vm.url, { waitUntil: 'domcontentloaded' });
  expect(await stranger.locator('#root').innerHTML()).toBe('');
  await comes();
  await stranger.getByLabel('Sign-in link').waitFor();
  const { body } = await vm.api('POST', '/api/v1/session/links');
  await stranger.goto((body as { url: string }).url);
  await stranger.getByRole('heading', { name: /^Good / }).waitFor();
  await stranger.getByRole('button', { name: 'Sign out' }).click();
  await stranger.getByLabel('Sign-in link').waitFor();
  await withoutScript(stranger);
  await stranger.goto(vm.url, { waitUntil: 'domcontentloaded' });
  expect(await stranger.locator('#root').innerHTML()).toBe('');
  await stranger.context().close();
});

it('asks for what Home shows once, in 20 requests at most beside the parts of a newcomer’s guide', async () => {
  const own = await ownPage();
  const asked: string[] = [];
  own.on('request', (request) => asked.push(request.url()));
  await own.goto(vm.url);
  await taken(own);
  await own.waitForLoadState('networkidle');
  const needed = asked.findIndex((each) => each.includes('first-run-'));
  expect(needed).toBeGreaterThan(0);
  expect(needed).toBeLessThanOrEqual(20);
  expect(asked.filter((each, at) => asked.indexOf(each) !== at)).toEqual([]);
  await own.context().close();
});

it.each(['en', 'de'])('says that the console did not come, and loads it anew: %s', async (language) => {
  // What the browser keeps is what the VM says: a page that finds anything else there loads itself anew.
  await vm.api('PUT', '/api/v1/config/language', { value: language });
  for (const isSignedIn of [true, false]) {
    const own = isSignedIn ? await ownPage() : await newPage();
    await own.addInitScript(`localStorage.setItem('alfred.preferences', '{"language":"${language}"}')`);
    // As a proxy answers while the VM starts anew.
    await own.route(/\/assets\/first.*\.js$/, (route) => route.fulfill({ status: 502, body: 'Bad gateway' }));
    await own.goto(vm.url);
    const said = language === 'de' ? 'Die Konsole kam nicht.' : 'The console did not come.';
    await own.getByRole('alert').getByText(said).waitFor();
    expect(await own.getByRole('heading', { name: /^Good |^Guten / }).count()).toBe(isSignedIn ? 1 : 0);
    const { violations } = await new AxeBuilder({ page: own }).include('[role=alert]').analyze();
    expect(violations).toEqual([]);
    await own.unrouteAll();
    await own
      .getByRole('button', { name: language === 'de' ? 'Die Seite neu laden' : 'Load the page anew' })
      .click();
    if (isSignedIn)
      await own
        .getByRole('region', { name: /^(This morning|Today|Heute)/ })
        .or(own.getByText(/^(Lately|Zuletzt|In letzter Zeit)$/))
        .first()
        .waitFor();
    else await own.getByLabel(language === 'de' ? /^Anmelde/ : 'Sign-in link').waitFor();
    await own.context().close();
  }
  await vm.api('DELETE', '/api/v1/config/language');
  // As the browser reports what did not come.
  expect(console.complaints().filter((text) => !text.includes('Failed to load resource'))).toEqual([]);
});

it('is allowed by its hash, and no other script or style in a page is', async () => {
  const own = await ownPage();
  const answer = await own.goto(vm.url);
  const policy = answer?.headers()['content-security-policy'] ?? '';
  expect(policy).toMatch(/script-src 'self'( 'sha256-[\w+/]{43}=')+;/);
  expect(policy).toMatch(/style-src 'self' 'sha256-[\w+/]{43}=';/);
  expect(policy).not.toContain('unsafe');
  await taken(own);
  await own.evaluate(`(() => {
    for (const [name, text] of [['script', 'window.broken = true'], ['style', 'main { color: red }']])
      document.head.append(Object.assign(document.createElement(name), { textContent: text }));
  })()`);
  expect(await own.evaluate('window.broken')).toBe(undefined);
  // Each is reported behind the refusal.
  let reported = '';
  await expect
    .poll(() => (reported += console.complaints().join('\n')))
    .toMatch(/script-src(.|\n)*style-src/);
  await own.context().close();
});

it('is sent once: the browser is told that nothing changed', async () => {
  const etag = (await fetch(vm.url)).headers.get('etag') ?? '';
  const again = await fetch(vm.url, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe('');
});
