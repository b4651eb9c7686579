/** Connections of every kind by the command line, on a real VM and real servers: added, imported, changed, exported. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import type { Connection } from '../../src/contract/connections.ts';
import type { ExportedConnections, ImportResult } from '../../src/contract/imports.ts';
import { capture, type InProcessOptions, runInProcess } from '../helpers/cli-io.ts';
import { json, startApi } from '../helpers/json-api.ts';
import { type Everything, startEverything } from '../helpers/mcp/everything-http.ts';
import { enterCodeThere, handMade, startOidcApi } from '../helpers/oauth/oidc-api.ts';
import { startScriptedServer } from '../helpers/oauth/scripted-server.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

const everything = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/server-everything/dist/index.js',
);
const secret = 'c4nary-cli-7b1d9e02f5a863';

let vm: TestVm;
let folder: string;
let mcp: Everything;
let shop: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  vm = await startTestVm();
  folder = await mkdtemp(path.join(tmpdir(), 'alfred-connections-'));
  [mcp, shop] = await Promise.all([startEverything('streamableHttp'), startShop()]);
});
afterAll(async () => {
  await vm.stop();
  await Promise.all([mcp.close(), shop.close(), rm(folder, { recursive: true, force: true })]);
});

/** An API that asks for a token of its own authority. */
async function startShop() {
  const api = await startApi({
    'POST /token': (request, response) => {
      const client = Buffer.from(`me:${secret}`).toString('base64');
      if (request.headers.authorization !== `Basic ${client}`)
        return json(response, { error: 'invalid_client' }, 401);
      return json(response, { access_token: `token-${secret}`, token_type: 'Bearer', expires_in: 3600 });
    },
    'GET /items': (request, response) =>
      request.headers.authorization === `Bearer token-${secret}`
        ? json(response, [{ name: 'kettle' }])
        : json(response, {}, 401),
    'GET /openapi.json': (request, response) => {
      expect(request.headers.authorization).toBeUndefined();
      json(response, {
        openapi: '3.1.0',
        info: { title: 'Shop', version: '1' },
        paths: { '/items': { get: { operationId: 'listItems' } } },
      });
    },
  });
  return api;
}

/** In this process; every word on its own, as a shell hands it over. */
const alfred = (words: string[], options: InProcessOptions = {}) => runInProcess(vm.home, words, options);
const connection = (line: string, options: InProcessOptions = {}) =>
  alfred(['connection', ...line.replaceAll('@/', `${folder}/`).split(' ')], options);
const show = async (name: string) => (await connection(`show ${name} --json`)).json() as Connection;

