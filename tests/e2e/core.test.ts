/** The page that shows the owner exactly what Core has been told: a real VM, a real Core. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ConsoleOfTest, openConsole } from '../helpers/console.ts';
import { createTestCore, type TestCore } from '../helpers/core.ts';
import { expectGoodLook, looks } from '../helpers/looks.ts';
import { startMessagesApi } from '../helpers/messages-api.ts';

let core: TestCore;
let model: Awaited<ReturnType<typeof startMessagesApi>>;
let console: ConsoleOfTest;
let { vm, page, see, press, open } = {} as ConsoleOfTest;

beforeAll(async () => {
  model = await startMessagesApi(() => ({ text: 'Done.' }));
  [core, console] = await Promise.all([createTestCore(), openConsole()]);
  ({ vm, page, see, press, open } = console);
  await vm.api('PUT', '/api/v1/config/model_base_url', { value: model.url });
  await vm.api('PUT', '/api/v1/config/anthropic_api_key', { value: 'sk-ant-canary-0d9c1b7a5e3f2468' });
  await vm.api('POST', '/api/v1/skills', {
    ...{ slug: 'private-matter', name: 'A private matter' },
    steps: [{ id: 1, prompt: 'Think', allowedTools: [] }],
  });
  const run = await vm.api('POST', '/api/v1/skills/private-matter/run?wait=60', {});
  expect(run).toMatchObject({ status: 200, body: { status: 'succeeded', mode: 'live' } });
});
afterAll(async () => {
  await console?.close();
  await core?.close();
  await model?.close();
});
afterEach(async ({ task }) => {
  await console.explain(task);
  expect(console.complaints()).toEqual([]);
});

it('shows what a first report would say, before anybody is told anything', async () => {
  // The second counts within a second of the first, and a busy page is slow to say that it has that.
  await Promise.all([page.keyboard.press('g'), page.keyboard.press('o')]);
  await see('heading', 'Standing alone');
  await page.getByText(/"executions":1,/).waitFor();
  await page.getByText('An example').waitFor();
  await page.getByText('Core has not been told anything').waitFor();
  expect((await core.send('GET', '/v1/fleet')).body).toMatchObject({ items: [] });
});

it('links with a token that is good once, and says why one is not', async () => {
  await page.getByLabel('Core’s address').fill(core.url);
  await page.getByLabel('Enrolment token').fill(`enrol_${'a'.repeat(43)}`);
  await press('Link this VM');
  await page.getByRole('alert').waitFor();
  // The browser reports the refusal by itself.
  expect(console.complaints()).toEqual([expect.stringContaining('403')]);
  await page.getByLabel('Enrolment token').fill(await core.enrolmentToken());
  await press('Link this VM');
  await see('heading', 'Told so far');
  await page.getByText(core.url, { exact: true }).waitFor();
});

it('reports when asked, and shows the very bytes that Core took', async () => {
  const next = page.locator('pre');
  // Until the page has read anew, it shows the example of before the link.
  await page.getByText('An example').waitFor({ state: 'detached' });
  await next.getByText(/"executions":1,/).waitFor();
  const told = (await next.innerText()).split('\n').at(-1) ?? '';
  await press('Report now');
  await page.getByText('Core has it').waitFor();
  await expect.poll(() => page.locator('li code').first().innerText()).toBe(told);
  expect(Object.keys(JSON.parse(told) as object)).toHaveLength(6);
  await page.getByText('There is nothing to report').waitFor();
  const { body } = await core.send('GET', '/v1/fleet');
  expect(body).toMatchObject({ items: [{ executions: 1 }] });
  expect(JSON.stringify(body)).not.toContain('private');
});

it('lets the owner say what a sign-in through Core may do', async () => {
  const content = page.getByRole('checkbox', { name: /^read inputs/ });
  expect(await content.isChecked()).toBe(false);
  // To link it ticked nothing by itself.
  expect(await page.getByRole('checkbox', { name: /^start a skill/ }).isChecked()).toBe(false);
  await page.getByRole('checkbox', { name: /^start a skill/ }).check();
  await expect
    .poll(async () => ((await vm.api('GET', '/api/v1/core')).body as { tokenScopes: string[] }).tokenScopes)
    .toEqual(['status', 'start']);
});

it('is accessible, and fits on a phone', async () => {
  for (const look of looks) {
    const other = await console.samePage(look);
    await other.goto(new URL('/core', vm.url).href);
    await other.getByText('Core has it').waitFor();
    await expectGoodLook(other, `core-${look.colorScheme}`);
  }
});

it('ends the link after asking', async () => {
  await open('/core');
  await press('End the link');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Keep it' }).click();
  await press('End the link');
  await page.getByRole('alertdialog').getByRole('button', { name: 'End the link' }).click();
  await see('heading', 'Standing alone');
  await page.getByText('Core has it').waitFor();
});
