/**
 * Every page of the console in every look, outside of `npm test`, which looks at the same pages in two: accessible (axe, everything that
 * it finds), no wider than its window, and nothing broken over two lines that should stand in one. On a VM of its own with 300 runs
 * whose words are long. `node scripts/looks.ts [FOLDER [LOOKS]]` keeps pictures in FOLDER, of all looks or of some (`wide-dark,phone-light`), and
 * ends with 1 where something is wrong.
 */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { openDatabase } from '../src/database/client.ts';
import { sha256 } from '../src/kernel/hash.ts';
import { newId } from '../src/kernel/ids.ts';
import { openBrowser } from '../tests/helpers/browser.ts';
import { insertToolCall } from '../tests/helpers/rows.ts';
import { startTestVm, type TestVm } from '../tests/helpers/vm.ts';

const wide = { width: 1360, height: 860 };
const phone = { width: 390, height: 844 };
const looks: Record<string, BrowserContextOptions> = {
  'wide-light': { viewport: wide, colorScheme: 'light' },
  'wide-dark': { viewport: wide, colorScheme: 'dark' },
  'wide-contrast': { viewport: wide, forcedColors: 'active' },
  // A window of 1,360 pixels at twice the size has the room of 680.
  'zoom-light': { viewport: { width: 680, height: 430 }, colorScheme: 'light' },
  'phone-light': { viewport: phone, colorScheme: 'light' },
  'phone-dark': { viewport: phone, colorScheme: 'dark' },
  'small-light': { viewport: { width: 320, height: 640 }, colorScheme: 'light' },
};
/** Whatever opens over a page: the page, and what is pressed there. */
const dialogs: Record<string, [url: string, button: RegExp]> = {
  'dialog-run': ['/skills/house-report', /^Run$/],
  'dialog-stop': ['/', /^Stop everything$/],
  'dialog-token': ['/settings', /^Make a token/],
  'dialog-channel': ['/settings', /^Add a channel/],
};

const [folder, only] = process.argv.slice(2);
if (folder !== undefined) await mkdir(folder, { recursive: true });
const vm = await startTestVm();
const browser = await openBrowser();
const wrong: string[] = [];
try {
  const latest = await seed(vm);
  const screens: Record<string, string> = {
    home: '/',
    chat: '/chat',
    executions: '/executions',
    'executions-found': '/executions?q=quarterly&status=succeeded&pinned=true',
    execution: `/executions/${latest}`,
    day: `/days/${new Date().toLocaleDateString('sv')}`,
    costs: '/costs',
    skills: '/skills',
    'skill-new': '/skills/new',
    skill: '/skills/house-report',
    'skill-edit': '/skills/house-report/edit',
    proposals: '/proposals',
    connections: '/connections',
    connection: '/connections/memory',
    'connection-add': '/connections/add',
    vault: '/vault',
    core: '/core',
    settings: '/settings',
    help: '/help',
    document: '/help/operations?section=money',
  };
  const wanted = only?.split(',') ?? Object.keys(looks);
  for (const [look, options] of Object.entries(looks).filter(([name]) => wanted.includes(name))) {
    const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    page.on('pageerror', (error) => wrong.push(`${look} ${page.url()}: ${error}`));
    const link = (await vm.api('POST', '/api/v1/session/links')).body as { url: string };
    await page.goto(link.url);
    await page.locator('nav:visible').waitFor();
    for (const [name, url] of Object.entries(screens)) {
      await page.goto(new URL(url, vm.url).href);
      await page.locator('main h1').first().waitFor();
      await inspect(page, `${name}.${look}`);
    }
    for (const [name, [url, button]] of Object.entries(dialogs)) {
      await page.goto(new URL(url, vm.url).href);
      const opens = page.getByRole('button', { name: button }).filter({ visible: true }).first();
      // Not every look has every button.
      if (
        !(await opens.waitFor({ timeout: 3000 }).then(
          () => true,
          () => false,
        ))
      )
        continue;
      await opens.click();
      await page.getByRole(/stop/.test(name) ? 'alertdialog' : 'dialog').waitFor();
      await inspect(page, `${name}.${look}`);
    }
    await context.close();
  }
} finally {
  await browser.close();
  await vm.stop();
}
console.log(wrong.length === 0 ? 'nothing is wrong' : wrong.join('\n'));
process.exitCode = wrong.length === 0 ? 0 : 1;

