/** Core's own page, in a real browser: the operator's, and a user's. */
import { hash } from 'bcryptjs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { lookForAlerts } from '../../core/alerts/look-for-alerts.ts';
import { openBrowser } from '../helpers/browser.ts';
import { createTestCore, type TestCore } from '../helpers/core.ts';
import { expectGoodLook, looks } from '../helpers/looks.ts';

let core: TestCore;
let browser: Browser;
let page: Page;
let invitation = '';
let complaints: string[] = [];

beforeAll(async () => {
  const channel = { name: 'webhook', to: 'https://alerts.example', send: async () => {} } as const;
  [core, browser] = await Promise.all([createTestCore({ channels: [channel] }), openBrowser()]);
  page = await newPage();
});
afterAll(async () => {
  await browser?.close();
  await core?.close();
});
afterEach(() => {
  expect(complaints).toEqual([]);
  complaints = [];
});

async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-US',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(60_000);
  const made = await context.newPage();
  made.on('pageerror', (error) => complaints.push(String(error)));
  made.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
  });
  await made.goto(core.url);
  return made;
}
/** The first VM's line, and what its menu does. */
const vmRow = () => page.getByRole('list', { name: 'VMs' }).getByRole('listitem').first();
async function act(name: string): Promise<void> {
  await vmRow()
    .getByRole('button', { name: /^What can be done/ })
    .click();
  await page.getByRole('menuitem', { name }).click();
}
const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();

it('lets the operator in with the token, and says where it is', async () => {
  await press('I run this Core');
  await page.getByText('$CORE_HOME/admin-token').waitFor();
  await page.getByLabel('Operator’s token').fill('core_wrong');
  await press('Sign in');
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Operator’s token').fill(core.adminToken);
  await press('Sign in');
  await page.getByText('No VM yet').waitFor();
  expect(await page.evaluate('JSON.stringify(localStorage) + JSON.stringify(sessionStorage)')).toBe('{}{}');
});