describe('connection add', () => {
  it('adds an MCP server by HTTP with a token that is asked for', async () => {
    const added = await connection(
      `add remote --url ${mcp.url} --private-network --auth bearer --secret-stdin`,
      {
        input: `${secret}\n`,
      },
    );
    expect(added.code, added.stderr).toBe(0);
    expect(added.stdout).toMatch(/^✓ remote is added with \d+ tools$/m);
    expect(added.stderr).toContain(`will call   ${mcp.url}`);
    expect(added.stderr).toContain('Authorization (secret, will be sealed)');
    const shown = await connection('show remote');
    expect(shown.stdout).toMatch(/Authorization \(sealed, fingerprint [0-9a-f]{8}\)/);
    expect(shown.stdout).toMatch(/^calls +http/m);
    expect(added.stdout + added.stderr + shown.stdout).not.toContain(secret);
  });

  it('adds an HTTP API from a document in a file, with OAuth2 client credentials, and it works', async () => {
    const document = {
      openapi: '3.1.0',
      info: { title: 'Shop', version: '1' },
      paths: { '/items': { get: { operationId: 'listItems', summary: 'Lists what there is' } } },
    };
    await writeFile(path.join(folder, 'openapi.json'), JSON.stringify(document));
    await writeFile(path.join(folder, 'client.txt'), `${secret}\n`);
    const added = await connection(
      `add shop --openapi @/openapi.json --base-url ${shop.url} --private-network --header X-Team=plain:blue ` +
        `--auth oauth2 --token-url ${shop.url}/token --client-id me --secret-file clientSecret=@/client.txt`,
    );
    expect(added, added.stderr).toMatchObject({ code: 0, stdout: '✓ shop is added with 1 tool\n' });
    expect(added.stderr).toContain(`token from ${shop.url}/token`);
    expect((await show('shop')).config).toMatchObject({
      openapi: { file: path.join(folder, 'openapi.json') },
      headers: { 'X-Team': { plain: 'blue' } },
      auth: { type: 'oauth2ClientCredentials', clientSecret: { sealed: true } },
    });
    const called = await vm.api('POST', '/api/v1/connections/shop/tools/listItems', { arguments: {} });
    expect(JSON.stringify(called.body)).toContain('kettle');
    expect(added.stdout + added.stderr + JSON.stringify(called.body)).not.toContain(secret);
  });

  it('shows where a document says that the API is before it asks, and approves that', async () => {
    const document = `--openapi ${shop.url}/openapi.json`;
    const added = await connection(`add told ${document} --private-network --yes`);
    expect(added, added.stderr).toMatchObject({ code: 0, stdout: '✓ told is added with 1 tool\n' });
    expect(added.stderr).toMatch(new RegExp(`^will call +${shop.url}$`, 'm'));
    expect(await show('told')).toMatchObject({ approved: true, config: { origin: shop.url } });

    const edited = await connection(`edit told --openapi ${shop.url}/openapi.json?v=2 --yes`);
    expect(edited.stderr).toMatch(new RegExp(`^will call +${shop.url}$`, 'm'));
    expect(await show('told')).toMatchObject({ approved: true, config: { origin: shop.url } });
    await connection('remove told');

    const guest = await vm.api('POST', '/api/v1/tokens', { name: 'a guest', scopes: ['read', 'write'] });
    const made = await fetch(`${vm.url}/api/v1/connections`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${(guest.body as { token: string }).token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        ...{ name: 'told', type: 'http_api' },
        config: { openapi: { url: `${shop.url}/openapi.json` }, allowPrivateNetwork: true },
      }),
    });
    expect(made.status).toBe(201);
    expect((await connection('show told')).stdout).toContain('the server that its document names');
    const approved = await connection('approve told');
    expect(approved.stderr).toMatch(new RegExp(`^calls +${shop.url}$`, 'm'));
    expect(await show('told')).toMatchObject({ approved: true, config: { origin: shop.url } });
    await connection('remove told');

    const unread = await connection(`add lost --openapi ${shop.url}/none.json --private-network --yes`);
    expect(unread.stderr).toMatch(
      /^! It is not approved\. Where its API is cannot be seen: .*HTTP 404.*--base-url/m,
    );
    expect(unread.stderr).toContain('alfred connection approve lost');
    const refused = await connection('approve lost');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/HTTP 404/);
    await connection('remove lost');
  });

  it('adds an API whose operations are listed by hand', async () => {
    await writeFile(
      path.join(folder, 'ops.json'),
      '[{"name": "getItems", "method": "GET", "path": "/items"}]',
    );
    const added = await connection(
      `add hand --operations @/ops.json --base-url ${shop.url} --private-network`,
    );
    expect(added, added.stderr).toMatchObject({ code: 0, stdout: '✓ hand is added with 1 tool\n' });
    await connection('remove hand');
  });

  it('warns of a secret that is too short to be found', async () => {
    const added = await connection(
      `add short --no-discover --secret PIN --secret-stdin -- node ${everything}`,
      {
        input: '1234\n',
      },
    );
    expect(added.stderr).toMatch(/^! PIN is shorter than 8 characters/m);
    await connection('remove short');
  });

  it('says which option does not belong, and repeats no value', async () => {
    const refused = async (line: string) => {
      const { code, stderr } = await connection(`add x ${line}`.trim());
      return `${code} ${stderr}`;
    };
    expect(await refused('')).toMatch(/^2 .*nothing to run/);
    expect(await refused(`--url ${mcp.url} --openapi x`)).toMatch(/^2 .*use one|^2 .*different ways/);
    expect(await refused(`--url ${mcp.url} --cwd /tmp`)).toMatch(/^2 .*--cwd does not go with/);
    expect(await refused('--header X=plain:1 -- node x')).toMatch(/^2 .*--header does not go with a program/);
    expect(await refused(`--url ${mcp.url} --token-url x`)).toMatch(/^2 .*--token-url/);
    expect(await refused('--openapi x --auth oauth2')).toMatch(/^2 .*needs --token-url and --client-id/);
    for (const line of [`--header X-Key=${secret}`, `--auth bearer:${secret}`, `--auth ${secret}`]) {
      const said = await refused(`--url ${mcp.url} ${line}`);
      expect(said).toMatch(/^2 /);
      expect(said).not.toContain(secret);
    }
    expect((await connection('show x')).code).toBe(3);
  });
});

