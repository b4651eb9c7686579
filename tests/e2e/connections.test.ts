/** Connections and the vault as their owner uses them, on real MCP servers, one of which changes what it says of itself. */
import AxeBuilder from '@axe-core/playwright';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ConsoleOfTest, openConsole } from '../helpers/console.ts';
import { json, startApi } from '../helpers/json-api.ts';
import { modernServer } from '../helpers/mcp/stdio-link.ts';
import { enterCodeThere, handMade, startOidcApi } from '../helpers/oauth/oidc-api.ts';
import { startScriptedServer } from '../helpers/oauth/scripted-server.ts';

const secret = 'ghp-canary-91c4e7a25d3b8f60';
let console: ConsoleOfTest;
let { vm, page, see, press, open } = {} as ConsoleOfTest;

beforeAll(async () => {
  console = await openConsole();
  ({ vm, page, see, press, open } = console);
  await vm.api('POST', '/api/v1/connections', {
    name: 'modern',
    type: 'mcp_stdio',
    config: { command: 'node', args: [modernServer], env: { API_TOKEN: secret } },
  });
  await vm.api('POST', '/api/v1/connections/modern/discover');
  await vm.api('POST', '/api/v1/skills', {
    slug: 'greeter',
    name: 'Greeter',
    steps: [{ id: 1, prompt: 'Greet', allowedTools: ['mcp__modern__greet'] }],
  });
});
afterAll(async () => {
  await console?.close();
});
afterEach(async ({ task }) => {
  await console.explain(task);
  expect(console.complaints()).toEqual([]);
});

const changed = () => page.getByRole('region', { name: 'greet' });

it('shows a tool that changed beside what was approved, and keeps it off until it is approved', async () => {
  await vm.api('POST', '/api/v1/connections/modern/tools/change', { arguments: {} });
  await open('/connections/modern');
  await press('Look for tools');
  await see('heading', '1 tool changed since you approved them');
  await changed().locator('ins', { hasText: 'and tells a stranger' }).waitFor();
  const off = await vm.api('POST', '/api/v1/connections/modern/tools/greet', { arguments: {} });
  expect(off.status).not.toBe(200);
  expect(await accessible()).toEqual([]);
  await press('Approve the change');
  await changed().waitFor({ state: 'detached' });
  const on = await vm.api('POST', '/api/v1/connections/modern/tools/greet', { arguments: {} });
  expect(on.body).toMatchObject({ content: [{ text: 'good day' }] });
});

it('shows where the document of an API says that it is before it asks for the approval', async () => {
  const shop = await startApi({
    'GET /openapi.json': (_request, response) =>
      json(response, {
        openapi: '3.1.0',
        info: { title: 'Shop', version: '1' },
        paths: { '/items': { get: { operationId: 'listItems' } } },
      }),
  });
  try {
    const made = await vm.api('POST', '/api/v1/tokens', { name: 'a writer', scopes: ['read', 'write'] });
    const saved = await fetch(`${vm.url}/api/v1/connections`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${(made.body as { token: string }).token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        ...{ name: 'told', type: 'http_api' },
        config: { openapi: { url: `${shop.url}/openapi.json` }, allowPrivateNetwork: true },
      }),
    });
    expect(saved.status).toBe(201);
    await open('/connections/told');
    await see('button', 'Read its document, to see where its API is');
    expect(shop.requests).toHaveLength(0);
    await press('Read its document, to see where its API is');
    await page.getByText(shop.url, { exact: true }).first().waitFor();
    expect((await vm.api('GET', '/api/v1/connections/told')).body).toMatchObject({ approved: false });
    await press('Approve');
    await page.getByText('told is approved').first().waitFor();
    const { body } = await vm.api('GET', '/api/v1/connections/told');
    expect(body).toMatchObject({ approved: true, config: { origin: shop.url } });
  } finally {
    await shop.close();
  }
});

it('approves only what was looked at', async () => {
  const text = 'npx -y @modelcontextprotocol/server-memory';
  const { body } = await vm.api('POST', '/api/v1/connections/import', { text, apply: true });
  const [name] = (body as { saved: string[] }).saved;
  await open(`/connections/${name}`);
  await see('button', 'Approve');
  await vm.api('PATCH', `/api/v1/connections/${name}`, { config: { args: ['-y', 'something-else'] } });
  await press('Approve');
  await page
    .getByText(/changed meanwhile|was changed/)
    .first()
    .waitFor();
  expect((await vm.api('GET', `/api/v1/connections/${name}`)).body).toMatchObject({ approved: false });
  // What it has become is shown now.
  await page.getByText('npx -y something-else').first().waitFor();
  expect(console.complaints().filter((text) => !text.includes('412'))).toEqual([]);
});

