/** What an owner does now and then, and where it once stumbled: in the browser, on a VM with runs of before. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/client.ts';
import { sha256 } from '../../src/kernel/hash.ts';
import { newId } from '../../src/kernel/ids.ts';
import { type ConsoleOfTest, openConsole } from '../helpers/console.ts';
import { insertPastRuns } from '../helpers/past-runs.ts';

let console: ConsoleOfTest;
let { vm, page, see, press, follow, open } = {} as ConsoleOfTest;
/** As the VM says it of a cap that the next call could have passed. */
const error =
  'The cap of $0.50 for this run leaves too little for another model call, which may cost $0.04 or more: $0.47 is spent.';
/** A run that its cap ended, and of which no event is on record. */
let untold = '';

beforeAll(async () => {
  console = await openConsole();
  ({ vm, page, see, press, follow, open } = console);
  await vm.api('POST', '/api/v1/skills', {
    ...{ slug: 'bill-summary', name: 'Bill summary', maxCostUsd: 0.5 },
    steps: [{ id: 1, prompt: 'Read the bills', allowedTools: [] }],
  });
  untold = await insertUntold();
});
afterAll(() => console?.close());
afterEach(({ task }) => console.explain(task));
afterEach(() => expect(console.complaints()).toEqual([]));

async function insertUntold(slug = 'bill-summary'): Promise<string> {
  const { url } = JSON.parse(await readFile(path.join(vm.home, 'postgres/running.json'), 'utf8'));
  const db = await openDatabase(url, { connections: 1 });
  try {
    const skill = await db.prisma.skill.findFirstOrThrow({ where: { slug } });
    const [id, hash] = [newId(), sha256('x')];
    const at = new Date(Date.now() - 6 * 86_400_000);
    await db.prisma.execution.create({
      data: {
        ...{ id, skillId: skill.id, skillSlug: skill.slug, skillVersion: 1, skillHash: hash },
        ...{ actor: 'schedule', model: 'claude-sonnet-5-5', input: {}, inputHash: hash, outputHash: hash },
        ...{ trace: [], traceHash: hash, contentHash: hash, trigger: 'schedule', triggerDetail: {} },
        ...{ status: 'failed', errorCode: 'E_COST_CAP', error },
        ...{ createdAt: at, startedAt: at, completedAt: at, durationMs: 92_000, tokenCount: 18_400n },
        costUsd: 0.47,
      },
    });
    return id;
  } finally {
    await db.close();
  }
}

it('says of a run that is over, and of which nothing is on record, just that', async () => {
  await open(`/executions/${untold}`);
  await page.getByText('It is over. Turn by turn, what it did is not on record.').waitFor();
  expect(await page.getByText('The connection to the VM is lost').count()).toBe(0);
  // What would help stands there, and nothing that would have to stand below.
  await page.getByText('Raise the cap of the skill, or make the step smaller.').waitFor();
  expect(await page.getByText('See below').count()).toBe(0);
});

it('leads from a run to its skill, and from a skill to its runs', async () => {
  await follow('The skill');
  await see('heading', 'Bill summary');
  await page.waitForURL(/\/skills\/bill-summary$/);
  await follow('All of its runs');
  await page.waitForURL(/executions\?skill=bill-summary$/);
  // The skill's own page has the row as well, and is shown until this one is there.
  await see('heading', /^Executions$/);
  await page.getByText(error).click();
  await page.waitForURL(/\/executions\/[\w-]+$/);
});

it('takes the version that was made to help for the one that is meant, and says which is which', async () => {
  await vm.api('PATCH', '/api/v1/skills/bill-summary', { maxCostUsd: 1 });
  await open(`/executions/${untold}`);
  await press('Run again');
  const now = page.getByRole('radio', { name: /^Version 2, as it is now/ });
  await now.waitFor();
  expect(await now.isChecked()).toBe(true);
  await page.getByText(/^Changed since: .+ 0\.5 → 1\./).waitFor();
  await page.getByText('Exactly what was run before, under the limits of then.').waitFor();
  await press('Leave it');
});

