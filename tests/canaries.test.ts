/**
 * The sweep: a text of its own in every place where a secret, or something private, can enter; then everything that a VM does,
 * and what goes wrong with it; then a search of all that it wrote and sent, in every form. Whoever adds a place where a secret
 * enters adds a line to `places`.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFile } from '../src/backup/folder-place.ts';
import { openBackup } from '../src/backup/open-backup.ts';
import { openDatabase } from '../src/database/client.ts';
import { createLogger } from '../src/kernel/log.ts';
import { readCommandLine, readEnvironment } from '../src/processes/proc.ts';
import { openSealed } from '../src/vault/open.ts';
import { openVault } from '../src/vault/open-vault.ts';
import { findSealedPlaces } from '../src/vault/sealed-places.ts';
import { type Canary, startCanary } from './helpers/canary.ts';
import { filesUnder, findIn, formsOf } from './helpers/canary-forms.ts';
import { createTestCore, type TestCore } from './helpers/core.ts';
import { json, startApi } from './helpers/json-api.ts';
import { type Everything, startEverything } from './helpers/mcp/everything-http.ts';
import { realServer, until } from './helpers/mcp/stdio-link.ts';
import { type MessagesApi, startMessagesApi, toolResultsOf } from './helpers/messages-api.ts';
import { type ScriptedServer, startScriptedServer } from './helpers/oauth/scripted-server.ts';
import { type RecordingProxy, startRecordingProxy } from './helpers/recording-proxy.ts';
import { keySettings } from './helpers/vault.ts';
import { makeHome, processesOf, runCli, startTestVm, type TestVm } from './helpers/vm.ts';

/** In every secret, and in nothing else. */
const mark = 'kanarienvogel';
/** In everything private that is no secret: it is in the database and goes to the model, and nowhere else. */
const privateMark = 'hausgeheimnis';

const hookSecret = (name: string) => `whsec_${Buffer.from(`${mark}-${name}-0123456789`).toString('base64')}`;
const hostile = path.join(import.meta.dirname, 'helpers/mcp/hostile-server.ts');

