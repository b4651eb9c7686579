/** Talking to Alfred in the console: a real browser, a real VM, a real server of files; the model is a scripted endpoint. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ConsoleOfTest, openConsole } from '../helpers/console.ts';
import { type MessagesApi, startMessagesApi, userTextOf } from '../helpers/messages-api.ts';
import type { Script } from '../helpers/messages-api-script.ts';

let model: MessagesApi;
let console: ConsoleOfTest;
let { vm, page, see, press, follow, open, samePage } = {} as ConsoleOfTest;

beforeAll(async () => {
  model = await startMessagesApi(() => ({ text: 'Nothing is scripted.' }));
  console = await openConsole();
  ({ vm, page, see, press, follow, open, samePage } = console);
  for (const [key, value] of [
    ['model_base_url', model.url],
    ['anthropic_api_key', 'sk-ant-canary-5d1f7c0a9b3e2468'],
    ['model', 'claude-sonnet-5-5'],
  ]) {
    expect((await vm.api('PUT', `/api/v1/config/${key}`, { value })).status).toBeLessThan(300);
  }
});
afterAll(async () => {
  await console?.close();
  await model?.close();
});
afterEach(async ({ task }) => {
  await console.explain(task);
  expect(console.complaints()).toEqual([]);
});

const composer = (on: Page = page) => on.getByRole('textbox', { name: 'Message to Alfred' });
const answers = (on: Page = page) => on.getByRole('article', { name: 'Answer' });

async function say(text: string, on: Page = page): Promise<void> {
  await composer(on).fill(text);
  await composer(on).press('Enter');
}

/** An answer that goes on until it is stopped. */
const endless: Script = () => ({
  content: Array.from({ length: 2000 }, (_, index) => ({ text: `Word ${index} and on. ` })),
  eventDelayMs: 40,
});

it('begins with three things to try, and answers in Markdown', async () => {
  model.setScript(({ body }) => ({
    text: `You said **${userTextOf(body).split('\n')[0]}**.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\`\`\`\nlet code;\n\`\`\``,
  }));
  await open('/');
  await page.getByRole('link', { name: 'Chat' }).first().click();
  await see('heading', 'What shall Alfred do?');
  await expect
    .poll(() => page.getByRole('list', { name: 'Three things to try' }).getByRole('button').count())
    .toBe(3);
  await composer().press('Shift+Enter');
  await expect.poll(() => composer().inputValue()).toBe('\n');
  await say('Good morning');
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}$/);
  await page.locator('strong', { hasText: 'Good morning' }).waitFor();
  await page.locator('td', { hasText: '2' }).waitFor();
  await see('heading', 'Good morning');
  // What it cost, and what stands behind it.
  await answers().getByText('under $0.001').waitFor();
  await answers().getByRole('link', { name: 'What it did' }).click();
  await page.waitForURL(/\/executions\/[0-9a-f-]{36}$/);
  await page.getByText('succeeded', { exact: true }).first().waitFor();
  await page.goBack();
  await page.locator('strong', { hasText: 'Good morning' }).waitFor();
});

it('keeps what is written over a reload', async () => {
  await composer().fill('Half a thought');
  await page.reload();
  await page.locator('strong', { hasText: 'Good morning' }).waitFor();
  await expect.poll(() => composer().inputValue()).toBe('Half a thought');
  await composer().fill('');
});

it('makes another version of an edited message and of an answer, and shows each', async () => {
  await page.getByText('Good morning', { exact: true }).last().hover();
  await press('Edit and send again');
  await page.getByRole('textbox', { name: 'The message, to be changed' }).fill('Good evening');
  await press('Send again');
  await page.locator('strong', { hasText: 'Good evening' }).waitFor();
  await page.getByText('2 of 2').waitFor();
  await press('The version before');
  await page.locator('strong', { hasText: 'Good morning' }).waitFor();
  await press('Try again');
  await page.locator('article[aria-busy="true"]').waitFor({ state: 'detached' });
  await answers().getByText('2 of 2').waitFor();
  // It stands so for whoever comes next.
  await page.reload();
  await answers().getByText('2 of 2').waitFor();
});