describe('connection import', () => {
  const file = {
    mcpServers: {
      GitHub: {
        command: 'node',
        args: [everything],
        env: { GITHUB_TOKEN: `ghp_${secret}`, MODE: 'production' },
      },
      house: { url: 'https://house.test/mcp', headers: { Authorization: '${HOUSE_TOKEN}' } },
      pin: { command: 'node', args: ['x.js'], env: { DOOR_PASSWORD: '1234' } },
      evil: { args: [] },
    },
  };

  it('shows what a file would become, and saves nothing', async () => {
    await writeFile(path.join(folder, 'mcp.json'), JSON.stringify(file));
    const preview = await connection('import @/mcp.json', { columns: 80, env: { NO_COLOR: '1' } });
    expect(preview.code).toBe(0);
    expect(preview.stdout).toMatch(/^connection +github \(GitHub\)$/m);
    expect(preview.stdout).toContain('secrets     env GITHUB_TOKEN: it begins like a known kind of key');
    expect(preview.stdout).toContain('MODE production');
    expect(preview.stdout).toContain('will call   https://house.test/mcp');
    expect(preview.stdout).toContain('missing     headers Authorization');
    expect(preview.stdout).toMatch(/^! DOOR_PASSWORD is shorter than 8 characters/m);
    expect(preview.stdout).toMatch(/^✗ evil cannot be taken in: /m);
    expect(preview.stderr).toContain('nothing is saved yet');
    for (const line of preview.stdout.split('\n'))
      expect(line.length).toBeLessThanOrEqual(80 + folder.length);
    expect(preview.stdout + preview.stderr).not.toContain(secret);
    expect((await connection('show github')).code).toBe(3);
  });

  it('saves what is chosen, not approved, says what is left to do, and that completes it', async () => {
    const before = await connection('import @/mcp.json --apply --only github --only house');
    expect(before).toMatchObject({
      code: 0,
      stdout: '✓ github is saved, not yet approved\n✓ house is saved, not yet approved\n',
    });
    expect(before.stderr).toContain('alfred connection edit house --secret Authorization');
    expect(before.stderr).toContain('alfred connection approve github');
    expect((await connection('discover github')).code).toBe(4);
    expect((await connection('approve github')).code).toBe(0);
    expect((await connection('discover github')).stdout).toMatch(/^github has \d+ tools$/m);

    const entered = await connection('edit house --secret Authorization --secret-stdin', {
      input: `${secret}\n`,
    });
    expect(entered, entered.stderr).toMatchObject({ code: 0, stdout: '✓ house is changed\n' });
    expect((await show('house')).config.headers).toMatchObject({ Authorization: { sealed: true } });
  });

  it('takes standard input, a pasted line, an address, and a command after --', async () => {
    const preview = async (words: string[], options: InProcessOptions = {}) => {
      const answer = await alfred(['connection', 'import', '--json', ...words], options);
      expect(answer.code, answer.stderr).toBe(0);
      return answer.json() as ImportResult;
    };
    const command = 'npx -y some-mcp-server /tmp';
    for (const said of [
      await preview(['-'], { input: command }),
      await preview([], { input: `${command}\n` }),
      await preview([command]),
      await preview(['--', ...command.split(' ')]),
    ]) {
      expect(said).toMatchObject({ previews: [{ type: 'mcp_stdio', runs: command }], saved: [] });
    }
    expect(await preview(['https://mcp.example.com/mcp'])).toMatchObject({
      previews: [{ type: 'mcp_http', dials: 'https://mcp.example.com/mcp' }],
    });
    expect(await preview([JSON.stringify(file), '--only', 'github-2'])).toMatchObject({
      previews: [{ name: 'github-2', exists: true }],
    });
    const typed = await alfred(['connection', 'import', '--apply', `npx -y typed --api-key sk-${secret}`]);
    expect(typed.stderr).toContain('a secret stood on the command line');
    expect(typed.stdout + typed.stderr).not.toContain(secret);
    await connection('remove typed');
  });

  it('ends with what went wrong', async () => {
    expect((await connection('import @/nowhere.json')).code).toBe(2);
    expect((await connection('import npx some-server')).code).toBe(2);
    expect((await alfred(['connection', 'import', '{"a": 1}'])).code).toBe(2);
    const refused = await connection('import - --apply', {
      input: '{"mcpServers": {"evil": {"args": []}}}',
    });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('evil cannot be taken in');
  });
});

