/** One execution as its owner looks at it: while it runs, after it ended, and what can be done with it then. */
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { encode } from 'uqr';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Execution } from '../../src/contract/executions.ts';
import { startCanary } from '../helpers/canary.ts';
import { type ConsoleOfTest, openConsole } from '../helpers/console.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { type MessagesApi, startMessagesApi, toolResultsOf, userTextOf } from '../helpers/messages-api.ts';

let model: MessagesApi;
let console: ConsoleOfTest;
let { vm, page, newPage, see, press, follow, open } = {} as ConsoleOfTest;
let isKeyGood = false;
/** The first run does not end before it was seen at work. */
const watched = Promise.withResolvers<void>();

const note = { entities: [{ name: 'Water', entityType: 'bill', observations: ['due on Monday'] }] };

beforeAll(async () => {
  model = await startMessagesApi(async ({ body }) => {
    const asked = userTextOf(body);
    if (asked.includes('Note it down') && toolResultsOf(body).length === 0)
      return { toolCalls: [{ name: 'mcp__memory__create_entities', input: note }] };
    if (asked.includes('Note it down')) return { text: 'It is noted.' };
    if (asked.includes('Summarise') && !isKeyGood) return { fail: 'unauthorized' };
    if (asked.includes('Summarise')) return { text: 'One bill is due.' };
    if (toolResultsOf(body).length > 0) {
      await watched.promise;
      return { text: 'There is **one** bill.' };
    }
    return {
      ...{ thinking: 'Where are the bills?', text: 'I look, and note it down.' },
      toolCalls: [
        { name: 'mcp__files__list_directory', input: { path: 'bills' } },
        { name: 'mcp__memory__create_entities', input: note },
      ],
      usage: { input_tokens: 2000, output_tokens: 150 },
    };
  });
  console = await openConsole({ ALFRED_PUBLIC_URL: 'https://alfred.example' });
  ({ vm, page, newPage, see, press, follow, open } = console);
  for (const [key, value] of Object.entries({
    anthropic_api_key: 'sk-ant-canary-8c1d2e3f4a5b6c7d',
    model_base_url: model.url,
    model: 'claude-sonnet-5-5',
  })) {
    await vm.api('PUT', `/api/v1/config/${key}`, { value });
  }
  const allowedTools = [
    'mcp__files__list_directory',
    'mcp__files__read_text_file',
    'mcp__memory__create_entities',
  ];
  await vm.api('POST', '/api/v1/skills', {
    ...{ slug: 'bills', name: 'Bills', inputSchema: { properties: { month: { type: 'string' } } } },
    steps: [
      { id: 1, prompt: 'Find the bills of {{month}}', allowedTools },
      { id: 2, prompt: 'Summarise them', allowedTools },
    ],
  });
});
afterAll(async () => {
  await console?.close();
  await model?.close();
});
afterEach(() => expect(console.complaints()).toEqual([]));

const rows = () => page.getByRole('region', { name: 'What happened' }).getByRole('button');
const idOfPage = () => page.url().split('/').at(-1);
const execution = async () => (await vm.api('GET', `/api/v1/executions/${idOfPage()}`)).body as Execution;

it('draws steps, turns and tools while they happen, and the same after a reload', async () => {
  const started = await vm.api('POST', '/api/v1/skills/bills/run', { input: { month: 'May' } });
  await open(`/executions/${(started.body as { executionId: string }).executionId}`);
  await page.getByText('It is at work in step 1 of 2').waitFor();
  await rows().filter({ hasText: 'create_entities' }).waitFor();
  watched.resolve();
  await page.getByText('failed', { exact: true }).first().waitFor();
  const drawn = async () => (await rows().allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
  // It is drawn while it is told: what each came to is told last.
  await expect
    .poll(drawn)
    .toEqual([
      expect.stringMatching(/^Step 1 of 2 Find the bills of May .* → .* \$0\.\d+$/),
      expect.stringMatching(/^Model I look, and note it down\. .* 2K → 150 \$0\.\d+$/),
      expect.stringMatching(/^files list_directory {"path":"bills"}/),
      expect.stringMatching(/^memory create_entities {"entities"/),
      expect.stringMatching(/^Model There is one bill\./),
      expect.stringMatching(/^Step 2 of 2 Summarise them/),
      expect.stringMatching(/^Model gave no answer/),
    ]);
  const before = await drawn();
  await page.reload();
  await expect.poll(drawn).toEqual(before);
});

it('opens a row to what was thought, sent and answered', async () => {
  await press(/^Model I look/);
  await page.getByText('Where are the bills?').waitFor();
  await page.getByText(/2,000 tokens read anew · .*150 written/).waitFor();
  await press(/^memory create_entities/);
  await page.getByText('may change something').waitFor();
  await expect.poll(() => page.getByText('"due on Monday"', { exact: true }).count()).toBe(2);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});

it('says where it failed and what to do, and goes on from there when that is chosen', async () => {
  const alert = page.getByRole('main').getByRole('alert');
  await alert.getByText('The model key was refused').waitFor();
  await alert.getByRole('link', { name: 'Open the settings' }).waitFor();
  await page.getByText(/^It failed in step 2 of 2 after .* The step before it was done\.$/).waitFor();
  await page.getByText(/1 call may have changed something: memory create_entities\./).waitFor();
  isKeyGood = true;
  const before = idOfPage();
  const asked = model.requests.length;
  await press('Run again');
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel(/^Step 2, where it ended/).isChecked()).toBe(true);
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('succeeded', { exact: true }).first().waitFor();
  await page.getByText('carried over from the run before').waitFor();
  expect(await execution()).toMatchObject({ retryOf: before, triggerDetail: { retry: { from: 'failed' } } });
  // Of the first step nothing was done again.
  expect(model.requests.length - asked).toBe(1);
});

it('asks which version is meant where the skill was changed since', async () => {
  await vm.api('PATCH', '/api/v1/skills/bills', { description: 'Changed' });
  const before = page.url();
  await page.reload();
  await press('Run again');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Version 2, as it is now/).check();
  expect(await dialog.getByText('From where').count()).toBe(0);
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  // The run before says the same of itself.
  await page.waitForURL((url) => url.href !== before);
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('It did both of its steps in').waitFor();
  expect(await execution()).toMatchObject({ skillVersion: 2, status: 'succeeded', input: { month: 'May' } });
});

