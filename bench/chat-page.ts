/**
 * A conversation of many messages in a real browser, on a VM of its own: how long the page is held up while it opens, while one
 * scrolls through all of it to its beginning, and while an answer comes at its end.
 *
 *   node bench/chat-page.ts [messages]      500 when left out
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Message, WholeConversation } from '../src/contract/chat.ts';
import { openBrowser } from '../tests/helpers/browser.ts';
import { startMessagesApi } from '../tests/helpers/messages-api.ts';
import { startTestVm } from '../tests/helpers/vm.ts';

const messages = Number(process.argv[2] ?? 500);
/** So much of the wheel at a time, in pixels, and so often a second: somebody who looks for something. */
const wheel = 600;
const turnsPerSecond = 12;

const answer = `Here is what I found, with **the sums** and the [source](https://example.com/bills).

| Bill | Due | Sum |
| --- | --- | ---: |
${Array.from({ length: 8 }, (_, row) => `| Bill ${row} | 2026-12-${10 + row} | ${row * 17}.50 |`).join('\n')}

1. The first is paid by hand.
2. The second by \`pay --all\`, which asks before it pays.

\`\`\`sh
${Array.from({ length: 12 }, (_, line) => `npx alfred execution list --skill bills --page ${line}`).join('\n')}
\`\`\`

${'Whatever is left over goes to the account that is for it, and nothing is lost. '.repeat(6)}`;

const askedOf = (turn: number): string => `What of the bills of month ${turn}?`;

/** The same conversation with so many messages before its last two. */
function grown(whole: WholeConversation): WholeConversation {
  const [asked, answered, ...later] = whole.messages;
  if (asked === undefined || answered === undefined) return whole;
  const before = Array.from({ length: messages - 2 }, (_, index): Message => {
    const turn = Math.floor(index / 2);
    const id = idOf(index);
    const parentId = index === 0 ? null : idOf(index - 1);
    return index % 2 === 0
      ? { ...asked, id, parentId, turn, text: askedOf(turn) }
      : { ...answered, id, parentId, turn };
  });
  const first = { ...asked, parentId: idOf(messages - 3), turn: messages };
  return { ...whole, messages: [...before, first, { ...answered, turn: messages }, ...later] };
}

const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

let isSlow = false;
const model = await startMessagesApi(() => ({ text: answer, ...(isSlow ? { eventDelayMs: 25 } : {}) }));
const vm = await startTestVm({
  env: {
    ANTHROPIC_API_KEY: 'sk-ant-bench-0123456789abcdef',
    ANTHROPIC_BASE_URL: model.url,
    ALFRED_SPARE_AGENTS: '0',
    ALFRED_LOG_LEVEL: 'error',
  },
});
const browser = await openBrowser();

const watchTasks = `window.tasks = []; new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.tasks.push(duration);
}).observe({ type: 'longtask' })`;

const isAllDrawn = `document.getElementsByTagName('article').length >= ${Math.floor(messages / 2)}`;

async function tell(page: Page, what: string): Promise<void> {
  const tasks = await page.evaluate<number[]>('window.tasks.splice(0)');
  const longest = Math.max(0, ...tasks).toFixed(0);
  process.stdout.write(`${what.padEnd(9)} ${tasks.length} tasks above 50 ms, the longest ${longest} ms\n`);
}

try {
  const { body } = await vm.api('POST', '/api/v1/conversations', {});
  const { id } = body as { id: string };
  const say = (text: string, wait: number) =>
    vm.api('POST', `/api/v1/conversations/${id}/messages?wait=${wait}`, { text });
  await say(askedOf(messages / 2 - 1), 60);

  const context = await browser.newContext({ viewport: { width: 1360, height: 860 } });
  await context.addInitScript(watchTasks);
  // So many turns take minutes to be said; the page is given as many as that, of which the last is real.
  await context.route(`**/api/v1/conversations/${id}`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: grown((await answer.json()) as WholeConversation) });
  });
  const page = await context.newPage();
  await page.goto(vm.signInUrl);
  await page.waitForSelector('nav:visible');
  await page.goto(`${vm.url}/chat`);
  await page.locator(`a[href="/chat/${id}"]`).first().waitFor();
  await sleep(1_000);
  await page.evaluate('window.tasks.splice(0)');

  // From the list, as a person opens it: the program itself is there already.
  await page.locator(`a[href="/chat/${id}"]`).first().click();
  await page.locator('article').last().waitFor();
  await sleep(1_500);
  await tell(page, 'opens');

  await page.mouse.move(680, 400);
  for (let turn = 0; turn < 4_000; turn++) {
    await page.mouse.wheel(0, -wheel);
    await sleep(1_000 / turnsPerSecond);
    // Looking for a text would read all of the page, in a task of its own that is longer than the page's.
    if (await page.evaluate<boolean>(isAllDrawn)) break;
  }
  await sleep(500);
  process.stdout.write(`          ${await page.locator('article').count()} answers are drawn\n`);
  await tell(page, 'scrolls');
  for (let turn = 0; turn < 200; turn++) {
    await page.mouse.wheel(0, wheel * 4);
    await sleep(1_000 / turnsPerSecond);
  }
  await tell(page, 'back');

  isSlow = true;
  await say('And now?', 60);
  await sleep(500);
  await tell(page, 'answers');
} finally {
  await browser.close();
  await vm.stop();
  await model.close();
}
