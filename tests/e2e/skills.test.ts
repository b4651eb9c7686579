/** Skills as their owner writes them: in a real browser, on a real VM. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ListedSkill } from '../../src/contract/listed-skill.ts';
import type { Skill } from '../../src/contract/skills.ts';
import type { Upcoming } from '../../src/contract/upcoming.ts';
import { type ConsoleOfTest, openConsole } from '../helpers/console.ts';

let console: ConsoleOfTest;
let { vm, page, see, press, open } = {} as ConsoleOfTest;

beforeAll(async () => {
  console = await openConsole();
  ({ vm, page, see, press, open } = console);
});
afterAll(() => console?.close());
afterEach(async ({ task }) => {
  await console.explain(task);
  expect(console.complaints()).toEqual([]);
});

const saved = async (slug: string): Promise<Skill> =>
  (await vm.api('GET', `/api/v1/skills/${slug}`)).body as Skill;
const prompts = ({ steps }: Skill): string[] => steps.map(({ prompt }) => prompt);
/** The field of a label, of the step that stands at a place. */
const inStep = (place: number, label: string) =>
  page
    .getByRole('listitem')
    .filter({ hasText: `Step ${place}` })
    .getByLabel(label);

it('leads a newcomer past a key that does not work, and past what is left out, for good', async () => {
  await page.getByLabel('API key').fill('sk-ant-canary-51b0e6f2a7c98d34');
  await page.getByText('Another model, or another address').click();
  await page.getByLabel('Address').fill('http://127.0.0.1:9');
  await press('Save and try');
  await page
    .getByRole('listitem')
    .getByText(/cannot be reached/)
    .waitFor();
  await page.getByText('0 of 4 done').waitFor();
  // It stands on every page until it answers.
  await open('/skills');
  await page.getByText('The model has not answered').waitFor();
  await open('/');
  await page.getByText('0 of 4 done').waitFor();
  await press('Take it back, and rehearse');
  await page.getByRole('link', { name: 'Connect something' }).waitFor();
  const { body } = await vm.api('GET', '/api/v1/model');
  expect(body).toMatchObject({ rehearsal: true, hasApiKey: false, trouble: null });
  await page.getByText('The model has not answered').waitFor({ state: 'detached' });
  /** What is left out is so here at once, and on the VM a moment later: a page that goes sooner takes that along. */
  const isKept = (steps: string) =>
    expect
      .poll(async () => (await vm.api('GET', '/api/v1/config/guide_skipped')).body)
      .toMatchObject({ value: steps });
  await press('Not now');
  await page.getByRole('link', { name: 'Choose a template' }).waitFor();
  await isKept('model,connection');
  await page.reload();
  await page.getByRole('link', { name: 'Choose a template' }).waitFor();
  await press('Hide this');
  await page.getByText('Getting started').waitFor({ state: 'detached' });
  await isKept('model,connection,skill,run');
  await page.reload();
  await page.getByText('No news yet').waitFor();
  expect(await page.getByText('Getting started').count()).toBe(0);
});

it('completes inputs while they are typed, marks strangers, and describes them as a schema', async () => {
  await open('/skills/write');
  await page.getByLabel('Name', { exact: true }).fill('Letters');
  const prompt = inStep(1, 'What to do');
  await prompt.click();
  await page.keyboard.type('Write to {{person');
  await page.getByRole('option', { name: /person a new input/ }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => prompt.inputValue()).toBe('Write to {{person}}');
  await page.keyboard.type(' about {{topic}} like {{pe');
  const option = page.getByRole('listbox').getByRole('option', { selected: true });
  await option.filter({ hasText: 'person' }).waitFor();
  const id = await option.getAttribute('id');
  await expect.poll(() => prompt.getAttribute('aria-activedescendant')).toBe(id);
  await page.keyboard.press('Tab');
  await expect.poll(() => prompt.inputValue()).toBe('Write to {{person}} about {{topic}} like {{person}}');
  // Once inputs are described, a name that is none of them is a stranger.
  await page.getByText('No input is called topic.').waitFor();
  await press('Add it to the inputs');
  await page.getByText('No input is called').waitFor({ state: 'detached' });
  await page.getByLabel('Type').nth(1).selectOption('choice');
  await page.getByLabel('The choices').fill('rent\nwater');
  await page.getByLabel('required').nth(1).uncheck();
  await press('As JSON Schema');
  expect(JSON.parse(await page.getByLabel('JSON Schema').inputValue())).toEqual({
    type: 'object',
    properties: { person: { type: 'string' }, topic: { type: 'string', enum: ['rent', 'water'] } },
    required: ['person'],
  });
  await press('As fields');
  await press('Save');
  await page.waitForURL(/\/skills\/letters$/);
  expect((await saved('letters')).inputSchema).toEqual({
    type: 'object',
    properties: { person: { type: 'string' }, topic: { type: 'string', enum: ['rent', 'water'] } },
    required: ['person'],
  });
});

