/** A browser on a VM's console, as its owner sits before it. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { noonZone } from './noon-zone.ts';
import { startTestVm, type TestVm } from './vm.ts';

const patience = 120_000;

type Role = Parameters<Page['getByRole']>[0];

export interface ConsoleOfTest {
  vm: TestVm;
  page: Page;
  /** Where both the VM and the browser are: it is noon there, so that no day, week or month begins while a test runs. */
  zone: string;
  /** Another page, signed out unless `storageState` says otherwise; its complaints count as well. */
  newPage: (options?: BrowserContextOptions) => Promise<Page>;
  /** A page of the same session with another look. */
  samePage: (options: BrowserContextOptions) => Promise<Page>;
  see: (role: Role, name: string | RegExp) => Promise<void>;
  press: (name: string | RegExp) => Promise<void>;
  follow: (name: string | RegExp) => Promise<void>;
  open: (path: string) => Promise<unknown>;
  /** Tells on standard error, of a test that failed, what the page shows and what became of the latest runs. */
  explain: (task: { result?: { state?: string } | undefined }) => Promise<void>;
  /** What pages complained about since the last call: scripts that failed, what their policy refused. */
  complaints: () => string[];
  close: () => Promise<void>;
}

/** Starts a VM, opens a browser and signs in by the printed link. */
export async function openConsole(env: Record<string, string> = {}): Promise<ConsoleOfTest> {
  const zone = noonZone();
  const [vm, browser] = await Promise.all([startTestVm({ env: { TZ: zone, ...env } }), openBrowser()]);
  const complaints: string[] = [];

  async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await plainPage(browser, { timezoneId: zone, ...options });
    // Also what a script tries and catches: other browsers than this one say it aloud.
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
         console.error('refused by the policy: ' + violatedDirective + ' ' + blockedURI))`,
    );
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      // Who is signed out is told so by a 401, which the browser reports of itself.
      if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
    });
    return page;
  }

  const page = await newPage();
  const first = (role: Role, name: string | RegExp): Locator => page.getByRole(role, { name }).first();
  await page.goto(vm.signInUrl);
  await first('heading', /^Good /).waitFor();
  return {
    vm,
    page,
    zone,
    newPage,
    samePage: async (options) => {
      const { cookies } = await page.context().storageState();
      return await newPage({ ...options, storageState: { cookies, origins: [] } });
    },
    see: (role, name) => first(role, name).waitFor(),
    press: (name) => first('button', name).click(),
    follow: (name) => first('link', name).click(),
    open: (path) => page.goto(new URL(path, vm.url).href),
    explain: async ({ result }) => {
      if (result?.state !== 'fail') return;
      const { body } = await vm.api('GET', '/api/v1/executions?limit=3');
      const shown = await page.locator('body').innerText();
      process.stderr.write(`${page.url()}\n${shown}\n${JSON.stringify(body, null, 2)}\n`);
    },
    complaints: () => complaints.splice(0),
    close: async () => {
      await browser.close();
      await vm.stop();
    },
  };
}

async function plainPage(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    // Of a person, not of the machine.
    locale: 'en-US',
    // Nothing stands elsewhere a moment later, and nothing is drawn over and over.
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  // The address is another one before the page is: whatever is pressed, filled in or looked at is meant for the one that comes.
  const left = page.locator('main[aria-busy="true"]');
  await page.addLocatorHandler(left, async () => {});
  const waitForUrl = page.waitForURL.bind(page);
  page.waitForURL = async (url, options) => {
    await waitForUrl(url, options);
    await left.waitFor({ state: 'detached' });
  };
  return page;
}