/** Where a secret enters, what it is, and how it gets there. */
const places: { place: string; secret: string; enter: (vm: TestVm, secret: string) => Promise<unknown> }[] = [
  {
    place: 'the environment of the first start',
    secret: `sk-ant-${mark}-environment`,
    enter: async () => {}, // given by `start`
  },
  {
    place: 'the root key',
    secret: `${mark}-root-key-0123456789`.padEnd(32, '.').slice(0, 32),
    enter: async () => {}, // put into its file before the start
  },
  {
    place: 'a setting',
    secret: `${mark}-setting "ä\\+/=&<?`,
    enter: (vm, value) => must(vm.api('PUT', '/api/v1/config/house_password', { value })),
  },
  {
    place: 'standard input of the command line',
    secret: `${mark}-typed`,
    enter: (_vm, secret) => cli(['config', 'set', 'door_token', '--secret-stdin'], { input: `${secret}\n` }),
  },
  {
    place: 'the secret of notices',
    secret: hookSecret('notices'),
    enter: (vm, value) =>
      must(
        vm.api('POST', '/api/v1/notice-channels', {
          ...{ name: 'programs', kind: 'webhook' },
          config: { url: `${receiver.url}/notices`, secret: value, allowPrivateNetwork: true },
        }),
      ),
  },
  {
    place: 'the key of a store of backups',
    secret: `${mark}-store`,
    enter: (vm, value) => must(vm.api('PUT', '/api/v1/config/backup_s3_secret_key', { value })),
  },
  {
    place: 'a variable of a program',
    secret: `${mark}-variable "ö\\`,
    enter: (vm, API_KEY) =>
      connect(vm, 'everything', 'mcp_stdio', {
        ...{ command: 'node', args: [realServer('server-everything')], env: { API_KEY } },
      }),
  },
  {
    place: 'a header of a server',
    secret: `Bearer ${mark}-header`,
    enter: (vm, Authorization) =>
      connect(vm, 'remote', 'mcp_http', {
        url: remote.url,
        allowPrivateNetwork: true,
        headers: { Authorization },
      }),
  },
  {
    place: 'the login of an API',
    secret: `${mark}-client`,
    enter: (vm, clientSecret) =>
      connect(vm, 'shop', 'http_api', {
        ...{ baseUrl: shop.url, openapi: { url: `${shop.url}/openapi.json` }, allowPrivateNetwork: true },
        auth: {
          type: 'oauth2ClientCredentials',
          clientId: 'alfred',
          clientSecret,
          tokenUrl: `${shop.url}/token`,
        },
      }),
  },
  {
    place: 'what another program has set up',
    secret: `${mark}-imported`,
    enter: (vm, API_TOKEN) => {
      const mcpServers = { imported: { command: 'node', args: [hostile], env: { API_TOKEN } } };
      return must(vm.api('POST', '/api/v1/connections/import', { mcpServers, apply: true }));
    },
  },
  {
    place: 'a webhook',
    secret: hookSecret('hook'),
    enter: (vm, secret) =>
      must(
        vm.api('POST', '/api/v1/skills', {
          ...{ slug: 'hooked', name: 'Hooked', steps: [{ id: 1, prompt: 'SUCCEED', allowedTools: [] }] },
          ...{ triggerType: 'webhook', triggerConfig: { secret } },
        }),
      ),
  },
  {
    place: 'a token that an API issued',
    secret: `${mark}-issued`,
    enter: async () => {}, // the shop's answer
  },
  {
    place: 'the token of a sign-in',
    secret: `${mark}-signed-in`,
    enter: (vm, token) => signIn(vm, token),
  },
  {
    place: 'what renews a sign-in',
    secret: `${mark}-renews`,
    enter: async () => {}, // given with the token
  },
  {
    place: 'the password of its owner',
    secret: `${mark} is a sentence that signs in`,
    enter: async (of, password) => {
      await cli(['password', 'set', '--password-stdin'], { input: `${password}\n` });
      for (const [method, body] of [
        ['PUT', { password, more: password }],
        ['POST', { password }],
        ['POST', { password: `${password}, or not` }],
      ] as const) {
        const url = new URL(method === 'PUT' ? '/api/v1/password' : '/api/v1/session', of.url);
        const headers = { authorization: `Bearer ${of.token}`, 'content-type': 'application/json' };
        said.push(await (await fetch(url, { method, headers, body: JSON.stringify(body) })).text());
      }
    },
  },
  {
    place: 'the passphrase of a backup',
    secret: `${mark} passphrase of a backup`,
    enter: async () => {}, // given by `backup create`
  },
];
const secretOf = (place: string) => places.find((each) => each.place === place)?.secret ?? '';
const secrets = places.map(({ secret }) => secret);

/** What a VM cannot know, or not in this form, is said by nobody else. The root key is text in base64 alone. */
const sayable = places
  .filter(({ place }) => !['the passphrase of a backup', 'the password of its owner'].includes(place))
  .map(({ place, secret }) => (place === 'the root key' ? Buffer.from(secret).toString('base64') : secret));

/** Each secret in each of its forms, as a model or a tool might say it that knew them. */
const spread = sayable
  .flatMap((secret) => [...formsOf(secret)].filter(([form]) => !/UTF|every|escapes/.test(form)))
  .map(([, bytes]) => bytes.toString())
  .join(' ');

let home: string;
let place: string;
let vm: TestVm;
let model: MessagesApi;
let remote: Everything;
let shop: Canary;
let signedIn: ScriptedServer;
let receiver: Canary;
let core: TestCore;
let proxy: RecordingProxy;
/** What the API and the command line answered, and what streams said. */
const said: string[] = [];
/** What the VM itself gave to a program that signed in: its code and its tokens. */
const given: string[] = [];
/** What was found in the process table while things ran. */
const inProcesses: string[] = [];
const logs: string[] = [];

async function must(answer: Promise<{ status: number; body: unknown }>): Promise<Record<string, string>> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body as Record<string, string>;
}

async function connect(of: TestVm, name: string, type: string, config: object): Promise<void> {
  await must(of.api('POST', '/api/v1/connections', { name, type, config }));
  await must(of.api('POST', `/api/v1/connections/${name}/discover`));
}