it('orders steps by the pointer and by keys, doubles them, and takes a removal back', async () => {
  await open('/skills/letters/edit');
  for (const [place, text] of ['', 'Second', 'Third'].entries()) {
    if (place === 0) continue;
    await press('Add a step');
    await inStep(place + 1, 'What to do').fill(text);
  }
  // With the keyboard: the third becomes the second, and a screen reader is told.
  await page.getByRole('button', { name: 'Drag step 3' }).focus();
  await page.keyboard.press('Space');
  await page.getByText('Step 3 stands over place 3 of 3.').waitFor();
  await page.keyboard.press('ArrowUp');
  await page.getByText('Step 3 stands over place 2 of 3.').waitFor();
  await page.keyboard.press('Space');
  await page.getByText('Step 3 is now step 2 of 3.').waitFor();
  await expect.poll(() => inStep(2, 'What to do').inputValue()).toBe('Third');
  // With the pointer: it goes to the end again. To hover waits until what moved stands still.
  await page.getByRole('button', { name: 'Drag step 2' }).hover();
  await page.mouse.down();
  const to = await page.getByRole('button', { name: 'Drag step 3' }).boundingBox();
  if (!to) throw new Error('The steps are not on the page');
  await page.mouse.move(to.x + 10, to.y + 40, { steps: 8 });
  await page.getByText('Step 2 stands over place 3 of 3.').waitFor();
  await page.mouse.up();
  await page.getByText('Step 2 is now step 3 of 3.').waitFor();
  await expect.poll(() => inStep(3, 'What to do').inputValue()).toBe('Third');
  await page.getByRole('button', { name: 'Duplicate' }).nth(1).click();
  await expect.poll(() => inStep(3, 'What to do').inputValue()).toBe('Second');
  await page.getByRole('button', { name: 'Remove', exact: true }).nth(3).click();
  await press('Undo');
  await press('Save');
  await page.waitForURL(/\/skills\/letters$/);
  expect(prompts(await saved('letters')).slice(1)).toEqual(['Second', 'Second', 'Third']);
});

