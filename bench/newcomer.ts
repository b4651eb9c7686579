/**
 * The first five minutes of somebody who has never seen it, in a browser and without the terminal: the zone, a model (a wrong key first), a
 * folder of one's own, a skill from a template with a schedule, its first letter. Prints of each part how often was clicked, what was
 * typed, how long the page took, and how long a person takes by the keystroke-level model (Card, Moran and Newell, 1980: 1.35 s to
 * think and 1.3 s to point and press for each click, 0.28 s for each key) and reads at 238 words a minute (Brysbaert, 2019): whatever comes
 * into sight, once; and 28 % of it, the most that people were seen to read of a page (Weinreich, Obendorf, Herder and Mayer, 2008).
 *
 *   node bench/newcomer.ts
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { openConsole } from '../tests/helpers/console.ts';
import { realServer } from '../tests/helpers/mcp/stdio-link.ts';
import { startMessagesApi, toolNamesOf, toolResultsOf } from '../tests/helpers/messages-api.ts';

const key = 'sk-ant-newcomer-0123456789';
const clickSeconds = 1.35 + 1.3;
const keySeconds = 0.28;
const wordsASecond = 238 / 60;
const shareRead = 0.28;

type Part = { name: string; clicks: number; keys: number; words: number; waited: number };
const parts: Part[] = [];
const seen = new Set<string>();
const current = (): Part => parts.at(-1) ?? begin('');

function begin(name: string): Part {
  const part = { name, clicks: 0, keys: 0, words: 0, waited: 0 };
  parts.push(part);
  return part;
}

/** Texts that stand in the window now. */
const textsInSight = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`(() => {
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(node);
      const { top, bottom, width } = range.getBoundingClientRect();
      if (width > 0 && bottom > 0 && top < innerHeight) texts.push(node.textContent.trim());
    }
    return texts;
  })()`);

async function read(page: Page): Promise<void> {
  for (const text of await textsInSight(page)) {
    if (text === '' || seen.has(text)) continue;
    seen.add(text);
    current().words += text.split(/\s+/).length;
  }
}

async function waitFor(there: Locator): Promise<void> {
  const began = performance.now();
  await there.first().waitFor();
  current().waited += (performance.now() - began) / 1000;
  await read(there.page());
}

async function click(what: Locator): Promise<void> {
  await waitFor(what);
  await what.first().click();
  current().clicks += 1;
}

async function type(field: Locator, text: string): Promise<void> {
  await click(field);
  await field.fill(text);
  current().keys += text.length;
}

const api = await startMessagesApi(({ body, headers }) => {
  if (headers['x-api-key'] !== key) return { fail: 'unauthorized' };
  if (toolResultsOf(body).length > 0 || (body.tools ?? []).length === 0)
    return { text: '**Today** The plumber comes, and wants 80 euros.' };
  const name = toolNamesOf(body).find((tool) => tool.endsWith('list_allowed_directories'));
  return name === undefined ? { text: 'Nothing.' } : { text: 'I look.', toolCalls: [{ name, input: {} }] };
});
const own = await mkdtemp(path.join(tmpdir(), 'papers-'));
await writeFile(path.join(own, 'plumber.md'), 'The plumber comes on Friday, 80 euros.');
const owner = await openConsole();
const { page } = owner;
const button = (name: string | RegExp) => page.getByRole('button', { name });
const link = (name: string | RegExp) => page.getByRole('link', { name });

try {
  begin('by which zone');
  await click(page.getByRole('button', { name: /^[A-Z][a-z]+\// }));

  begin('a model, with a key that is wrong at first');
  await waitFor(page.getByText('Getting started'));
  // In place of the model there is: a newcomer leaves it as it is.
  await page.getByText('Another model, or another address').click();
  await page.getByLabel('Address', { exact: true }).fill(api.url);
  await type(page.getByLabel('API key'), `${key}x`);
  await click(button('Save and try'));
  await waitFor(page.getByText(/refused/i));
  await type(page.getByLabel('API key'), key);
  await click(button('Save and try'));
  await waitFor(page.getByText('Alfred has a model'));

  begin('a folder of one’s own');
  await click(link('Connect something'));
  await click(button(/^Files /));
  await type(page.getByLabel('Folder', { exact: true }), own);
  // The same package, as it is installed here: how long npm takes to fetch it is no matter of the page.
  await page.getByText('All of it as text').click();
  await page.getByLabel(/A command line/).fill(`node ${realServer('server-filesystem')} ${own}`);
  await click(button('Show what it would do'));
  await click(button('Save 1 connection'));
  await click(button('Approve'));
  await waitFor(page.getByText(/^\d+ tools$/));

  begin('a skill from a template, with its schedule');
  await click(link('Home'));
  await click(link('Choose a template'));
  const briefing = page.getByRole('article').filter({ hasText: 'Morning briefing' });
  await click(briefing.getByRole('button', { name: 'Use this template' }));
  await waitFor(page.getByRole('heading', { name: 'Morning briefing' }));

  begin('the first letter');
  await click(button(/^Run/));
  await click(page.getByRole('dialog').getByRole('button', { name: /^Run/ }));
  await waitFor(page.getByText('The plumber comes, and wants 80 euros.'));
  await click(link('Home'));
  await waitFor(page.getByText('The plumber comes, and wants 80 euros.'));
} catch (error) {
  process.stderr.write(`${page.url()}\n${await page.locator('body').innerText()}\n`);
  throw error;
} finally {
  await owner.close();
  await rm(own, { recursive: true, force: true });
}

const secondsOf = ({ clicks, keys, words, waited }: Part, share: number): string =>
  (clicks * clickSeconds + keys * keySeconds + (share * words) / wordsASecond + waited).toFixed(0);
const sum = (of: 'clicks' | 'keys' | 'words' | 'waited'): number =>
  parts.reduce((all, part) => all + part[of], 0);
const whole = { clicks: sum('clicks'), keys: sum('keys'), words: sum('words'), waited: sum('waited') };
for (const part of [...parts, { name: 'all of it', ...whole }]) {
  const { name, clicks, keys, words, waited } = part;
  const seconds = `${secondsOf(part, shareRead)} s of a person, ${secondsOf(part, 1)} of one who reads all`;
  console.log(
    `${name}: ${clicks} clicks, ${keys} keys, ${words} words, ${waited.toFixed(1)} s of waiting: ${seconds}`,
  );
}
process.exit(0);
