/**
 * What the tasks of an owner take in the console, walked in a browser on a VM of its own (docs/benchmarks.md, "Ten tasks of an owner").
 * The approval, one press on Home, needs a model that asks for it: tests/e2e/console.test.ts. What answers "why did it fail" is read there.
 * A click is one with the pointer, or the key that stands for one; typing is one act for a field, and so is a choice.
 *
 *   node bench/ten-tasks.ts
 */
import type { Locator } from 'playwright-core';
import { openConsole } from '../tests/helpers/console.ts';

const { vm, page, close } = await openConsole();
let clicks = 0;
let acts = 0;

const press = async (what: Locator): Promise<void> => {
  await what.first().click();
  clicks++;
  acts++;
};
/** A field that has the focus already needs no click. */
const type = async (field: Locator, text: string): Promise<void> => {
  await field.waitFor();
  if ((await field.and(page.locator(':focus')).count()) === 0) clicks++;
  await field.fill(text);
  acts++;
};
/** A key that stands for a button. */
const enter = async (): Promise<void> => {
  await page.keyboard.press('Enter');
  clicks++;
  acts++;
};
const link = (name: string | RegExp) => page.getByRole('link', { name });
const button = (name: string | RegExp) => page.getByRole('button', { name });
const said = (words: string | RegExp) => page.getByText(words).first().waitFor();

/** Each begins on Home. */
async function task(name: string, walk: () => Promise<unknown>): Promise<void> {
  await page.goto(vm.url);
  await page.getByRole('heading', { name: /^Good / }).waitFor();
  clicks = 0;
  acts = 0;
  await walk();
  console.log(`${name}: ${clicks} clicks, ${acts} acts`);
}

const steps = [{ id: 1, prompt: 'Read the bills', allowedTools: [] }];
const schedule = { triggerType: 'schedule', triggerConfig: { cron: '30 6 * * *' }, isActive: true };
const mail = { command: process.execPath, args: ['-v'], env: { MAIL_PASSWORD: 'a-secret-of-this-walk-1' } };
try {
  await vm.api('POST', '/api/v1/connections', { name: 'mail', type: 'mcp_stdio', config: mail });
  await vm.api('POST', '/api/v1/skills', { slug: 'garden', name: 'Garden', steps, ...schedule });
  await vm.api('POST', '/api/v1/skills', { slug: 'bills', name: 'Bill summary', steps, maxCostUsd: 0.5 });
  await vm.api('POST', '/api/v1/skills/bills/run?wait=60', {});

  await task('find the bill summary of a day', async () => {
    await press(link(/^Bill summary/));
    await page.waitForURL(/\/executions\//);
  });
  await task('raise the cap', async () => {
    await page.keyboard.press('Control+k');
    acts++;
    clicks++;
    await type(page.getByRole('dialog').getByRole('combobox'), 'raise bill');
    await press(page.getByRole('option', { name: /^Raise one run of Bill summary to / }));
    await said(/^Raised to /);
  });
  await task('raise the cap to an amount of my own', async () => {
    await page.keyboard.press('Control+k');
    acts++;
    clicks++;
    await type(page.getByRole('dialog').getByRole('combobox'), 'cap bill');
    await press(page.getByRole('option', { name: 'Caps of Bill summary' }));
    await type(page.getByLabel('One run, in dollars').and(page.locator(':focus')), '3');
    await enter();
    await said(/^Saved as version/);
  });
  await task('undo my change', async () => {
    await page.keyboard.press('Control+k');
    acts++;
    clicks++;
    await press(page.getByRole('option', { name: /^Undo the latest change of Bill summary/ }));
    await said('Version 2 is current again');
  });
  await task('change the mail’s key', async () => {
    await press(link('Connections'));
    await press(button('Replace a secret of mail'));
    await type(page.getByLabel('New value').and(page.locator(':focus')), 'another-secret-of-this-walk');
    await enter();
    await page.getByLabel('New value').waitFor({ state: 'detached' });
  });
  // As it is once the old one is refused.
  await vm.api('POST', '/api/v1/connections/mail/approve', {});
  await vm.api('POST', '/api/v1/connections/mail/test', {});
  await task('change the mail’s key, where Home says that the mail does not work', async () => {
    await type(page.getByLabel('Another MAIL_PASSWORD of mail'), 'a-third-secret-of-this-walk');
    await enter();
    await said('mail was changed');
  });
  await task('pause the garden skill while away', async () => {
    await press(link(/^Garden/));
    await press(button('Pause…'));
    await press(button('Pause it'));
    await said(/^Paused until /);
  });
  await task('what did it cost', async () => {
    await press(link('Costs'));
    await page.getByRole('heading', { name: 'Costs' }).waitFor();
  });
  await task('who can start things', async () => {
    await press(link('Settings'));
    await press(link('Who can start runs'));
    await page.waitForURL(/#starts$/);
  });
  await task('get it on my phone', async () => {
    await press(link('Settings'));
    await press(link('On your phone'));
    await page.waitForURL(/#phone$/);
  });
} finally {
  await close();
}