it('teaches from it, with the tools that were really used, and a person edits and accepts it', async () => {
  const id = idOfPage();
  await press('Teach from this run');
  await see('heading', 'Bills (taught)');
  await page.getByText('Tools that it was allowed and did not use: mcp__files__read_text_file.').waitFor();
  await follow('Edit');
  await expect
    .poll(() => page.getByLabel('What to do').first().inputValue())
    .toBe('Find the bills of {{month}}');
  await page.getByLabel('Name', { exact: true }).first().fill('Bills to memory');
  await page.getByLabel('Slug').fill('bills-to-memory');
  await press('Save');
  await see('heading', 'Bills to memory');
  await press('Accept');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Accept it' }).click();
  await follow('See the skill');
  await see('heading', 'Bills to memory');
  const { body } = await vm.api('GET', '/api/v1/skills/bills-to-memory');
  expect(body).toMatchObject({
    source: 'taught',
    steps: [
      { allowedTools: ['mcp__files__list_directory', 'mcp__memory__create_entities'] },
      { prompt: 'Summarise them', allowedTools: [] },
    ],
  });
  await open(`/executions/${id}`);
  await see('heading', 'Bills');
});

it('tries a step as it is written, on what the last run gave before it, and saves nothing', async () => {
  const other = await console.samePage({ viewport: { width: 1360, height: 900 } });
  await other.goto(new URL('/skills/bills/edit', vm.url).href);
  const second = other.getByRole('region', { name: 'Try step 2' });
  await other.getByLabel('What to do').nth(1).fill('Summarise them in one line');
  const asked = model.requests.length;
  await second.getByRole('button', { name: 'Run it on the last run’s input' }).click();
  await second.getByText('succeeded', { exact: true }).waitFor();
  await second.getByText('One bill is due.').waitFor();
  await second.getByText('On the input, and what earlier steps gave, of').waitFor();
  // Of the step before it nothing was done again.
  expect(model.requests.length - asked).toBe(1);
  expect(model.requests.at(-1)?.raw).toContain('Summarise them in one line');
  const first = other.getByRole('region', { name: 'Try step 1' });
  await first.getByRole('button', { name: 'Rehearse this step' }).click();
  await first.getByText(/^\S+ m?s, cost nothing$/).waitFor();
  await first.getByRole('list', { name: 'Tools that it called' }).getByText('list_directory').waitFor();
  expect(model.requests.length - asked).toBe(1);
  const { body } = await vm.api('GET', '/api/v1/skills/bills');
  expect(body).toMatchObject({ version: 2, steps: [{}, { prompt: 'Summarise them' }] });
  // What holds where it says nothing stands in the field.
  await expect
    .poll(() => other.getByLabel('Time of one run, in minutes').getAttribute('placeholder'))
    .toBe('30, as in settings');
  await other.context().close();
});

