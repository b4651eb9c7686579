/** Skills as their owner writes them: in a real browser, on a real VM. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Skill } from '../../src/contract/skills.ts';
import { type ConsoleOfTest, openConsole } from '../helpers/console.ts';

vi.setConfig({ testTimeout: 180_000 });

let console: ConsoleOfTest;
let { vm, page, see, press, open } = {} as ConsoleOfTest;

beforeAll(async () => {
  console = await openConsole();
  ({ vm, page, see, press, open } = console);
});
afterAll(() => console?.close());
afterEach(() => expect(console.complaints()).toEqual([]));

const saved = async (slug: string): Promise<Skill> =>
  (await vm.api('GET', `/api/v1/skills/${slug}`)).body as Skill;
const prompts = ({ steps }: Skill): string[] => steps.map(({ prompt }) => prompt);
/** The field of a label, of the step that stands at a place. */
const inStep = (place: number, label: string) =>
  page
    .getByRole('listitem')
    .filter({ hasText: `Step ${place}` })
    .getByLabel(label);

it('completes inputs while they are typed, marks strangers, and describes them as a schema', async () => {
  await open('/skills/write');
  await page.getByLabel('Name', { exact: true }).fill('Letters');
  const prompt = inStep(1, 'What to do');
  await prompt.click();
  await page.keyboard.type('Write to {{person');
  await page.getByRole('option', { name: /person a new input/ }).waitFor();
  await page.keyboard.press('Enter');
  expect(await prompt.inputValue()).toBe('Write to {{person}}');
  await page.keyboard.type(' about {{topic}} like {{pe');
  const option = page.getByRole('listbox').getByRole('option', { selected: true });
  await option.filter({ hasText: 'person' }).waitFor();
  expect(await prompt.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'));
  await page.keyboard.press('Tab');
  expect(await prompt.inputValue()).toBe('Write to {{person}} about {{topic}} like {{person}}');
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
  expect(await inStep(2, 'What to do').inputValue()).toBe('Third');
  // With the pointer: it goes to the end again.
  const from = await page.getByRole('button', { name: 'Drag step 2' }).boundingBox();
  const to = await page.getByRole('button', { name: 'Drag step 3' }).boundingBox();
  if (!from || !to) throw new Error('The steps are not on the page');
  await page.mouse.move(from.x + 10, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(to.x + 10, to.y + 40, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => inStep(3, 'What to do').inputValue()).toBe('Third');
  await page.getByRole('button', { name: 'Duplicate' }).nth(1).click();
  expect(await inStep(3, 'What to do').inputValue()).toBe('Second');
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
  await page.getByRole('alert').first().waitFor();
  const describedBy = async (field: ReturnType<typeof inStep>) =>
    await page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`).innerText();
  expect(await inStep(2, 'Turns of the model').getAttribute('aria-invalid')).toBe('true');
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