it('adds a user, and enrols a VM for them with a token that is shown once', async () => {
  await page.getByLabel('New user’s login').fill('ada');
  await press('Invite');
  await page.getByText('ada', { exact: true }).first().waitFor();
  invitation = await page.getByText(/#link=link_[\w-]{43}$/).innerText();
  await press('Done');
  await press('Enrol a VM');
  await page.getByRole('dialog').getByLabel('Name').fill('Bern');
  await page.getByLabel('For').selectOption('ada');
  await press('Make a token');
  const token = await page.getByText(/^enrol_[\w-]{43}$/).innerText();
  await page.getByText(`npx alfred core link ${core.url}`).waitFor();
  const request = { enrollmentToken: token, authSecretHash: await hash('x'.repeat(43), 8) };
  expect((await core.send('POST', '/v1/vms', request, null)).status).toBe(201);
  await press('Done');
  await page.getByText(token).waitFor({ state: 'detached' });
  await page.reload();
  await vmRow().getByText('Bern').waitFor();
  await page.getByText('enrolled, no report yet').waitFor();
});

it('shows the three numbers of a month, and who has gone silent', async () => {
  const month = page.getByLabel('Month');
  const shown = await month.inputValue();
  await core.db.pool.query(
    "INSERT INTO daily_totals SELECT id, $1::date, '00000000-0000-0000-0000-000000000000', 1204, 9200000, 45100000 FROM vms",
    [`${shown}-01`],
  );
  await core.db.pool.query(
    `UPDATE vms SET last_report_at = now() - interval '5 days', created_at = now() - interval '7 months'`,
  );
  await page.reload();
  await page.getByText('silent for 5 days').waitFor();
  await page.getByText('1 VM, 1 silent').waitFor();
  // Also when another month has begun since.
  await month.selectOption(shown);
  await expect.poll(() => vmRow().innerText()).toMatch(/1,204[\s\S]*2 h 33 min[\s\S]*45\.1M/);
  await month.selectOption({ index: 5 });
  await vmRow().getByText('0 executions', { exact: true }).waitFor();
  await month.selectOption({ index: 0 });
});

it('renames, suspends after asking, and lets in again', async () => {
  await act('Rename or hand over');
  await page.getByRole('textbox', { name: 'Name' }).fill('Bern second floor');
  await press('Save');
  await vmRow().getByText('Bern second floor').waitFor();
  await act('Suspend');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Suspend' }).click();
  await page.getByText('suspended', { exact: true }).waitFor();
  await act('Let in again');
  await page.getByText('silent for 5 days').waitFor();
});

it('finds what is looked for, and hands out a token with a role', async () => {
  await page.getByLabel('Find a VM').fill('nobody at all');
  await page.getByText('Nothing like that').waitFor();
  await press('Show all VMs');
  await page.getByLabel('Which').selectOption('silent');
  await vmRow().getByText('Bern second floor').waitFor();
  await page.getByLabel('Which').selectOption('all');
  await page.getByLabel('New token’s name').fill('the books');
  await press('Make a token');
  const token = await page.getByText(/^core_[\w-]{43}$/).innerText();
  expect((await core.send('GET', '/v1/session', undefined, `Bearer ${token}`)).body).toMatchObject({
    role: 'billing',
  });
  await page.getByText('the books', { exact: true }).first().waitFor();
  const number = page.getByLabel('Customer number of ada');
  await number.fill('K-77');
  await number.blur();
  await page.getByText('ada · K-77').first().waitFor({ state: 'attached' });
});

it('shows one VM’s history as a chart, read by the keyboard, and what it does wrong', async () => {
  await page.keyboard.press('Escape');
  await core.db.pool.query(
    "UPDATE vms SET refused_at = now(), refused_because = 'E_VALIDATION executions', last_report_at = now() - interval '5 days'",
  );
  await page.reload();
  await page.getByRole('button', { name: /^Bern second floor/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('its report does not fit: executions').waitFor();
  await dialog.getByLabel('Span of time').selectOption('12 months');
  await dialog.getByRole('button', { name: /Tokens/ }).click();
  const chart = dialog.getByRole('slider', { name: 'Tokens by month' });
  await chart.focus();
  await page.keyboard.press('Home');
  const bars: string[] = [];
  for (let bar = 0; bar < 12; bar++) {
    bars.push((await chart.getAttribute('aria-valuetext')) ?? '');
    await page.keyboard.press('ArrowRight');
  }
  expect(bars.filter((words) => words.includes(': 1,204 executions, 2 h 33 min'))).toHaveLength(1);
  expect(bars.filter((words) => words.includes(': 0 executions'))).toHaveLength(11);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await core.db.pool.query('UPDATE vms SET refused_at = NULL');
});

it('does a thing to many VMs at once, by the keyboard and after asking', async () => {
  await core.db.pool.query(
    `INSERT INTO vms (id, label, auth_secret_hash, last_report_at)
     SELECT gen_random_uuid(), 'Zug ' || n, '$2b$10$' || repeat('a', 53), now() FROM generate_series(1, 4) AS n`,
  );
  await page.reload();
  await page.getByRole('button', { name: 'Name', exact: true }).click();
  await page.getByRole('checkbox', { name: /^Choose Zug 1/ }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('3 VMs chosen').waitFor();
  const bar = page.getByRole('toolbar');
  await bar.getByRole('button', { name: 'Suspend' }).click();
  const asked = page.getByRole('alertdialog');
  await asked.getByText('Zug 1, Zug 2, Zug 3').waitFor();
  await asked.getByRole('button', { name: 'Suspend' }).press('Enter');
  await page.getByText('Done with 3 VMs').waitFor();
  await page.getByText('5 VMs, 1 silent, 3 suspended').waitFor();
  await bar.waitFor({ state: 'detached' });
  await page.getByRole('checkbox', { name: /^Choose Zug 4/ }).focus();
  await page.keyboard.press('Control+a');
  await page.getByText('5 VMs chosen').waitFor();
  await page.keyboard.press('Escape');
  await bar.waitFor({ state: 'detached' });
});

it('shows the columns that are wanted, and corrects a bill', async () => {
  await press('Columns');
  await page.getByRole('menuitemcheckbox', { name: 'Enrolled' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Duration' }).click();
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('button', { name: 'Enrolled', exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Duration', exact: true }).count()).toBe(0);
  await page.getByLabel('Find a VM').fill('Bern');
  await page.getByText('1 VM, 1 silent').waitFor();
  await act('Correct its bill');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Tokens').fill('-100000');
  await dialog.getByLabel('Why').fill('an outage');
  await dialog.getByRole('button', { name: 'Correct it' }).click();
  await page.getByText('The bill is corrected').waitFor();
  const { rows } = await core.db.pool.query('SELECT kind, tokens, note FROM entries');
  expect(rows).toEqual([{ kind: 'correction', tokens: '-100000', note: 'an outage' }]);
  await page.getByLabel('Find a VM').fill('');
});

it('shows what is to be seen to, to whom it is told, and sends a test', async () => {
  await lookForAlerts(core.db, ['webhook']);
  await core.db.pool.query("UPDATE alert_watch SET since = now() - interval '8 hours'");
  await lookForAlerts(core.db, ['webhook']);
  await page.reload();
  const alerts = page.getByRole('list', { name: 'Alerts' });
  await alerts.getByText('Bern second floor').waitFor();
  await alerts.getByText('no report for two days').waitFor();
  await alerts.getByText(/^last report [A-Z]/).waitFor();
  // What helps stands behind its name.
  await alerts.getByRole('button', { name: 'Bern second floor' }).click();
  await page.getByRole('dialog').getByText('or cannot reach Core').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('Webhook https://alerts.example, 1 message waiting').waitFor();
  await press('Send a test');
  await page.getByText('The test was taken by https://alerts.example.').waitFor();
});

it('says what is to be looked into before all that is well, and asks before what is for good', async () => {
  await core.db.pool.query("UPDATE vms SET clock_off_at = now() WHERE label = 'Zug 4'");
  await page.reload();
  await page.getByText('5 VMs, 1 silent, 1 to look into, 3 suspended').waitFor();
  await page.getByLabel('Which').selectOption('What needs somebody (5)');
  await page.getByText('its clock is off, reported').first().waitFor();
  await page.getByLabel('Which').selectOption('all');
  await core.db.pool.query('UPDATE vms SET clock_off_at = NULL');
  await page.getByLabel('New user’s login').fill('ruth@example.org');
  await page.getByLabel('Who they are').selectOption('billing');
  await press('Invite');
  const link = page.getByRole('dialog');
  await link.getByText('This Core sends no mail').waitFor();
  // It is shown this once: no key and no click beside it closes it.
  await page.keyboard.press('Escape');
  await link.getByRole('button', { name: 'Done' }).click();
  const ruth = page.getByRole('listitem').filter({ hasText: 'ruth@example.org' });
  await ruth.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await ruth.waitFor({ state: 'detached' });
  const closing = page.getByRole('button', { name: /^Close / });
  const name = (await closing.first().getAttribute('aria-label')) ?? '';
  await closing.first().click();
  const asked = page.getByRole('alertdialog');
  await asked.getByText('1 VM is silent and may still have something to report of it').waitFor();
  await asked.getByRole('button', { name }).click();
  await page.getByText(`${name.replace('Close ', '')} is closed`).waitFor();
  await closing.filter({ hasText: name }).waitFor({ state: 'detached' });
  await page.getByText('What Core can never see').waitFor();
  const acts = page.getByRole('list', { name: 'Acts' });
  await acts.getByRole('listitem').filter({ hasText: 'admin-token closed a month' }).waitFor();
});

it('is drawn by a browser whose language has an odd name', async () => {
  const odd = await newPage();
  await odd.addInitScript(
    "Object.defineProperty(navigator, 'languages', { get: () => ['en-US@posix', 'en'] })",
  );
  await odd.reload();
  await odd.getByRole('heading', { name: 'Alfred Core' }).waitFor();
  await odd.context().close();
});

it('is accessible, and fits on a phone', async () => {
  const { cookies } = await page.context().storageState();
  for (const look of looks) {
    const other = await newPage({ ...look, storageState: { cookies, origins: [] } });
    await other.getByText('Bern second floor').first().waitFor();
    await expectGoodLook(other, `fleet-${look.colorScheme}`);
  }
});

it('takes who is invited in, by a link that works once and does not stay in the address', async () => {
  const guest = await newPage();
  await guest.goto(invitation);
  await guest.getByLabel('Your password').fill('a long password');
  await guest.getByRole('button', { name: 'Set it and sign in' }).click();
  await guest.getByRole('heading', { name: 'Fleet' }).waitFor();
  expect(guest.url()).not.toContain('link');
  await guest.getByRole('heading', { name: 'Your sign-in' }).waitFor();
  const again = await newPage();
  await again.goto(invitation);
  await again.getByLabel('Your password').fill('a longer password');
  await again.getByRole('button', { name: 'Set it and sign in' }).click();
  await again.getByRole('alert').getByText('The link was used').waitFor();
  await guest.context().close();
  await expectGoodLook(again, 'fleet-welcome');
});

it('signs in with a passkey that the page made', async () => {
  const own = await newPage();
  const device = await own.context().newCDPSession(own);
  await device.send('WebAuthn.enable');
  await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await own.goto(`http://localhost:${new URL(core.url).port}/`);
  const click = (name: string) => own.getByRole('button', { name }).click();
  await own.getByLabel('Login').fill('ada');
  await own.getByLabel('Password').fill('a long password');
  await own.getByRole('button', { name: 'Sign in', exact: true }).click();
  await own.getByLabel('New passkey’s name').fill('Laptop');
  await click('Add a passkey');
  await own.getByRole('list', { name: 'Passkeys' }).getByText('Laptop').waitFor();
  await click('Sign out');
  await click('Sign in with a passkey');
  await own.getByRole('list', { name: 'Passkeys' }).getByText('Laptop').waitFor();
  await expectGoodLook(own, 'fleet-account');
  const phone = await newPage(looks[1]);
  await phone.goto(`http://localhost:${new URL(core.url).port}/`);
  await phone.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
  await expectGoodLook(phone, 'fleet-sign-in');
});

it('shows a user their own VMs and nothing of others’', async () => {
  await press('Sign out');
  // The operator's page has fields of the same names.
  await page.getByRole('button', { name: 'I run this Core' }).waitFor();
  await page.getByLabel('Login', { exact: true }).fill('ada');
  await page.getByLabel('Password', { exact: true }).fill('a long password');
  await press('Sign in');
  await page.getByText('Bern second floor').waitFor();
  expect(await page.getByText('Users').count()).toBe(0);
  await page.getByRole('button', { name: /^What can be done/ }).click();
  await expect.poll(() => page.getByRole('menuitem').allInnerTexts()).toEqual(['Rename']);
});