/** Signs in by OAuth: what the authorization server gives is a secret that nobody entered. */
async function signIn(of: TestVm, token: string): Promise<void> {
  signedIn.good.set(token, 'ada');
  signedIn.answers.push((response) =>
    json(response, {
      ...{ access_token: token, token_type: 'Bearer', expires_in: 3600 },
      refresh_token: secretOf('what renews a sign-in'),
    }),
  );
  const config = { url: signedIn.mcp, allowPrivateNetwork: true };
  await must(of.api('POST', '/api/v1/connections', { name: 'signed', type: 'mcp_http', config }));
  const { url = '' } = await must(of.api('POST', '/api/v1/connections/signed/login', { way: 'paste' }));
  const callbackUrl = signedIn.visit(url);
  await must(of.api('POST', '/api/v1/connections/signed/login/finish', { callbackUrl }));
}

/** Asks the API, and keeps what it says. */
async function ask(method: string, route: string, body?: unknown): Promise<Record<string, string>> {
  const answer = await must(vm.api(method, route, body));
  said.push(JSON.stringify(answer));
  return answer;
}

async function cli(
  args: string[],
  { input, at = home }: { input?: string; at?: string } = {},
): Promise<void> {
  const { code, stdout, stderr } = await runCli(at, args, input === undefined ? {} : { input });
  said.push(stdout, stderr);
  if (code !== 0) throw new Error(`alfred ${args.join(' ')}: ${stdout}${stderr}`);
}

const start = async () => {
  const ANTHROPIC_API_KEY = secretOf('the environment of the first start');
  vm = await startTestVm({ home, env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY } });
};

/** The API of a shop, which repeats what it was shown. */
const startShop = (): Promise<Canary> =>
  startApi({
    'GET /openapi.json': (_request, response) =>
      json(response, {
        ...{ openapi: '3.0.3', info: { title: 'Shop', version: '1' } },
        paths: { '/items': { get: { operationId: 'listItems' } } },
      }),
    'POST /token': (_request, response) =>
      json(response, {
        ...{ access_token: secretOf('a token that an API issued'), token_type: 'Bearer', expires_in: 3600 },
      }),
    'GET /items': ({ headers }, response) => json(response, { shown: headers, knows: spread, privateMark }),
  });

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'alfred-sweep-'));
  home = await makeHome();
  await mkdir(path.join(home, 'keys'), { mode: 0o700 });
  const rootKey = Buffer.from(secretOf('the root key')).toString('base64');
  for (const file of [path.join(home, 'keys', 'vm_encryption_secret'), path.join(place, 'root-key')])
    await writeFile(file, rootKey, { mode: 0o600 });
  model = await startMessagesApi(({ body }) => answer(body));
  [remote, shop, signedIn, receiver, core] = await Promise.all([
    startEverything('streamableHttp'),
    startShop(),
    startScriptedServer({ accessTtl: 3_600 }),
    startCanary((_request, response) => response.writeHead(204).end()),
    createTestCore(),
  ]);
  proxy = await startRecordingProxy(core.url);
  await start();
  for (const { secret, enter } of places) await enter(vm, secret);
  await ask('POST', '/api/v1/connections/imported/approve', {});
  await ask('POST', '/api/v1/connections/imported/discover');
}, 300_000);
afterAll(async () => {
  await vm?.stop({ keepHome: true });
  await Promise.all([model?.close(), remote?.close(), shop?.close(), receiver?.close(), proxy?.close()]);
  await signedIn?.close();
  await core?.close();
  for (const folder of [home, place]) await rm(folder, { recursive: true, force: true });
});

/** A model that says all it could know, and hands it on. */
function answer(
  body: Parameters<typeof toolResultsOf>[0],
): ReturnType<Parameters<typeof startMessagesApi>[0]> {
  const asked = JSON.stringify(body.messages);
  if (asked.includes('FAIL')) return { fail: 'bad-request', message: `No, as ${spread}` };
  const results = toolResultsOf(body);
  if (asked.includes('HANG')) {
    if (results.length > 0) return { text: spread };
    return { toolCalls: [{ name: 'mcp__imported__sleep', input: { count: 600_000 } }] };
  }
  if (asked.includes('SUCCEED') && results.length === 0) {
    return {
      thinking: `I know ${spread}`,
      text: spread,
      toolCalls: [
        { name: 'mcp__everything__get-env', input: {} },
        { name: 'mcp__imported__environment', input: {} },
        { name: 'mcp__shop__listItems', input: {} },
        { name: 'mcp__remote__echo', input: { message: `${spread} ${privateMark}` } },
      ],
    };
  }
  return { text: `Done: ${spread}` };
}