async function inspect(page: Page, name: string): Promise<void> {
  await page.getByText('Loading', { exact: true }).first().waitFor({ state: 'detached' });
  await page.waitForLoadState('networkidle').catch(() => {}); // the stream of news stays open
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const { id, nodes } of violations)
    wrong.push(
      `${name}: ${id}: ${nodes
        .slice(0, 3)
        .map(({ html }) => html.slice(0, 140))
        .join(' · ')}`,
    );
  const { overflow, broken } = await page.evaluate<{ overflow: number; broken: string[] }>(measured);
  if (overflow > 0) wrong.push(`${name}: ${overflow} pixels wider than its window`);
  if (broken.length > 0) wrong.push(`${name}: over two lines: ${broken.slice(0, 4).join(' · ')}`);
  if (folder !== undefined) await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

/** Times, buttons, tabs, signs and figures stand in one line, and nothing is drawn beyond the window. */
const measured = `(() => {
  const broken = [...document.querySelectorAll('main time, main button:not([class*="text-left"]), main [role=tab], main kbd, main td, main dd')]
    .filter((element) => element.checkVisibility() && element.childElementCount === 0 && element.textContent.trim().length < 40)
    .filter((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
    })
    .map((element) => element.tagName.toLowerCase() + ' ' + element.textContent.trim());
  const { scrollWidth, clientWidth } = document.documentElement;
  return { overflow: scrollWidth - clientWidth, broken };
})()`;

/** 300 runs of a fortnight, whose texts are hard to break. @returns the latest */
async function seed({ home }: TestVm): Promise<string> {
  const { url } = JSON.parse(await readFile(path.join(home, 'postgres/running.json'), 'utf8')) as {
    url: string;
  };
  const db = await openDatabase(url, { connections: 1 });
  const long = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(2);
  const skills = ['house-report', 'a-skill-that-was-removed-and-had-a-very-long-name-indeed-as-some-do'];
  const hash = sha256('anything');
  let latest = '';
  try {
    for (let n = 299; n >= 0; n--) {
      const at = new Date(Date.now() - n * 4_000_000);
      const isFailed = n % 7 === 3;
      const id = newId();
      const data = {
        ...{
          id,
          skillVersion: 1,
          skillHash: hash,
          actor: 'owner',
          input: {},
          inputHash: hash,
          outputHash: hash,
        },
        ...{ trace: [], traceHash: hash, contentHash: hash, status: 'succeeded' as const },
        skillSlug: skills[n % 2] ?? '',
        trigger: n % 3 === 0 ? ('schedule' as const) : ('webhook' as const),
        model:
          n % 5 === 0 ? 'claude-opus-5-5' : 'a-model-of-a-provider/with-a-name-that-does-not-end-20261129',
        createdAt: at,
        startedAt: at,
        completedAt: new Date(at.getTime() + 90_061_000),
        durationMs: 90_061_000,
        tokenCount: 1_234_567n,
        costUsd: (n % 11) * 1.2345 + 0.0001,
        output: `# The quarterly report\\n\\n${long} and https://example.com/${long}\\n\\n- **Two** bills are due.`,
        ...(isFailed
          ? {
              status: 'failed' as const,
              output: null,
              error: `It broke at ${long}.`,
              errorCode: 'E_MODEL_FAILED',
            }
          : {}),
      };
      // Nothing acts on them: they need no MAC.
      await db.prisma.execution.create({ data });
      await insertToolCall(db, {
        executionId: id,
        connection: n % 2 === 0 ? 'files' : 'memory',
        tool: long.slice(0, 60),
      });
      if (n % 20 === 0)
        await db.prisma.executionMark.create({
          data: { executionId: id, pinnedAt: at, rating: n % 40 === 0 ? 'good' : 'bad', comment: long },
        });
      latest = id;
    }
  } finally {
    await db.close();
  }
  return latest;
}