it('keeps what is not saved from being lost, and puts what the VM says at its field', async () => {
  await open('/skills/letters/edit');
  await page.getByLabel('What it does').fill('Writes letters');
  await page.getByRole('link', { name: 'Vault' }).first().click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stay here' }).click();
  expect(await page.getByLabel('What it does').inputValue()).toBe('Writes letters');
  await page.getByLabel('One run, in dollars').fill('-1');
  await inStep(2, 'Turns of the model').fill('5000');
  await press('Save');
  const describedBy = async (field: ReturnType<typeof inStep>) =>
    await page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`).innerText();
  await expect.poll(() => inStep(2, 'Turns of the model').getAttribute('aria-invalid')).toBe('true');
  expect(await describedBy(inStep(2, 'Turns of the model'))).toMatch(/1000/);
  expect(await page.getByLabel('One run, in dollars').getAttribute('aria-invalid')).toBe('true');
  await page.getByLabel('One run, in dollars').fill('0.5');
  await inStep(2, 'Turns of the model').fill('5');
  // Meanwhile somebody else saves: nothing of theirs is overwritten.
  await vm.api('PATCH', '/api/v1/skills/letters', { description: 'By another' });
  await press('Save');
  await page
    .getByText(/was changed since it was read/)
    .first()
    .waitFor();
  await page.getByRole('link', { name: 'Vault' }).first().click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
  await see('heading', 'Vault');
  expect((await saved('letters')).description).toBe('By another');
  console.complaints();
});

it('leaves out the next time of a schedule, takes that back, and pauses it until a day', async () => {
  const definition = {
    ...{ slug: 'garden', name: 'Garden', steps: [{ id: 1, prompt: 'Water it' }], triggerType: 'schedule' },
    triggerConfig: { cron: '0 7 * * *', timezone: 'UTC' },
  };
  expect((await vm.api('POST', '/api/v1/skills', definition)).status).toBe(201);
  const pausedUntil = async () => (await saved('garden')).triggerConfig.pausedUntil;
  const first = (await saved('garden')).nextRunAt;
  await open('/skills/garden');
  await press('Skip the next');
  await page
    .locator('section')
    .getByText(/^Paused until /)
    .waitFor();
  expect(await pausedUntil()).toBe(first);
  await press('Undo');
  await page
    .locator('section')
    .getByText(/^Paused until /)
    .waitFor({ state: 'detached' });
  expect(await pausedUntil()).toBeUndefined();

  await press('Pause…');
  const day = page.getByLabel('It starts again on');
  await day.fill('2020-01-01');
  await page.getByText('Choose a day to come.').waitFor();
  await press('2 weeks');
  await page.getByText('Choose a day to come.').waitFor({ state: 'detached' });
  await day.fill('2091-12-24');
  await press('Pause it');
  await page
    .locator('section')
    .getByText(/^Paused until /)
    .waitFor();
  expect(String(await pausedUntil())).toMatch(/^2091-12-2[345]T/);
  // An edit of something else leaves it as it is.
  await open('/skills/garden/edit');
  await page.getByLabel('What it does').fill('Every morning');
  await press('Save');
  await page
    .locator('section')
    .getByText(/^Paused until /)
    .waitFor();
  expect(String(await pausedUntil())).toMatch(/^2091-12-2[345]T/);
  await press('Resume');
  await page
    .locator('section')
    .getByText(/^Paused until /)
    .waitFor({ state: 'detached' });
  expect((await saved('garden')).nextRunAt).toBe(first);

  await press('Skip the next');
  await page
    .locator('section')
    .getByText(/^Paused until /)
    .waitFor();
  await press('Duplicate this skill');
  await page.waitForURL(/\/skills\/garden-2\/edit$/);
  expect(await saved('garden-2')).toMatchObject({
    ...{ name: 'Garden (copy)', description: 'Every morning', isActive: false, nextRunAt: null },
    ...{ triggerType: 'schedule', triggerConfig: { cron: '0 7 * * *', timezone: 'UTC' } },
  });
  expect((await saved('garden-2')).triggerConfig.pausedUntil).toBeUndefined();
  // What their own pages still read of them would be missing.
  await open('/skills');
  for (const slug of ['garden', 'garden-2']) await vm.api('DELETE', `/api/v1/skills/${slug}`);
});

it('chooses a schedule in plain words, and shows when it fires while it is written', async () => {
  await open('/skills/letters/edit');
  await page.getByLabel('Trigger').selectOption('a schedule');
  await page.getByLabel('How often').selectOption('every week');
  await page.getByLabel('At', { exact: true }).fill('06:30');
  await page.getByText('Thu', { exact: true }).click();
  await page.getByLabel('Time zone').fill('Asia/Tokyo');
  await page.getByText('At 6:30 AM, only on Monday and Thursday (Asia/Tokyo)').waitFor();
  await expect.poll(() => page.getByRole('row').count()).toBe(6);
  await page.getByRole('columnheader', { name: /^yours: / }).waitFor();
  await page.getByLabel('How often').selectOption('a cron expression of my own');
  await page.getByLabel('Cron expression').fill('0 0 31 2 *');
  await page
    .getByText(/never fires/)
    .first()
    .waitFor();
  await press('Save');
  await page.locator('[aria-invalid=true]').waitFor();
  expect(await page.getByLabel('Cron expression').getAttribute('aria-invalid')).toBe('true');
  await page.getByLabel('Cron expression').fill('*/20 8-18 * * 1-5');
  await page.getByLabel('When the VM was off at that time').selectOption('run once when it is back');
  await page.getByLabel('When the run before is still under way').selectOption('leave that run out');
  await press('Save');
  await page.waitForURL(/\/skills\/letters$/);
  expect((await saved('letters')).triggerConfig).toEqual({
    cron: '*/20 8-18 * * 1-5',
    timezone: 'Asia/Tokyo',
    missed: 'once',
    overlap: 'skip',
  });
  // The previews of what never fires are refused, and the browser reports that of itself.
  expect(console.complaints().filter((text) => !text.includes('422'))).toEqual([]);
});

it('makes a webhook whose secret is shown once, with a call that works', async () => {
  await open('/skills/write');
  await page.getByLabel('Name', { exact: true }).fill('Deliveries');
  await inStep(1, 'What to do').fill('Say what came: {{body}}');
  await page.getByLabel('Trigger').selectOption('a webhook');
  await press('Save');
  const dialog = page.getByRole('dialog');
  const command = await dialog.locator('pre').innerText();
  expect(await dialog.getByText(/^whsec_/).innerText()).not.toBe('');
  const { stdout } = await promisify(execFile)('bash', ['-c', `${command} --silent`]);
  const { executionId } = JSON.parse(stdout) as { executionId: string };
  // A click beside it, or Escape, would lose what is shown once.
  await page.mouse.click(5, 5);
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'I have saved it' }).click();
  await page.waitForURL(/\/skills\/deliveries$/);
  expect((await vm.api('GET', `/api/v1/executions/${executionId}`)).body).toMatchObject({
    trigger: 'webhook',
  });
  // Another save keeps the secret.
  const { triggerConfig } = await saved('deliveries');
  await open('/skills/deliveries/edit');
  await page.getByLabel('What it does').fill('Takes deliveries');
  await press('Save');
  await page.waitForURL(/\/skills\/deliveries$/);
  expect((await saved('deliveries')).triggerConfig).toEqual(triggerConfig);

  // Nobody is named who calls; of an earlier version it says whose it is.
  await page.getByText('When another program calls').waitFor();
  await page.getByRole('button', { name: /^1 ?made, by you/ }).waitFor();

  // A sender is picked by its name, and says what is clicked there.
  await open('/skills/deliveries/edit');
  await press('Choose the sender');
  await page.getByLabel('Find a sender').fill('whats');
  await page.getByLabel('WhatsApp').check();
  await press('Done');
  await page.getByText('What to do at Meta').waitFor();
  await page.getByLabel('Its secret').fill('the-app-secret-of-a-test');
  await page.getByLabel('Verify token').fill('my word');
  await press('Save');
  await page.waitForURL(/\/skills\/deliveries$/);
  expect((await saved('deliveries')).triggerConfig).toMatchObject({
    ...{ auth: 'meta', secret: { sealed: true } },
    verifyToken: expect.stringMatching(/^sha256:/),
  });
  await page.getByText('When Meta calls').waitFor();
});

it('runs with a form of every kind of input, and remembers what was filled in', async () => {
  const made = await vm.api('POST', '/api/v1/skills', {
    slug: 'all-kinds',
    name: 'All kinds',
    steps: [{ id: 1, prompt: 'Use it', allowedTools: [] }],
    inputSchema: {
      type: 'object',
      properties: {
        text: { type: 'string' },
        count: { type: 'integer' },
        loud: { type: 'boolean' },
        size: { type: 'string', enum: ['small', 'large'] },
        day: { type: 'string', format: 'date' },
        names: { type: 'array', items: { type: 'string' } },
        place: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
      required: ['text', 'place'],
    },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await open('/skills/all-kinds');
  await press('Run');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Count').fill('3');
  await dialog.getByLabel('Loud').selectOption('no');
  await dialog.getByLabel('Size').selectOption('large');
  await dialog.getByLabel('Day').fill('2027-02-03');
  await dialog.getByLabel('Names').fill('Ada\nGrace');
  await dialog.getByLabel('Place').fill('{city: "Ulm"}');
  await dialog.getByRole('button', { name: 'Rehearse' }).click();
  await dialog.getByText('It needs this.').waitFor();
  await dialog.getByText('This is not JSON').waitFor();
  await dialog.getByLabel('Text').fill('hello');
  await dialog.getByLabel('Place').fill('{"town": "Ulm"}');
  await dialog.getByRole('button', { name: 'Rehearse' }).click();
  // What only the VM knows stands at the field, too.
  await dialog.getByText(/city/).first().waitFor();
  await dialog.getByLabel('Place').fill('{"city": "Ulm"}');
  await dialog.getByRole('button', { name: 'Rehearse' }).click();
  await page.waitForURL(/\/executions\/[0-9a-f-]{36}$/);
  const id = page.url().split('/').at(-1);
  const input = {
    text: 'hello',
    count: 3,
    loud: false,
    size: 'large',
    day: '2027-02-03',
    names: ['Ada', 'Grace'],
    place: { city: 'Ulm' },
  };
  expect((await vm.api('GET', `/api/v1/executions/${id}`)).body).toMatchObject({ input });
  await open('/skills/all-kinds?run=true');
  await dialog.getByText('Filled in from the last run').waitFor();
  await expect.poll(() => dialog.getByLabel('Names').inputValue()).toBe('Ada\nGrace');
  await dialog.getByRole('button', { name: 'Start afresh' }).click();
  await expect.poll(() => dialog.getByLabel('Text').inputValue()).toBe('');
  await open('/skills');
  await page
    .getByRole('link', { name: /All kinds/ })
    .getByText(/succeeded|running|queued/)
    .waitFor();
  const { items } = (await vm.api('GET', '/api/v1/skills')).body as { items: ListedSkill[] };
  expect(items.find(({ slug }) => slug === 'all-kinds')?.lastRun).toMatchObject({
    executionId: id,
    mode: 'rehearsal',
  });
  expect(items.find(({ slug }) => slug === 'letters')?.lastRun).toBeNull();
  expect(console.complaints().filter((text) => !text.includes('422'))).toEqual([]);
});

it('gives a skill out as a file, and takes one that is dropped', async () => {
  await open('/skills/all-kinds');
  const [download] = await Promise.all([page.waitForEvent('download'), press('Export as SKILL.md')]);
  expect(download.suggestedFilename()).toBe('SKILL.md');
  const text = (await readFile(await download.path(), 'utf8')).replace(/All kinds/g, 'Every kind');
  await open('/skills');
  // The frame stands before the page does, and takes nothing.
  await page.getByRole('heading', { name: 'Skills', exact: true }).waitFor();
  const data = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([${JSON.stringify(text)}], 'SKILL.md', { type: 'text/markdown' }));
    return transfer;
  })()`);
  // Over and over, as browsers say it while something is held there: the first time the page may not listen yet.
  await expect
    .poll(async () => {
      await page.dispatchEvent('main', 'dragover', { dataTransfer: data });
      return await page.getByText('Drop the SKILL.md').count();
    })
    .toBe(1);
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
  const preview = page.getByRole('dialog');
  await preview.getByText('There is a skill of this name').waitFor();
  if (process.env.ALFRED_SHOTS)
    await page.screenshot({ path: `${process.env.ALFRED_SHOTS}/skill-import.png` });
  await preview.getByRole('button', { name: 'Save as a new version' }).click();
  await page.waitForURL(/\/skills\/all-kinds$/);
  expect(await saved('all-kinds')).toMatchObject({ name: 'Every kind', version: 2 });
  await page.getByRole('button', { name: /^1 / }).click();
  await page.locator('ins', { hasText: 'Every' }).first().waitFor();
  expect(console.complaints()).toEqual([]);
});