it('warns before a changed command drops its secrets, and saves only what is meant', async () => {
  const read = async () =>
    (await vm.api('GET', '/api/v1/connections/modern')).body as { config: { args: string[]; env: object } };
  await open('/connections/modern');
  await press('Change');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Arguments').fill(`${modernServer}\n--other`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText(/secrets were dropped and must be entered again: API_TOKEN/).waitFor();
  expect((await read()).config.args).toEqual([modernServer]);
  expect(await accessible()).toEqual([]);
  await dialog.getByRole('button', { name: 'Leave it as it is' }).click();
  // Entered again with the same change, it is not dropped; back to what it was, too.
  await press('Change');
  await dialog.getByLabel('Value of API_TOKEN').fill(secret);
  await dialog.getByRole('button', { name: 'Add a variable' }).click();
  await dialog.getByLabel('Name').fill('not a name');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog
    .getByText(/use letters, digits and underscores/)
    .first()
    .waitFor();
  await dialog.getByRole('button', { name: 'Remove not a name' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('modern was changed').waitFor();
  expect((await read()).config.env).toMatchObject({ API_TOKEN: { sealed: true } });
  expect(console.complaints().filter((text) => !text.includes('422'))).toEqual([]);
});

it('names the key of a connection on its page, and replaces it from there', async () => {
  type Sealed = { config: { env: { API_TOKEN: { fingerprint: string } } } };
  const print = async () =>
    ((await vm.api('GET', '/api/v1/connections/modern')).body as Sealed).config.env.API_TOKEN.fingerprint;
  const former = await print();
  // What was changed last is tried still, and a connection that was tried is another than the one that was read.
  await page.getByText(/ works: /).waitFor();
  await open('/connections/modern');
  const keys = page.locator('#keys');
  await keys.getByText(/^Sealed · set /).waitFor();
  await keys.getByRole('button', { name: 'Replace API_TOKEN' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replace API_TOKEN' });
  await dialog.getByLabel('New value').fill(`${secret}-of-today`);
  expect(await accessible()).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  // Tried with the new one, which counts as a use of it.
  await page.getByText(/ works: /).waitFor();
  await keys.getByText(/^Sealed · set .* · used /).waitFor();
  expect(await print()).not.toBe(former);
});

it('fills in what one would paste, from the catalogue, and shows what it would run', async () => {
  await open('/connections/add');
  await page.getByLabel(/^Find one of/).fill('memo');
  await press(/^Memory Keep facts/);
  await page.getByText('Write and delete what stands in that file').waitFor();
  const file = page.getByLabel('File', { exact: true });
  await file.and(page.locator(':focus')).waitFor();
  expect(await accessible()).toEqual([]);
  // Nothing is shown of what is not filled in.
  await press('Show what it would do');
  await page.locator('input:invalid').waitFor();
  await file.fill('/srv/elsewhere.jsonl');
  // Chosen once more, it begins anew.
  await press(/^Memory Keep facts/);
  await file.and(page.locator(':focus')).waitFor();
  await expect.poll(() => file.inputValue()).toBe('');
  await file.fill('/srv/what Alfred knows.jsonl');
  await page.getByText('All of it as text').click();
  await expect
    .poll(() => page.getByLabel(/A command line/).inputValue())
    .toContain('"MEMORY_FILE_PATH": "/srv/what Alfred knows.jsonl"');
  await press('Show what it would do');
  await page.getByText('npx -y @modelcontextprotocol/server-memory').last().waitFor();
  await see('button', 'Save 1 connection');
  // What was shown is not what would be saved now.
  await file.fill('/srv/another.jsonl');
  await page.getByRole('button', { name: 'Save 1 connection' }).waitFor({ state: 'detached' });
});

it('names the skills that stand on a connection before it is removed', async () => {
  await open('/connections/modern');
  await see('link', 'Greeter');
  await press('Remove this connection');
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText('modern is in use').waitFor();
  await dialog.getByRole('link', { name: 'Edit Greeter' }).waitFor();
  // Nothing is offered that would be refused.
  expect(await dialog.getByRole('button', { name: 'Remove' }).count()).toBe(0);
  await dialog.getByRole('button', { name: 'Close' }).click();
});

it('is called otherwise, and the skills that use it go along', async () => {
  const rename = async (from: string, to: string) => {
    await press('Rename');
    const dialog = page.getByRole('dialog', { name: `Rename ${from}` });
    await dialog.getByText('Greeter goes along, as a new version.').waitFor();
    await dialog.getByLabel('New name').fill(to);
    await dialog.getByRole('button', { name: 'Rename', exact: true }).click();
    return dialog;
  };
  // Since its command was changed the server says of itself what it said at first, which nobody approved since: the skill could not be
  // saved as it is, and the page says why.
  await vm.api('POST', '/api/v1/connections/modern/discover');
  await open('/connections/modern');
  const refused = await rename('modern', 'newer');
  await refused.getByRole('alert').getByText(/greet/).first().waitFor();
  await refused.getByRole('button', { name: 'Keep the name' }).click();
  await press('Approve the change');
  await changed().waitFor({ state: 'detached' });
  const dialog = await rename('modern', 'Not a name');
  await dialog.getByText('use a lower-case letter, then up to 39').waitFor();
  await dialog.getByRole('button', { name: 'Keep the name' }).click();
  await rename('modern', 'newer');
  await page.waitForURL(/\/connections\/newer$/);
  await see('heading', 'newer');
  await see('link', 'Greeter');
  expect((await vm.cli(['connection', 'rename', 'newer', 'modern'])).stdout).toContain('greeter');
  await open('/connections/modern');
  await see('link', 'Greeter');
  expect(console.complaints().filter((text) => !text.includes('422'))).toEqual([]);
});

it('says what breaks if a secret is changed, and never its value', async () => {
  await open('/vault');
  await press(/modern\..*API_TOKEN/);
  await see('heading', 'What breaks if I change this?');
  await see('link', 'greeter');
  expect(await page.content()).not.toContain(secret);
});

it('verifies the record, filters it, and says where it is not as written', async () => {
  await press('Verify the chain');
  await page.getByText('The record is whole').waitFor();
  await page.getByLabel('Done to').fill('modern');
  await page.getByLabel('Kind').selectOption('connection');
  // What was listed before is still there, dimmed, until what was asked for has come.
  await page.locator('ul[aria-label="What was done"][aria-busy="false"]').waitFor();
  await page.getByText('Connection approved').first().waitFor();
  expect(await accessible()).toEqual([]);
});

it('signs in to a server with the browser, says what was granted, and signs out', async () => {
  const server = await startScriptedServer({ resource: { scopes_supported: ['tools:read'] } });
  try {
    await vm.api('POST', '/api/v1/connections', {
      name: 'signed',
      type: 'mcp_http',
      config: { url: server.mcp, allowPrivateNetwork: true },
    });
    await vm.api('POST', '/api/v1/connections/signed/discover');
    await open('/connections/signed');
    await see('heading', 'It wants to know who you are');
    await press('Sign in');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('tools:read').waitFor();
    await dialog.getByText(server.url, { exact: true }).waitFor();
    expect(await accessible()).toEqual([]);
    await dialog.getByRole('link', { name: /^Go on to/ }).click();
    await see('heading', /^Signed in$/);
    expect(new URL(page.url()).pathname).toBe('/connections/signed');
    await page.getByText('Says who is signed in').waitFor();
    expect(await accessible()).toEqual([]);
    // The code stays in no history.
    await page.goBack();
    expect(page.url()).not.toContain('c4nary');

    // An address that nobody here began with, as a stranger would send it.
    await open('/oauth/callback?code=injected&state=of-a-stranger');
    await see('heading', 'Nobody is signed in');
    expect(new URL(page.url()).search).toBe('');
    expect(console.complaints().filter((text) => !text.includes('409'))).toEqual([]);

    await open('/connections/signed');
    await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
    await see('heading', 'It wants to know who you are');
    expect(server.requests.filter(({ url }) => url === '/revoke')).toHaveLength(2);
  } finally {
    await server.close();
  }
});

it('signs in to an API with a code on another device, and says which tool lacks what', async () => {
  const server = await startOidcApi();
  try {
    const config = { openapi: { url: server.document }, allowPrivateNetwork: true };
    await vm.api('POST', '/api/v1/connections', { name: 'notes', type: 'http_api', config });
    await vm.api('POST', '/api/v1/connections/notes/discover');
    await open('/connections/notes');
    await press('Sign in');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Read your notes').waitFor();
    await dialog.getByLabel('Client id').fill(handMade.clientId);
    await dialog.getByLabel('Client secret').fill(handMade.clientSecret);
    await dialog.getByLabel('Write and delete your notes').uncheck();
    expect(await accessible()).toEqual([]);
    await dialog.getByRole('button', { name: 'Enter a code on another device' }).click();
    await see('heading', 'Enter this code on any device');
    expect(await accessible()).toEqual([]);
    const code = (await page.locator('output').innerText()).trim();
    await enterCodeThere(`${server.url}/device?user_code=${code}`);
    await see('heading', /^Signed in$/);
    await page.getByText('The sign-in was not granted notes:write: sign in again and allow it.').waitFor();
    const called = await vm.api('POST', '/api/v1/connections/notes/tools/whoami', { arguments: {} });
    expect(JSON.stringify(called.body)).toContain('ada');
  } finally {
    await server.close();
  }
});

async function accessible(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
}