it('says who saved each version, and undoes the latest from its own window', async () => {
  await open('/skills/bill-summary');
  await page.getByRole('button', { name: /^2\s*current: changed, by you/ }).click();
  await page.getByRole('dialog').getByText('$0.50').waitFor();
  await press('Undo this change');
  await page.getByText('Version 1 is current again').waitFor();
  await page.getByRole('button', { name: /^3\s*current: back to version 1, by you/ }).waitFor();
  // What each save changed stands in the list, but of one that is an earlier one again.
  await page.getByRole('button', { name: /^2\s*changed, by you.*: \$0\.50 → \$1/s }).waitFor();
  const cap = async () =>
    ((await vm.api('GET', '/api/v1/skills/bill-summary')).body as { maxCostUsd: number }).maxCostUsd;
  expect(await cap()).toBe(0.5);
  // It was one step, and the way back from it is one.
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await page.getByText('Version 2 is current again').waitFor();
  expect(await cap()).toBe(1);
  // From anywhere, in two.
  await open('/');
  await see('heading', /^Good /);
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: /^Undo the latest change of Bill summary/ }).click();
  await page.getByText('Version 3 is current again').waitFor();
  expect(await cap()).toBe(0.5);
});

it('shows a secret and an input that are called like what every object has', async () => {
  const name = 'constructor';
  await vm.api('POST', '/api/v1/connections', {
    ...{ name: 'odd', type: 'mcp_stdio' },
    config: { command: process.execPath, args: ['-v'], env: { [name]: 'a-secret-of-this-test-1' } },
  });
  await open('/connections/odd');
  await page
    .locator('#keys li', { hasText: name })
    .getByText(/Sealed.+not used yet/)
    .waitFor();
  await vm.api('POST', '/api/v1/skills', {
    ...{ slug: 'odd', name: 'Odd', steps: [{ id: 1, prompt: `Say {{${name}}}`, allowedTools: [] }] },
    isActive: true,
  });
  await open('/skills/odd?run=true');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').waitFor();
  await dialog.getByRole('button', { name: 'Rehearse' }).click();
  // Nothing was filled in.
  await dialog.locator('[aria-invalid="true"]').waitFor();
  await press('Close');
});