it('streams, goes on in a second tab and after a reload in mid-answer, and stops', async () => {
  model.setScript(endless);
  await open('/chat');
  await say('Tell me something long');
  await answers().getByText('Word 3 and').waitFor();
  const second = await samePage({});
  await second.goto(page.url());
  await answers(second).getByText('Word 3 and').waitFor();
  await page.reload();
  await answers().getByText('Word 3 and').waitFor();
  await answers().getByText('Word 9 and').waitFor();
  // What is sent meanwhile waits its turn, and can be taken back.
  await say('And then?');
  await page.getByText('It waits its turn.').waitFor();
  await second.getByText('It waits its turn.').waitFor();
  await press('Take it back');
  await page.getByText('It waits its turn.').waitFor({ state: 'detached' });
  await second.getByText('It waits its turn.').waitFor({ state: 'detached' });
  await expect.poll(() => composer().inputValue()).toBe('And then?');
  await composer(second).press('Escape');
  await page.getByText('Stopped.').waitFor();
  await second.getByText('Stopped.').waitFor();
  // How long it took is told last of all.
  await answers()
    .last()
    .getByText(/^\d.* · \$/)
    .waitFor();
  const said = await answers().last().innerText();
  expect(said).toContain('Word 9 ');
  model.setScript(() => ({ text: 'It ended well.' }));
  await composer().press('Enter');
  await page.getByText('It ended well.').waitFor();
  await second.getByText('It ended well.').waitFor();
  expect(await answers().first().innerText()).toBe(said);
  await second.context().close();
});

it('shows the calls of an answer, and asks in place before one that may change something', async () => {
  model.setScript(({ body }) =>
    JSON.stringify(body.messages).includes('"tool_result"')
      ? { text: 'It is written.' }
      : {
          text: 'I look, and write.',
          toolCalls: [
            { name: 'mcp__files__list_directory', input: { path: 'bills' } },
            { name: 'mcp__files__write_file', input: { path: 'note.txt', content: 'Pay the garage' } },
          ],
        },
  );
  await open('/chat');
  await say('Write a note');
  await page.getByText('wants to do this with').waitFor();
  await page.getByText('As it is sent').click();
  expect(JSON.parse(await page.locator('pre', { hasText: 'note.txt' }).innerText())).toEqual({
    ...{ path: 'note.txt', content: 'Pay the garage' },
  });
  // It survives a reload, and is decided by the keyboard.
  await page.reload();
  await page.getByText('wants to do this with').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('It is written.').waitFor();
  // What waits for a person is told apart from what is said.
  await page.getByText('wants to do this with').waitFor({ state: 'detached' });
  await page.locator('summary', { hasText: 'list_directory' }).click();
  await page.getByText('How its answer begins').waitFor();
});

it('names a skill behind a slash, and takes what is attached', async () => {
  model.setScript(() => ({ text: 'Seen.' }));
  await open('/chat');
  await composer().pressSequentially('/hou');
  await page.getByRole('option', { name: '/house-report' }).waitFor();
  await composer().press('Enter');
  await expect.poll(() => composer().inputValue()).toBe('/house-report ');
  // One that is mistyped stays where it was written, and no model is paid to say that there is none.
  const asked = model.requests.length;
  await say('/house-reprot');
  await page
    .getByText('There is no command or skill called /house-reprot. Nearest: /house-report.')
    .waitFor();
  await page.getByText('//house-reprot').waitFor();
  await expect.poll(() => composer().inputValue()).toBe('/house-reprot');
  expect(model.requests.length).toBe(asked);
  expect(console.complaints()).toEqual([expect.stringContaining('422')]);
  const files = page.locator('input[type="file"]');
  await files.setInputFiles({ name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) });
  await page.getByText('empty.txt is empty.').waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
  await press('Take empty.txt away');
  const image = await page.screenshot({ clip: { x: 0, y: 0, width: 40, height: 30 } });
  await files.setInputFiles([
    { name: 'seen.png', mimeType: 'image/png', buffer: image },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Pay the garage.') },
  ]);
  await say('What is this?');
  await answers().getByText('Seen.').waitFor();
  await page.getByRole('link', { name: /notes\.txt/ }).waitFor();
  await page.getByRole('img', { name: 'seen.png' }).waitFor();
  await expect.poll(() => page.evaluate('document.querySelector("main img").naturalWidth')).toBe(40);
  expect(model.requests.at(-1)?.raw).toContain('Pay the garage.');
  // What is left of it goes along when the message is edited.
  await page.getByText('What is this?', { exact: true }).last().hover();
  await press('Edit and send again');
  await press('Take seen.png away');
  await page.getByRole('textbox', { name: 'The message, to be changed' }).fill('And this?');
  await press('Send again');
  await page.getByRole('img', { name: 'seen.png' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: /notes\.txt/ }).waitFor();
  await answers().getByText('Seen.').waitFor();
});