it('has a call approved by the link of a notice, on a phone where nobody is signed in', async () => {
  const receiver = await startCanary();
  const other = await newPage({ viewport: { width: 390, height: 844 } });
  try {
    const config = { url: receiver.url, allowPrivateNetwork: true };
    await vm.api('POST', '/api/v1/notice-channels', { name: 'phone', kind: 'webhook', config });
    const steps = [
      { id: 1, prompt: 'Note it down', allowedTools: ['mcp__memory__create_entities'], approval: 'always' },
    ];
    await vm.api('POST', '/api/v1/skills', { slug: 'notes', name: 'Notes', steps });
    const started = await vm.api('POST', '/api/v1/skills/notes/run', {});
    const { executionId } = started.body as { executionId: string };
    await until(() => receiver.requests.length > 0);
    const { links } = JSON.parse(String(receiver.last().body)) as { links: { url: string }[] };
    expect(links[0]?.url).toMatch(/^https:\/\/alfred\.example\/approve#decide_/);
    const link = links[0]?.url.replace('https://alfred.example', new URL(vm.url).origin) ?? '';
    await other.goto(link);
    await other.getByRole('heading', { name: 'Notes asks for your approval' }).waitFor();
    // Exactly what would be called, and nothing else of the VM.
    await other.getByText('create entities', { exact: true }).waitFor();
    await other.getByRole('term').filter({ hasText: 'Observations' }).waitFor();
    await other.getByText('due on Monday', { exact: true }).waitFor();
    await other.getByText('As it is sent').click();
    await other.getByText('"due on Monday"').waitFor();
    expect(await other.getByRole('navigation').count()).toBe(0);
    expect(other.url()).toBe(new URL('/approve', vm.url).href);
    const { violations } = await new AxeBuilder({ page: other }).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    await other.getByRole('button', { name: 'Approve' }).click();
    await other.getByText('The run goes on.').waitFor();
    await until(async () => {
      const { body: now } = await vm.api('GET', `/api/v1/executions/${executionId}`);
      return (now as Execution).status === 'succeeded';
    });
    const { items } = (await vm.api('GET', `/api/v1/approvals?execution=${executionId}`)).body as {
      items: { status: string; decidedBy: string }[];
    };
    expect(items).toMatchObject([{ status: 'approved', decidedBy: 'link:phone' }]);
    // It was good once.
    await other.goto('about:blank');
    await other.goto(link);
    await other.getByText('This link decides about nothing any more').waitFor();
    expect(console.complaints().filter((text) => !text.includes('404'))).toEqual([]);
  } finally {
    await vm.api('DELETE', '/api/v1/notice-channels/phone');
    await other.context().close();
    await receiver.close();
  }
});

it('comes to a phone by a code that its camera reads, which signs in once', async () => {
  const before = page.url();
  await open('/settings#phone');
  const panel = page.locator('#phone');
  await panel.getByText('https://alfred.example', { exact: true }).waitFor();
  const [made] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/api/v1/session/links')),
    panel.getByRole('button', { name: 'Show the code' }).click(),
  ]);
  const { url } = (await made.json()) as { url: string };
  expect(url).toMatch(/^https:\/\/alfred\.example\//);
  const path = await panel
    .getByRole('img', { name: /signs you in/ })
    .locator('path')
    .getAttribute('d');
  const dark = encode(url, { ecc: 'M', border: 2 }).data.flat().filter(Boolean).length;
  expect(path?.match(/M/g)).toHaveLength(dark);
  const other = await newPage({ viewport: { width: 390, height: 844 } });
  await other.goto(url.replace('https://alfred.example', new URL(vm.url).origin));
  await other.getByRole('heading', { name: /^Good / }).waitFor();
  await other.context().close();
  await page.goto(before);
});

it('hands the whole of it out, and purges it when that is confirmed', async () => {
  const whole = await execution();
  await press('More about this execution');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Export as NDJSON' }).click(),
  ]);
  const lines = (await readFile(await file.path(), 'utf8')).split('\n');
  expect(JSON.parse(lines[0] ?? '')).toEqual(whole);
  expect(lines.slice(1)).toEqual(['']);
  await press('More about this execution');
  await page.getByRole('menuitem', { name: 'See the raw trace' }).click();
  await page.getByRole('tab', { name: 'raw trace', selected: true }).waitFor();
  // It is read once somebody looks at it.
  await page.getByRole('tabpanel').getByText('assistant').first().waitFor();
  await press('More about this execution');
  await page.getByRole('menuitem', { name: 'Purge its payload' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  expect((await execution()).purgedAt).toBeNull();
  await press('More about this execution');
  await page.getByRole('menuitem', { name: 'Purge its payload' }).click();
  await dialog.getByRole('button', { name: 'Purge it' }).click();
  await page.getByText('Its payload is purged').first().waitFor();
  await page.reload();
  await page.getByText(/What it did, step by step, is kept no longer/).waitFor();
  await see('button', 'Run again');
  expect(await page.getByRole('button', { name: 'Run again' }).isDisabled()).toBe(true);
  // What it did stays to be read, without what it held.
  await page.getByText(/1 call may have changed something: memory create_entities\./).waitFor();
  expect(await page.getByText('The connection to the VM is lost').count()).toBe(0);
});