it('finds skills by their tags, and shows what their schedules bring', async () => {
  const daily = { triggerType: 'schedule', triggerConfig: { cron: '0 7 * * *' } };
  const steps = [{ id: 1, prompt: 'Look', allowedTools: [] }];
  await vm.api('POST', '/api/v1/skills', { slug: 'rent', name: 'Pay the rent', steps, ...daily });
  await vm.api('POST', '/api/v1/skills', {
    slug: 'lawn',
    name: 'Water the lawn',
    steps,
    ...daily,
    tags: ['garden'],
  });
  await open('/skills/rent/edit');
  await page.getByLabel('Tags').fill('money, a tag, with / in it');
  await press('Save');
  await page.getByText('use up to 30 letters, digits, spaces and hyphens').first().waitFor();
  await page.getByLabel('Tags').fill('money, monthly');
  await press('Save');
  await page.waitForURL(/\/skills\/rent$/);
  expect((await saved('rent')).tags).toEqual(['money', 'monthly']);
  await page.getByRole('link', { name: 'monthly' }).click();
  await page.waitForURL(/\/skills\?tag=monthly$/);
  const list = page.getByRole('region', { name: 'Skills' });
  await list.getByText('Pay the rent').waitFor();
  await list.getByText('Water the lawn').waitFor({ state: 'detached' });
  await page.getByRole('navigation', { name: 'Tags' }).getByRole('link', { name: 'garden' }).click();
  await list.getByText('Water the lawn').waitFor();
  await list.getByText('Pay the rent').waitFor({ state: 'detached' });

  const { items } = (await vm.api('GET', '/api/v1/schedules/upcoming')).body as Upcoming;
  const pausedUntil = items.find(({ slug }) => slug === 'lawn')?.times.at(-1)?.at;
  await vm.api('PATCH', '/api/v1/skills/lawn', { triggerConfig: { pausedUntil } });
  await page.getByRole('link', { name: 'What comes' }).click();
  await see('heading', 'What comes');
  // Where there is room, a calendar of weeks: today is marked, and each day is told whole when it is chosen.
  const calendar = page.getByRole('table', { name: 'What comes, week by week' });
  await calendar.waitFor();
  expect(await calendar.getByRole('columnheader').count()).toBe(7);
  expect(await calendar.locator('[aria-current="date"]').count()).toBe(1);
  await calendar
    .getByRole('link', { name: /left out Water the lawn$/ })
    .first()
    .waitFor();
  const paid = calendar.getByRole('cell').filter({ has: page.getByRole('link', { name: /Pay the rent$/ }) });
  await paid.last().getByRole('button').first().press('Enter');
  // By the owner's clock, as the times beside it.
  await page.getByRole('link', { name: /^Pay the rent At 7:00 AM \(/ }).waitFor();
  // On a phone a list of the days of a week.
  await page.setViewportSize({ width: 390, height: 844 });
  await page
    .getByRole('link', { name: /^Water the lawn Paused until/ })
    .first()
    .waitFor();
  const days = page.getByRole('link', { name: /^Pay the rent/ });
  await expect.poll(() => days.count()).toBe(items.find(({ slug }) => slug === 'rent')?.times.length);
  await page.setViewportSize({ width: 1280, height: 900 });
  const told = await vm.cli(['skill', 'calendar']);
  expect(told.stdout).toMatch(/Pay the rent/);
  expect(told.stdout).toMatch(/Water the lawn \(paused\)/);
  expect((await vm.cli(['skill', 'list', '--tag', 'garden'])).stdout).not.toContain('rent');
  expect((await vm.cli(['skill', 'tag', 'lawn', '--none'])).stdout).toContain('no tags');
  expect(console.complaints().filter((text) => !text.includes('422'))).toEqual([]);
});