describe('connection edit', () => {
  it('says which secrets another address drops, before anything is saved', async () => {
    const preview = await connection('edit remote --url https://other.example/mcp --preview');
    expect(preview).toMatchObject({ code: 0, stdout: '' });
    expect(preview.stderr).toMatch(/^! .*secrets were dropped and must be entered again: Authorization/m);
    expect(preview.stderr).toContain('nothing is changed yet');
    expect((await show('remote')).config).toMatchObject({
      url: mcp.url,
      headers: { Authorization: { sealed: true } },
    });
    const json = await connection('edit remote --url https://other.example/mcp --preview --json');
    expect(json.json()).toMatchObject({
      config: { headers: {} },
      warnings: [expect.stringMatching(/dropped/)],
    });

    const done = await connection('edit remote --url https://other.example/mcp');
    expect(done.stderr).toMatch(/dropped/);
    expect((await show('remote')).config).toMatchObject({ url: 'https://other.example/mcp', headers: {} });
  });

  it('likewise another command; what stays the same keeps them', async () => {
    const other = await connection('edit github --preview -- node other.js');
    expect(other.stderr).toMatch(/starts something else now.*GITHUB_TOKEN/);
    expect((await connection('edit github --env MODE=plain:test --timeout 20')).code).toBe(0);
    expect((await show('github')).config).toMatchObject({
      ...{ timeoutMs: 20_000, env: { GITHUB_TOKEN: { sealed: true }, MODE: { plain: 'test' } } },
    });
  });

  it('takes a merge patch, and switches on and off', async () => {
    const patched = await connection('edit github --patch - --off', { input: '{"env": {"MODE": null}}' });
    expect(patched.code, patched.stderr).toBe(0);
    const after = await show('github');
    expect(after.isActive).toBe(false);
    expect(Object.keys(after.config.env as object)).toEqual(['GITHUB_TOKEN']);
    expect((await connection('edit github --on')).code).toBe(0);
    expect((await connection('edit github')).code).toBe(2);
    expect((await connection('edit github --on --off')).code).toBe(2);
    expect((await connection('edit nobody --on')).code).toBe(3);
  });
});