it('finds what an owner wants to do by the words for it, in both languages', async () => {
  const found = async (typed: string, place: RegExp, name: string | RegExp) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill(typed);
    await page.getByRole('option', { name }).first().click();
    await page.waitForURL(place);
  };
  await open('/');
  await see('heading', /^Good /);
  await found('undo', /\/skills$/, /^Undo a change/);
  await found('undo', /\/help#undo$/, 'How to: Undo a change');
  await page.locator('#undo.bg-accent-soft').waitFor();
  await found('pause', /\/help#pause$/, 'How to: Pause a skill');
  await found('cost', /\/costs$/, /^See what it cost/);
  const monthIn = (language: string) =>
    new Date().toLocaleDateString(language, { month: 'long', timeZone: console.zone });
  await found(monthIn('en').toLowerCase(), /\/costs\?month=\d{4}-\d\d$/, `Costs in ${monthIn('en')}`);
  await vm.api('PUT', '/api/v1/config/language', { value: 'de' });
  await open('/help');
  await see('heading', 'Hilfe');
  await found('rückgängig', /\/help#undo$/, 'So geht es: Eine Änderung rückgängig machen');
  await found('urlaub', /\/skills$/, /^Einen Skill /);
  await found('gekostet', /\/costs$/, /^Sehen, was /);
  await found(monthIn('de'), /month=/, `Kosten im ${monthIn('de')}`);
  await vm.api('DELETE', '/api/v1/config/language');
});

it('finds by a whole question what is asked for', async () => {
  await vm.api('POST', '/api/v1/skills', {
    ...{ slug: 'garden', name: 'Garden', isActive: true, triggerType: 'schedule' },
    ...{ triggerConfig: { cron: '30 6 * * *' }, steps: [{ id: 1, prompt: 'Water it', allowedTools: [] }] },
  });
  await open('/');
  await see('heading', /^Good /);
  const found = async (typed: string, place: RegExp, name: string | RegExp) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill(typed);
    await page.getByRole('option', { name }).first().click();
    await page.waitForURL(place);
  };
  await found('raise the cap', /\/settings#spending$/, /^Raise what it may cost/);
  await found('raise the cap', /\/skills\/bill-summary\/edit#limits$/, 'Caps of Bill summary');
  await see('heading', 'Edit Bill summary');
  // One that has no cap is offered where it is named.
  await found('raise the cap of garden', /\/skills\/garden\/edit#limits$/, 'Caps of Garden');
  await found('What did it cost?', /\/costs$/, /^See what it cost/);
  await found('change the mail’s key', /\/connections$/, /^Change the key/);
  await found('get it on my phone', /\/settings#phone$/, /^Have it on your phone/);
  const before = new Date(Date.now() - 6 * 86_400_000).toLocaleDateString('en', {
    weekday: 'long',
    timeZone: console.zone,
  });
  const typed = async (words: string) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill(words);
  };
  await typed('key of odd');
  await page.getByRole('option').first().filter({ hasText: 'Replace constructor (odd)' }).waitFor();
  await page.keyboard.press('Escape');
  await found('change the key of odd', /\/connections\/odd#key-constructor$/, 'Replace constructor (odd)');
  await page.getByLabel('New value').and(page.locator(':focus')).waitFor();
  await press('Leave it as it is');
  await page.waitForURL(/\/connections\/odd$/);
  await found(`find last ${before}’s bill summary`, /skill=bill-summary&from=/, /^Bill summary: /);
  await page.getByText(error).waitFor();
  await vm.api('POST', '/api/v1/skills', {
    ...{ slug: 'old-bills', name: 'Old bills', steps: [{ id: 1, prompt: 'File them', allowedTools: [] }] },
  });
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill(`bill summary ${before}`);
  await page.getByRole('option', { name: /^Bill summary: / }).waitFor();
  // Which has but one of the words.
  expect(await page.getByRole('option', { name: /^Old bills/ }).count()).toBe(0);
  // Nor a day on which nothing ran.
  const idle = new Date(Date.now() - 5 * 86_400_000).toLocaleDateString('en', {
    weekday: 'long',
    timeZone: console.zone,
  });
  await page.getByRole('dialog').getByRole('combobox').fill(`bill summary ${idle}`);
  await page.getByRole('option', { name: /^Bill summary: / }).waitFor({ state: 'detached' });
  await page.getByRole('option', { name: /^What Alfred found out: / }).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await found(before, /\/days\/\d{4}-\d\d-\d\d$/, /^What Alfred found out: /);
  await found('pause the garden skill while away', /\/skills\/garden#pause$/, 'Pause Garden…');
  await press('Pause it');
  await page
    .getByText(/^Paused until /)
    .first()
    .waitFor();
  // The same words wherever it is named, and one day: that on which it starts again.
  const words = await page
    .getByText(/^Paused until /)
    .filter({ visible: true })
    .allInnerTexts();
  expect(new Set(words).size).toBe(1);
  const [said = ''] = words;
  expect(said).toBe(
    `Paused until ${new Date(Date.now() + 7 * 86_400_000).toLocaleDateString('en', { weekday: 'short', day: 'numeric', month: 'short', timeZone: console.zone })}`,
  );
  await open('/skills');
  await page
    .getByRole('link', { name: /^.*Garden.*Paused until / })
    .getByText(said)
    .waitFor();
  await open('/');
  await page
    .getByRole('link', { name: /^Garden.*Paused until / })
    .getByText(said)
    .waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('pause garden');
  await page
    .getByRole('option', { name: /^Resume Garden/ })
    .getByText(said)
    .waitFor();
  expect(await page.getByRole('option', { name: /^Pause Garden/ }).count()).toBe(0);
  await page.getByRole('option', { name: /^Resume Garden/ }).click();
  await page.getByText('Garden starts by its schedule again').waitFor();
  await page.getByRole('link', { name: /^Garden.*Paused/ }).waitFor({ state: 'detached' });
  await press('Undo');
  await page
    .getByRole('link', { name: /^Garden.*Paused/ })
    .getByText(said)
    .waitFor();
});

it('leads to the very cap that a run met, and takes the change back from the message', async () => {
  await open(`/executions/${untold}`);
  await follow('Change its limits');
  const cap = page.getByLabel('One run, in dollars');
  await cap.waitFor();
  await cap.and(page.locator(':focus')).waitFor();
  // What stood there is replaced by what is typed.
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await page.getByText(/^Saved as version \d/).waitFor();
  const saved = async () =>
    (await vm.api('GET', '/api/v1/skills/bill-summary')).body as { maxCostUsd: number };
  expect((await saved()).maxCostUsd).toBe(2);
  await press('Undo');
  await page.getByText(/^Version \d is current again$/).waitFor();
  expect((await saved()).maxCostUsd).toBe(0.5);
});

it('leads from the number of failed runs to them, and from the caps of a skill to their fields', async () => {
  await open('/');
  await page.getByRole('link', { name: /^Failed \d/ }).click();
  await page.waitForURL(/\/executions\?status=failed&from=/);
  await page.getByText(error).first().waitFor();
  await open('/skills/bill-summary');
  await page
    .locator('section', { has: page.getByRole('heading', { name: 'Caps and limits' }) })
    .getByRole('link', { name: 'Change' })
    .click();
  await page.waitForURL(/\/skills\/bill-summary\/edit#limits$/);
  await page.getByLabel('One run, in dollars').and(page.locator(':focus')).waitFor();
});

it('says when a schedule starts by the owner’s clock, and what holds where a skill says nothing', async () => {
  await open('/skills/garden');
  await page.getByText(/^At 6:30 AM \(/).waitFor();
  await page.getByText('rehearsal, as in settings').waitFor();
  await open('/skills/garden/edit');
  await expect
    .poll(() => page.getByLabel('A month, in dollars').getAttribute('placeholder'))
    .toBe('no cap of its own');
  await expect
    .poll(() => page.getByLabel('Time zone').getAttribute('placeholder'))
    .toMatch(/^.+, as in settings$/);
  await open('/settings');
  await page.getByText(/such as “0\u00a03\u00a0\*.+Needs “Encrypted for”\.$/).waitFor();
});

it('has a list of its sections on a phone, by touch and by keyboard, which folds when one is followed', async () => {
  const phone = await console.samePage({ viewport: { width: 390, height: 844 } });
  await phone.goto(new URL('/settings', vm.url).href);
  await phone.getByRole('heading', { name: 'Settings' }).waitFor();
  const list = phone.getByRole('navigation', { name: 'Sections of the settings' });
  const fold = list.getByText('Go to a section');
  await fold.focus();
  await phone.keyboard.press('Enter');
  await list.getByRole('link', { name: 'Access tokens' }).press('Enter');
  await phone.waitForURL(/\/settings#tokens$/);
  await list.getByRole('link', { name: 'Access tokens' }).waitFor({ state: 'hidden' });
  // It stays in sight, and covers nothing of what was gone to.
  const heading = phone.locator('#tokens h2');
  await expect.poll(async () => (await fold.boundingBox())?.y ?? -1).toBeLessThan(60);
  await expect
    .poll(async () => {
      const [bar, title] = [await list.boundingBox(), await heading.boundingBox()];
      return bar && title && title.y >= bar.y + bar.height - 1 && title.y < 844;
    })
    .toBe(true);
  await phone.context().close();
});

it('says that single skills have caps where none is on everything', async () => {
  await open('/costs');
  await vm.api('PATCH', '/api/v1/skills/bill-summary', { maxCostPerDayUsd: 5 });
  const now = new Date();
  const latest = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), -8);
  await insertPastRuns(vm, 'bill-summary', { count: 1, latest, apartMs: 1 });
  await page.reload();
  await page.getByText(/^No cap is set on everything together\. 1 skill has a cap of its own: /).waitFor();
  // And what the month before came to, beside one that may have just begun.
  await page.getByRole('link', { name: /^\w+ \d{4}: \$0\.\d+$/ }).waitFor();
  await follow('see and change the caps');
  await page.waitForURL(/\/settings#spending$/);
  await page
    .locator('#spending')
    .getByRole('link', { name: /^Bill summary/ })
    .click();
  await page.waitForURL(/\/skills\/bill-summary\/edit#maxCostPerDayUsd$/);
});

it('follows on another open page what was paused elsewhere, at once', async () => {
  await open('/');
  const coming = page.getByRole('link', { name: /^Garden/ });
  await coming.getByText(/^Paused until /).waitFor();
  await vm.api('PATCH', '/api/v1/skills/garden', { triggerConfig: { pausedUntil: null } });
  await coming.getByText(/^Paused until /).waitFor({ state: 'detached' });
  const pausedUntil = new Date(Date.now() + 3 * 86_400_000).toISOString();
  await vm.api('PATCH', '/api/v1/skills/garden', { triggerConfig: { pausedUntil } });
  await coming.getByText(/^Paused until /).waitFor();
});

it('raises the cap that a run met at one press, on Home and in Find, and takes it back', async () => {
  const cap = async () =>
    ((await vm.api('GET', '/api/v1/skills/bill-summary')).body as { maxCostUsd: number }).maxCostUsd;
  expect(await cap()).toBe(0.5);
  await open('/');
  await see('heading', /^Good /);
  await press('Raise to $1.00: Bill summary');
  await page.getByText('Raised to $1.00').waitFor();
  expect(await cap()).toBe(1);
  // Once it was raised, there is nothing to raise.
  await page.getByRole('button', { name: /^Raise to / }).waitFor({ state: 'detached' });
  await press('Undo');
  await page.getByText(/^Version \d is current again$/).waitFor();
  expect(await cap()).toBe(0.5);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('raise bill');
  // Enter alone leads to the caps, and raises nothing.
  await page
    .getByRole('option', { name: 'Caps of Bill summary' })
    .and(page.locator('[data-highlighted]'))
    .waitFor();
  await page.getByRole('option', { name: /^Raise one run of Bill summary to \$1\.00/ }).click();
  // What was said of the first time may still stand there.
  await expect.poll(cap).toBe(1);
});

it('raises a cap and runs again what met it, at one press', async () => {
  await vm.api('POST', '/api/v1/skills', {
    ...{ slug: 'heating', name: 'Heating', maxCostUsd: 0.5 },
    steps: [{ id: 1, prompt: 'Look at the heating', allowedTools: [] }],
  });
  const met = await insertUntold('heating');
  // A row that no VM wrote is not run again: what is asked for is all that is looked at.
  let asked: unknown;
  await page.route('**/retry', async (route) => {
    asked = route.request().postDataJSON();
    await route.fulfill({ status: 202, json: { executionId: untold } });
  });
  await open(`/executions/${met}`);
  await press('Raise to $1.00 and run again');
  await page.waitForURL(`**/executions/${untold}`);
  await page.unroute('**/retry');
  expect(asked).toEqual({ from: 'start', version: 'current' });
  expect((await vm.api('GET', '/api/v1/skills/heating')).body).toMatchObject({ version: 2, maxCostUsd: 1 });
});

it('has the field for another key on Home, where a connection with one does not work, and tries it at once', async () => {
  const config = {
    command: process.execPath,
    args: ['-e', ''],
    env: { MAIL_PASSWORD: 'a-secret-of-this-test-4' },
  };
  await vm.api('POST', '/api/v1/connections', { name: 'mail', type: 'mcp_stdio', config });
  await vm.api('POST', '/api/v1/connections/mail/approve', {});
  const mail = async () => (await vm.api('GET', '/api/v1/connections/mail')).body as Record<string, unknown>;
  await vm.api('POST', '/api/v1/connections/mail/test', {});
  await expect.poll(async () => (await mail()).status).toBe('error');
  const { updatedAt: before } = await mail();
  await open('/');
  await page.getByLabel('Another MAIL_PASSWORD of mail').fill('another-secret-of-this-test');
  await page.keyboard.press('Enter');
  await page.getByText('mail does not work with it').waitFor();
  expect(await mail()).toMatchObject({ approved: true, status: 'error' });
  expect((await mail()).updatedAt).not.toBe(before);
  await vm.api('DELETE', '/api/v1/connections/mail');
});

it('replaces a secret from the list of connections, the field ready to be typed into', async () => {
  const sealed = async (name: string) =>
    ((await vm.api('GET', `/api/v1/connections/${name}`)).body as { updatedAt: string }).updatedAt;
  const env = { FIRST_KEY: 'a-secret-of-this-test-2', SECOND_KEY: 'a-secret-of-this-test-3' };
  const config = { command: process.execPath, args: ['-v'], env };
  await vm.api('POST', '/api/v1/connections', { name: 'two-keys', type: 'mcp_stdio', config });
  const before = await sealed('two-keys');
  await open('/connections');
  await press('Replace a secret of two-keys');
  await see('heading', 'Replace FIRST_KEY');
  await page.getByLabel('New value').and(page.locator(':focus')).waitFor();
  await page.getByLabel('Which one').selectOption({ index: 1 });
  await see('heading', 'Replace SECOND_KEY');
  await page.getByLabel('New value').fill('another-secret-of-this-test');
  await page.keyboard.press('Enter');
  await page.getByText('two-keys was changed').waitFor();
  await page.getByLabel('New value').waitFor({ state: 'detached' });
  await expect.poll(() => sealed('two-keys')).not.toBe(before);
});