it('takes what is pasted or dropped, and loses nothing that could not be sent', async () => {
  model.setScript(() => ({ text: 'Read.' }));
  await open('/chat');
  await composer().waitFor();
  /** @returns whether the page took it, so that the browser does not */
  const bring = (event: 'paste' | 'drop', file: string | undefined, texts: Record<string, string> = {}) =>
    page.evaluate<boolean>(`(() => {
      const data = new DataTransfer();
      const [name, type, content] = ${JSON.stringify(file?.split('|') ?? [])};
      if (name) data.items.add(new File([content], name, { type }));
      for (const [type, text] of Object.entries(${JSON.stringify(texts)})) data.setData(type, text);
      const given = { bubbles: true, cancelable: true, clipboardData: data, dataTransfer: data };
      const event = new (${event === 'paste' ? 'ClipboardEvent' : 'DragEvent'})(${JSON.stringify(event)}, given);
      return !document.querySelector('form[aria-label="Message"] textarea').dispatchEvent(event);
    })()`);
  const goesWith = () => page.getByRole('list', { name: 'Goes with the message' }).innerText();
  // What is copied in a spreadsheet has a picture beside its text: the text is meant.
  const cells = {
    'text/plain': 'Garage\t80',
    'text/html': '<table><tr><td>Garage</td><td>80</td></tr></table>',
  };
  expect(await bring('paste', 'image.png|image/png|x', cells)).toBe(false);
  // A text that is dragged is the browser's to put; a file's name beside a copied file is no text.
  expect(await bring('drop', undefined, { 'text/plain': 'Garage' })).toBe(false);
  expect(await bring('paste', 'seen.txt|text/plain|The garage.', { 'text/plain': 'seen.txt' })).toBe(true);
  const pdf = '%PDF-1.4\n%%EOF';
  expect(await bring('drop', `bill.pdf|application/pdf|${pdf}`)).toBe(true);
  // Each stands there once it was read.
  await expect.poll(goesWith).toMatch(/seen\.txt[\s\S]*bill\.pdf/);
  // The answer to the first try is lost: what was said goes back to where it was written, before what is written since.
  const isMessage = (url: URL) => url.pathname.endsWith('/messages');
  await page.route(isMessage, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await say('What is to be paid?');
  await expect.poll(() => composer().inputValue()).toBe('What is to be paid?');
  await expect.poll(goesWith).toMatch(/seen\.txt[\s\S]*bill\.pdf/);
  await page.unroute(isMessage);
  await composer().press('Enter');
  await answers().getByText('Read.').waitFor();
  // Sent again it was the same message.
  const said = page.getByRole('log').getByText('What is to be paid?', { exact: true });
  await expect.poll(() => said.count()).toBe(1);
  await page.getByRole('link', { name: /bill\.pdf/ }).waitFor();
  const asked = model.requests.find(({ raw }) => raw.includes('What is to be paid?'))?.raw ?? '';
  expect(asked.includes(Buffer.from(pdf).toString('base64'))).toBe(true);
  expect(asked.includes('The garage.')).toBe(true);
  expect(console.complaints()).toEqual(['Failed to load resource: net::ERR_FAILED']);
});

it('is accessible, in the light, in the dark and on a phone', async () => {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const;
  const here = new URL(page.url()).pathname;
  for (const [look, ...paths] of [
    [{}, here, '/chat'],
    [{ colorScheme: 'dark' }, here],
    [phone, here],
  ] as const) {
    const other = await samePage(look);
    for (const path of paths) {
      await other.goto(new URL(path, vm.url).href);
      await composer(other).waitFor();
      if (path === here) await answers(other).first().waitFor();
      const { violations } = await new AxeBuilder({ page: other }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      await expect.poll(() => other.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    }
    await other.context().close();
  }
});

it('lets the owner choose what it may use', async () => {
  await page.getByTitle('What this conversation may use').click();
  await page.getByRole('radio', { name: /Only what I choose/ }).check();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Find a tool').fill('write_file');
  await dialog.getByLabel('How write_file may be used').selectOption('not at all');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const id = page.url().split('/').at(-1);
  const { body } = await vm.api('GET', `/api/v1/conversations/${id}`);
  const { hasOwnTools, tools } = body as { hasOwnTools: boolean; tools: string[] };
  expect(hasOwnTools).toBe(true);
  expect(tools).toContain('mcp__files__list_directory');
  expect(tools).not.toContain('mcp__files__write_file');
});

it('finds, renames, archives and deletes conversations', async () => {
  const list = page.getByRole('complementary', { name: 'Conversations' });
  const menuOf = async (title: string) => {
    await list.getByRole('link', { name: title }).hover();
    await list.getByRole('button', { name: `More about ${title}` }).click();
  };
  await list.getByRole('searchbox').fill('garage');
  await list.getByRole('link', { name: 'Good morning' }).waitFor({ state: 'detached' });
  await list.getByRole('searchbox').fill('');
  await list.getByRole('link', { name: 'Good morning' }).click();
  await see('heading', 'Good morning');
  await menuOf('Good morning');
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('A greeting');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await see('heading', 'A greeting');
  await menuOf('A greeting');
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  await list.getByRole('link', { name: 'A greeting' }).waitFor({ state: 'detached' });
  await list.getByRole('button', { name: 'Archive' }).click();
  await menuOf('A greeting');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await list.getByText('Nothing is archived.').waitFor();
});

const proposal = (name: string) => page.getByRole('region', { name: `Proposal: ${name}` });
const isClean = async () =>
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);

it('without a key: is taught in words, rehearsed, edited, accepted and run', async () => {
  for (const key of ['anthropic_api_key', 'model_base_url'])
    expect((await vm.api('DELETE', `/api/v1/config/${key}`)).status).toBeLessThan(300);
  await open('/chat');
  await press(/^Teach something/);
  await page.getByText('I cannot ask you what your job needs').waitFor();
  await say(
    'Teach: Morning papers\nFor: What is new\nStep: List the files and say what is new\nTools: mcp__files__list_directory',
  );
  const card = proposal('Morning papers');
  await card.getByText('Step 1 may use “list_directory” of “files”, which only reads.').waitFor();
  await isClean();
  // It waits at home, too.
  await open('/');
  await page.getByRole('link', { name: /^Morning papers/ }).waitFor();
  await page.goBack();
  await card.getByRole('button', { name: 'Rehearse' }).click();
  await card.getByText('succeeded').waitFor();
  expect((await vm.api('GET', '/api/v1/skills/morning-papers')).status).toBe(404);

  await card.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('What it does').fill('What is new, before breakfast');
  await press('Save');
  await page.getByText('It was not rehearsed as it stands.').waitFor();
  await isClean();
  await page.keyboard.press('a');
  await follow('Run it');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^(Run|Rehearse)$/ })
    .first()
    .click();
  await page.getByText('succeeded', { exact: true }).first().waitFor();
  await page
    .getByText(/files list_directory/)
    .first()
    .waitFor();
  const { body } = await vm.api('GET', '/api/v1/skills/morning-papers');
  expect(body).toMatchObject({ source: 'taught', description: 'What is new, before breakfast', version: 1 });
});

it('says what is stale, and what to do; takes a SKILL.md that is pasted', async () => {
  await open('/proposals');
  await press('Paste or drop a SKILL.md');
  await page
    .getByLabel('The text of the SKILL.md')
    .fill('---\nname: morning-papers\ndescription: Reads them aloud\n---\n\nRead the papers aloud.\n');
  await press('Propose it');
  await see('heading', 'What changes of morning-papers');
  await vm.api('PATCH', '/api/v1/skills/morning-papers', { description: 'By hand' });
  await page.reload();
  await page.getByText('is version 2 now, and was 1.').waitFor();
  expect(await page.getByRole('button', { name: 'Accept' }).count()).toBe(0);
  await isClean();
  await press('Look at it anew');
  await page.getByText('waits for you').first().waitFor();
  await press('Decline');
  await page.getByText('Nothing was saved.').first().waitFor();
  await follow('Proposals');
  await see('heading', 'Proposals');
  await page.getByRole('link', { name: 'morning-papers' }).getByText('declined').first().waitFor();
  await isClean();
});