/** Looks at every process of the home: its command line, and its environment but for what is its own. */
function lookAtProcesses(): void {
  for (const pid of processesOf(home).map((line) => Number(line.split(' ')[0]))) {
    const command = readCommandLine(pid) ?? '';
    const own = [
      ...(pid === vm.pid ? [secretOf('the environment of the first start')] : []),
      ...(command.includes('server-everything') ? [secretOf('a variable of a program')] : []),
      ...(command.includes('hostile-server') ? [secretOf('what another program has set up')] : []),
    ];
    const environment = own.reduce(
      (text, secret) => text.replaceAll(Buffer.from(secret).toString('latin1'), ''),
      readEnvironment(pid) ?? '',
    );
    for (const text of [command, environment]) {
      const found = findIn(Buffer.from(text, 'latin1'), [mark, privateMark, ...given]);
      inProcesses.push(
        ...found.map(({ form, around }) => `${pid} ${command.slice(0, 60)}: ${form} ${around}`),
      );
    }
  }
}

const run = async (slug: string) =>
  (await ask('POST', `/api/v1/skills/${slug}/run`, { input: { note: privateMark } })).executionId ?? '';
const statusOf = async (id: string) => (await must(vm.api('GET', `/api/v1/executions/${id}`))).status ?? '';

/** Waits for the end, with its stream of events kept. */
async function ended(id: string): Promise<string> {
  const headers = { authorization: `Bearer ${vm.token}`, accept: 'text/event-stream' };
  said.push(await (await fetch(new URL(`/api/v1/executions/${id}/events`, vm.url), { headers })).text());
  await ask('GET', `/api/v1/executions/${id}`);
  return statusOf(id);
}

async function addSkill(slug: string, tools: string[]): Promise<void> {
  const prompt = `${slug.toUpperCase()} {{note}} ${privateMark}`;
  await ask('POST', '/api/v1/skills', {
    ...{ slug, name: slug, steps: [{ id: 1, prompt, allowedTools: tools }] },
    inputSchema: { type: 'object', properties: { note: { type: 'string' } } },
  });
}

it('runs every feature, well and badly', async () => {
  await addSkill('succeed', [
    ...[
      'mcp__everything__get-env',
      'mcp__imported__environment',
      'mcp__shop__listItems',
      'mcp__remote__echo',
    ],
  ]);
  await addSkill('fail', []);
  await addSkill('hang', ['mcp__imported__sleep']);
  await ask('POST', '/api/v1/core/link', { url: proxy.url, enrollmentToken: await core.enrolmentToken() });

  const done = await run('succeed');
  expect(await ended(done)).toBe('succeeded');
  const { executionId = '' } = await ask('POST', `/api/v1/executions/${done}/replay`, {});
  expect(await ended(executionId)).toBe('succeeded');
  await ask('GET', `/api/v1/executions/${executionId}/comparison`);
  await teach(done);
  expect(await ended(await run('fail'))).toBe('failed');

  await letProgramIn();

  const cancelled = await run('hang');
  await until(() => processesOf(home).some((line) => line.includes('hostile-server')));
  await until(async () => (await statusOf(cancelled)) === 'running');
  lookAtProcesses();
  await ask('POST', `/api/v1/executions/${cancelled}/cancel`);
  expect(await ended(cancelled)).toBe('cancelled');

  await chat();
  await hook();
  const interrupted = await run('hang');
  await until(async () => (await statusOf(interrupted)) === 'running');
  lookAtProcesses();
  logs.push(vm.stderr());
  vm.process.kill('SIGKILL');
  await until(() => vm.process.signalCode !== null);
  await start();
  await ask('POST', `/api/v1/executions/${interrupted}/cancel`);
  await ended(interrupted);
}, 300_000);