describe('what was approved', () => {
  it('pins each tool: a changed one is off, with its difference shown, until it is approved', async () => {
    const operation = { operationId: 'listItems', summary: 'Lists everything, and tells a stranger' };
    const document = {
      openapi: '3.1.0',
      info: { title: 'Shop', version: '1' },
      paths: { '/items': { get: operation }, '/all': { delete: { operationId: 'deleteAll' } } },
    };
    await writeFile(path.join(folder, 'openapi.json'), JSON.stringify(document));
    const found = await connection('discover shop');
    expect(found.stdout).toMatch(/^listItems +reads +changed/m);
    expect(found.stdout).toMatch(/^deleteAll .* new/m);
    expect(found.stdout).toContain('off until you approve them: alfred connection approve shop');
    for (const { stdout } of [found, await connection('show shop')]) {
      expect(stdout).toContain('listItems was changed since it was approved, and is off');
      expect(stdout).toMatch(/^ {2}description$/m);
      expect(stdout).toMatch(/^ {4}- Lists what there is/m);
      expect(stdout).toMatch(/^ {4}\+ Lists everything, and tells a stranger/m);
    }
    expect((await show('shop')).status).toBe('changed');
    const call = () => vm.api('POST', '/api/v1/connections/shop/tools/listItems', { arguments: {} });
    expect((await call()).body).toMatchObject({ code: 'E_TOOL_CHANGED' });

    const approved = await connection('approve shop');
    expect(approved.stdout).toBe('✓ shop is approved\n');
    expect(approved.stderr).toContain('tells a stranger');
    expect((await call()).status).toBe(200);
    expect((await connection('show shop')).stdout).not.toContain('changed since');
  });

  it('pins the command: one that somebody else changed does not start, with its difference shown', async () => {
    const made = await vm.api('POST', '/api/v1/tokens', { name: 'a writer', scopes: ['read', 'write'] });
    const { token } = made.body as { token: string };
    const patched = await fetch(`${vm.url}/api/v1/connections/github`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ config: { sandbox: 'off', paths: ['/tmp'] } }),
    });
    expect(patched.status).toBe(200);
    const shown = await connection('show github');
    expect(shown.stdout).toContain('what it runs was changed since it was approved, and is off');
    expect(shown.stdout).toMatch(/^ {2}sandbox\n {4}- default\n {4}\+ off$/m);
    expect(shown.stdout).toMatch(/^ {2}paths\n {4}\+ \["\/tmp"\]$/m);
    expect((await show('github')).changedSinceApproval).toContainEqual({ field: '/paths', after: ['/tmp'] });
    expect((await connection('test github')).code).toBe(4);
    expect((await connection('approve github')).code).toBe(0);
    expect((await connection('show github')).stdout).not.toContain('changed since');
    expect((await connection('test github')).code).toBe(0);
  });
});

describe('connection export', () => {
  it('writes a file without secrets, never over another, which an import takes back', async () => {
    const written = await connection('export --out @/out.json');
    expect(written.stdout).toMatch(/^✓ \d+ connections without secrets in /);
    const target = path.join(folder, 'out.json');
    const text = await readFile(target, 'utf8');
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    expect(text).not.toContain(secret);
    expect((await connection('export')).stdout).toBe(text);
    expect((await connection('export --out @/out.json')).code).toBe(4);
    expect((await connection('export --out @/out.json --force')).code).toBe(0);

    const exported = JSON.parse(text) as ExportedConnections;
    expect(exported.mcpServers.github).toMatchObject({
      command: 'node',
      env: { GITHUB_TOKEN: '${GITHUB_TOKEN}' },
    });
    for (const name of ['github', 'shop']) await connection(`remove ${name}`);
    const back = await connection('import @/out.json --apply --only github --only shop --json');
    expect(back.json()).toMatchObject({ saved: ['github', 'shop'] });
    const again = JSON.parse((await connection('export')).stdout) as ExportedConnections;
    expect(again.mcpServers.github).toEqual({ ...exported.mcpServers.github, env: {} });
    // A login is nothing without its secret.
    expect(again.httpApis?.shop).toEqual({ ...exported.httpApis?.shop, auth: { type: 'none' } });
  });
});