/** A proposal from what a run did, and one from a text that has a secret in it: shown, rehearsed, changed and accepted. */
async function teach(executionId: string): Promise<void> {
  const skillMd = `---\nname: taught\ndescription: About ${privateMark}\n---\n\nTell ${secretOf('a setting')} to nobody.\n`;
  for (const [index, from] of [{ executionId }, { skillMd }].entries()) {
    const { id = '' } = await ask('POST', '/api/v1/proposals', { from, slug: `taught-${index}` });
    const rehearsed = await ask('POST', `/api/v1/proposals/${id}/rehearse`, {
      input: { note: privateMark },
    });
    await ended(rehearsed.executionId ?? '');
    await ask('GET', `/api/v1/proposals/${id}`);
    await ask('POST', `/api/v1/proposals/${id}`, { decision: 'accept' });
  }
}

/** A program signs in to `/mcp` by OAuth, runs a skill, renews, and is refused in each way that is said with words. */
async function letProgramIn(): Promise<void> {
  const redirectUri = 'http://127.0.0.1/callback';
  const verifier = randomBytes(32).toString('base64url');
  const send = async (route: string, init: RequestInit): Promise<Record<string, string>> =>
    (await (await fetch(new URL(route, vm.url), { method: 'POST', ...init })).json()) as Record<
      string,
      string
    >;
  const post = (fields: Record<string, string>, route = '/oauth/token') =>
    send(route, { body: new URLSearchParams(fields) });
  const { client_id: client = '' } = await send('/oauth/register', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Editor', redirect_uris: [redirectUri] }),
  });
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id: client, redirect_uri: redirectUri, state: 's' },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const { returnTo = '' } = await must(
    vm.api('POST', '/api/v1/apps/decide', { query: String(query), decision: 'allow' }),
  );
  const code = new URL(returnTo).searchParams.get('code') ?? '';
  const exchange = { grant_type: 'authorization_code', client_id: client, code, code_verifier: verifier };
  const first = await post(exchange);
  const call = (token = '') =>
    send('/mcp', {
      headers: {
        ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    }).catch((error: unknown) => ({ unreadable: String(error) }));
  said.push(JSON.stringify(await call(first.access_token)));
  const renewal = {
    grant_type: 'refresh_token',
    client_id: client,
    refresh_token: first.refresh_token ?? '',
  };
  const second = await post(renewal);
  given.push(
    ...[
      code,
      verifier,
      first.access_token,
      first.refresh_token,
      second.access_token,
      second.refresh_token,
    ].map((text) => /[\w-]{43}$/.exec(text ?? '')?.[0] ?? 'not given'),
  );
  said.push(
    JSON.stringify([
      await post({ ...renewal, resource: 'https://elsewhere.example/mcp' }),
      await ask('GET', '/api/v1/apps'),
      await post(exchange),
      await post(renewal),
      await call(second.access_token),
      await post({ token: second.refresh_token ?? '' }, '/oauth/revoke'),
    ]),
  );
}

async function chat(): Promise<void> {
  const { id = '' } = await ask('POST', '/api/v1/conversations', {});
  const attachments = [
    {
      name: 'note.txt',
      mediaType: 'text/plain',
      data: Buffer.from(`${privateMark} ${spread}`).toString('base64'),
    },
  ];
  const sent = await ask('POST', `/api/v1/conversations/${id}/messages`, {
    ...{ text: `Of ${privateMark}: ${secretOf('a setting')}`, attachments },
  });
  expect(await ended(sent.executionId ?? '')).toBe('succeeded');
  await ask('GET', `/api/v1/conversations/${id}`);
}

/** A delivery that was not signed, and one that was, by the VM itself. */
async function hook(): Promise<void> {
  const body = JSON.stringify({ note: `${privateMark} ${spread}` });
  const unsigned = await fetch(new URL('/hooks/hooked', vm.url), { method: 'POST', body });
  said.push(await unsigned.text());
  await ask('POST', '/api/v1/skills/hooked/hook/test', {});
}

it('changes keys, backs up and restores', async () => {
  const file = path.join(place, 'the.age');
  const input = `${secretOf('the passphrase of a backup')}\n`;
  await cli(['backup', 'create', '--to', file, '--passphrase-stdin'], { input });
  await cli(['backup', 'verify', file, '--passphrase-stdin', '--key-file', path.join(place, 'root-key')], {
    input,
  });
  await cli(['key', 'rotate', '--json']);
  await cli(['key', 'rotate', '--root', '--json']);
  await cli(['key', 'rotate', '--audit', '--json']);
  await cli(['backup', 'create', '--to', path.join(place, 'second.age'), '--passphrase-stdin'], { input });
  const other = path.join(place, 'other-home');
  const keyFile = path.join(place, 'root-key');
  await cli(['backup', 'restore', file, '--passphrase-stdin', '--key-file', keyFile, '--yes'], {
    input,
    at: other,
  });
  for (const args of [
    ['secret', 'list'],
    ['config', 'list'],
    ['connection', 'list'],
    ['connection', 'export'],
    ['audit', 'verify'],
  ])
    await cli([...args, '--json']);
  await ask('POST', '/api/v1/core/report', {});
  await until(() => receiver.requests.length > 0);
}, 300_000);

/** Where what it wrote and sent is: the bytes, and what of the two marks may be there. */
async function* everything(): AsyncGenerator<[name: string, bytes: Buffer, isOfOwner: boolean]> {
  logs.push(vm.stderr());
  yield ['answers, streams, the command line', Buffer.from(said.join('\n')), true];
  yield ['logs', Buffer.from(logs.join('\n')), false];
  for (const { raw } of [...model.requests, ...model.others]) yield ['the model', Buffer.from(raw), true];
  for (const { body, headers } of receiver.requests)
    yield ['notices', Buffer.concat([body, Buffer.from(JSON.stringify(headers))]), false];
  yield ['Core', Buffer.from(proxy.sent()), false];
  yield [
    'metrics',
    Buffer.from(
      await (
        await fetch(new URL('/metrics', vm.url), { headers: { authorization: `Bearer ${vm.token}` } })
      ).text(),
    ),
    false,
  ];
  for (const { url, headers, body } of shop.requests.filter((request) => request.url !== '/token'))
    yield [
      'the shop',
      Buffer.from(`${url} ${JSON.stringify({ ...headers, authorization: '' })} ${body}`),
      false,
    ];
  const isKey = (name: string) => name.startsWith('keys/') || name === 'cli-token';
  for (const folder of [home, path.join(place, 'other-home')])
    for (const { file, bytes } of filesUnder(folder, isKey)) yield [`file ${file}`, bytes, true];
  for (const name of ['the.age', 'second.age']) {
    const file = path.join(place, name);
    yield [name, await readFile(file), false];
    const { reader } = await openBackup(await openFile(file), {
      passphrase: secretOf('the passphrase of a backup'),
    });
    for (let line = await reader.line(); line !== undefined; line = await reader.line())
      yield [`a line of ${name}`, Buffer.from(line), true];
  }
}

it('is found nowhere', async () => {
  expect(inProcesses).toEqual([]);
  expect(new Set(given).size).toBe(6);
  expect(given).not.toContain('not given');
  const made = await secretsThatItMade();
  const found: string[] = [];
  for await (const [name, bytes, isOfOwner] of everything()) {
    const texts = [mark, ...given, ...(isOfOwner ? [] : [privateMark]), ...(name === 'Core' ? [] : made)];
    for (const { text, form, around } of findIn(bytes, texts))
      found.push(
        `${name}: ${[...given, ...made].includes(text) ? 'what it made itself' : text} (${form}) ${around}`,
      );
  }
  expect(found).toEqual([]);
}, 300_000);

it('would be found, were it there', () => {
  for (const [form, bytes] of formsOf(mark)) {
    const [first] = findIn(Buffer.concat([Buffer.from('\u0000before '), bytes, Buffer.from(' behind')]), [
      mark,
    ]);
    expect(first?.text, form).toBe(mark);
  }
});

/** The owner's token, and every value that is sealed and nobody entered. */
async function secretsThatItMade(): Promise<string[]> {
  const { url } = JSON.parse(await readFile(path.join(home, 'postgres', 'running.json'), 'utf8')) as {
    url: string;
  };
  const db = await openDatabase(url, { connections: 2 });
  try {
    const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
    const vault = await openVault({ db, settings: keySettings(home), log });
    const values = (await findSealedPlaces(db.prisma)).map(({ place: at, sealed, label }) =>
      openSealed(vault, at, sealed, label),
    );
    return [vm.token, ...values.filter((value) => !value.includes(mark) && !secrets.includes(value))];
  } finally {
    await db.close();
  }
}