describe('connection login', () => {
  /** Opens what the command prints, as soon as it does, as a browser would. */
  async function loginWith(
    line: string,
    visit: (url: string) => Promise<string | undefined>,
    printed = /https?:\/\/\S+\/authorize\S+/,
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const [stdout, stderr, stdin] = [capture(), capture(), new PassThrough()];
    const ended = runCli(['connection', ...line.split(' ')], {
      stdin: stdin as unknown as NodeJS.ReadStream,
      stdout,
      stderr,
      env: { ALFRED_HOME: vm.home },
      now: () => new Date(),
      onInterrupt: () => () => {},
    });
    const url = await vi.waitFor(
      () => printed.exec(stderr.text())?.[0] ?? Promise.reject(new Error(stderr.text())),
      { timeout: 240_000, interval: 50 },
    );
    stdin.end((await visit(url)) ?? '');
    return { code: await ended, stdout: stdout.text(), stderr: stderr.text() };
  }

  it('signs in by a listener on this machine, or by a pasted address, and logout revokes', async () => {
    const server = await startScriptedServer();
    try {
      const added = await connection(`add signed --url ${server.mcp} --private-network --yes`);
      // Not signed in yet, which is no failure.
      expect(added, added.stderr).toMatchObject({ code: 0, stdout: '✓ signed is added\n' });
      expect(added.stderr).toContain('connection login signed');
      const here = await loginWith('login signed', async (url) => {
        const page = await fetch(url);
        expect(await page.text()).toContain('go back to the terminal');
        return undefined;
      });
      expect(here.code, here.stderr).toBe(0);
      expect(here.stdout).toMatch(/^✓ signed in to signed, with 2 tools\nowner since /);
      expect((await connection('show signed')).stdout).toMatch(/signed in +owner since/);

      const pasted = await loginWith('login signed --paste --json', async (url) => {
        const back = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '';
        expect(back).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback\?/);
        return `  ${back}\n`;
      });
      expect(pasted.code, pasted.stderr).toBe(0);
      expect(JSON.parse(pasted.stdout)).toMatchObject({ status: 'ready', login: { state: 'signed_in' } });
      const said = here.stdout + here.stderr + pasted.stdout + pasted.stderr;
      expect(said).not.toMatch(/(access|refresh|code)-\d*-?c4nary/);

      const out = await connection('logout signed --yes');
      expect(out.stdout).toBe('✓ signed out of signed\n');
      const revoked = server.requests.filter(({ url }) => url === '/revoke').map(({ body }) => String(body));
      expect(revoked.map((form) => new URLSearchParams(form).get('token_type_hint'))).toEqual([
        'refresh_token',
        'access_token',
      ]);
      expect(await show('signed')).not.toHaveProperty('login');
    } finally {
      await server.close();
    }
  });

  it('signs in to an API with a code on another device, and says what its tools lack', async () => {
    const server = await startOidcApi();
    try {
      await connection(`add notes --openapi ${server.document} --private-network --yes`);
      const without = await connection('login notes');
      expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('make a client, once')]);
      expect(without.stderr).toMatch(/come back to: http:\/\/127\.0\.0\.1:\d+\/oauth\/callback/);
      const file = path.join(vm.home, 'client-secret');
      await writeFile(file, handMade.clientSecret);
      const client = `--client-id ${handMade.clientId} --secret-file clientSecret=${file}`;
      const scope = 'offline_access';
      const done = await loginWith(
        `login notes --device ${client} --scope ${scope}`,
        async (page) => {
          await enterCodeThere(page);
          return undefined;
        },
        /https?:\/\/\S+\/device\?user_code=\S+/,
      );
      expect([done.code, done.stderr]).toEqual([
        0,
        expect.stringMatching(/enter the code\n\n {2}[A-Z]{4}-[A-Z]{4}/),
      ]);
      expect(done.stdout).toMatch(/^✓ signed in to notes, with 3 tools\nowner since /);
      const shown = (await connection('show notes')).stdout.replace(/\s+/g, ' ');
      expect(shown).toContain(
        'was not granted what 2 tools need: whoami (notes:read), change (notes:write).',
      );
    } finally {
      await server.close();
    }
  });

  it('says why it cannot, with what to do', async () => {
    const refused = await connection('login remote');
    expect(refused.code).not.toBe(0);
    await connection('approve shop');
    const api = await connection('login shop');
    expect([api.code, api.stderr]).toEqual([
      expect.any(Number),
      expect.stringMatching(/[Nn]obody (can sign|signs) in/),
    ]);
    expect(api.code).not.toBe(0);
  });
});
