/** The VM of the sweep and all that it talks with: each says and repeats whatever it may know. What came of that is kept here. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestCore, type TestCore } from '../helpers/core.ts';
import { json, startApi } from '../helpers/json-api.ts';
import { type Everything, startEverything } from '../helpers/mcp/everything-http.ts';
import { type MessagesApi, startMessagesApi, toolResultsOf } from '../helpers/messages-api.ts';
import { type ScriptedServer, startScriptedServer } from '../helpers/oauth/scripted-server.ts';
import { type RecordingProxy, startRecordingProxy } from '../helpers/recording-proxy.ts';
import { makeHome, runCli, startTestVm, type TestVm } from '../helpers/vm.ts';
import { type Outsiders, startOutsiders } from './outsiders.ts';
import { privateMark, secrets, spread } from './secrets.ts';

export let home: string;
/** Where what is made beside the home goes. */
export let place: string;
export let vm: TestVm;
export let model: MessagesApi;
export let remote: Everything;
export let shop: Awaited<ReturnType<typeof startShop>>;
export let signedIn: ScriptedServer;
export let outsiders: Outsiders;
export let core: TestCore;
export let proxy: RecordingProxy;
/** What the API and the command line answered, and what streams said. */
export const said: string[] = [];
/** What the VM gave to somebody, once: codes, tokens and cookies, without what all of a kind begin with. */
export const given: string[] = [];
/** By what it enrolled at Core. */
export let enrolmentToken: string;
export const logs: string[] = [];

export async function openGround(): Promise<void> {
  place = await mkdtemp(path.join(tmpdir(), 'alfred-sweep-'));
  home = await makeHome();
  await mkdir(path.join(home, 'keys'), { mode: 0o700 });
  const rootKey = Buffer.from(secrets['the root key']).toString('base64');
  for (const file of [path.join(home, 'keys', 'vm_encryption_secret'), path.join(place, 'root-key')])
    await writeFile(file, rootKey, { mode: 0o600 });
  model = await startMessagesApi(({ body }) => answer(body));
  [remote, shop, signedIn, outsiders, core] = await Promise.all([
    startEverything('streamableHttp'),
    startShop(),
    startScriptedServer({ accessTtl: 3_600 }),
    startOutsiders(),
    createTestCore(),
  ]);
  proxy = await startRecordingProxy(core.url);
  enrolmentToken = await core.enrolmentToken();
  await startVm();
}

export async function closeGround(): Promise<void> {
  await vm?.stop({ keepHome: true });
  await Promise.all([model?.close(), remote?.close(), shop?.close(), outsiders?.close(), proxy?.close()]);
  await signedIn?.close();
  await core?.close();
  for (const folder of [home, place]) await rm(folder, { recursive: true, force: true });
}

export async function startVm(): Promise<void> {
  vm = await startTestVm({
    home,
    env: {
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: secrets['the environment of the first start'],
      ALFRED_OTLP_ENDPOINT: outsiders.collector.url,
      ALFRED_OTLP_HEADERS: `authorization=${encodeURIComponent(secrets['the headers for a collector of traces'])}`,
    },
  });
}

/** Kept without what all of a kind begin with. */
export const keepGiven = (...texts: (string | null | undefined)[]): void =>
  void given.push(...texts.map((text) => /[\w-]{43}$/.exec(text ?? '')?.[0] ?? 'not given'));

export async function must(
  answer: Promise<{ status: number; body: unknown }>,
): Promise<Record<string, string>> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body as Record<string, string>;
}

/** Asks the API, and keeps what it says. */
export async function ask(method: string, route: string, body?: unknown): Promise<Record<string, string>> {
  const answer = await must(vm.api(method, route, body));
  said.push(JSON.stringify(answer));
  return answer;
}

export async function cli(
  args: string[],
  { input, at = home }: { input?: string; at?: string } = {},
): Promise<void> {
  const { code, stdout, stderr } = await runCli(at, args, input === undefined ? {} : { input });
  said.push(stdout, stderr);
  if (code !== 0) throw new Error(`alfred ${args.join(' ')}: ${stdout}${stderr}`);
}

/** The API of a shop, which repeats what it was shown. */
const startShop = () =>
  startApi({
    'GET /openapi.json': (_request, response) =>
      json(response, {
        ...{ openapi: '3.0.3', info: { title: 'Shop', version: '1' } },
        paths: { '/items': { get: { operationId: 'listItems' } } },
      }),
    'POST /token': (_request, response) =>
      json(response, {
        ...{ access_token: secrets['a token that an API issued'], token_type: 'Bearer', expires_in: 3600 },
      }),
    'GET /items': ({ headers, url }, response) =>
      json(response, { shown: headers, url, knows: spread, privateMark }),
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
  if (asked.includes('PRIVATE') && results.length === 0)
    return { toolCalls: [{ name: 'mcp__imported__echo', input: { text: privateMark } }] };
  if (asked.includes('SUCCEED') && results.length === 0) {
    return {
      thinking: `I know ${spread}`,
      text: spread,
      toolCalls: [
        { name: 'mcp__everything__get-env', input: {} },
        { name: 'mcp__imported__environment', input: {} },
        ...['shop', 'by-token', 'by-password', 'by-header', 'by-query'].map((name) => ({
          ...{ name: `mcp__${name}__listItems`, input: {} },
        })),
        { name: 'mcp__remote__echo', input: { message: `${spread} ${privateMark}` } },
      ],
    };
  }
  return { text: `Done: ${spread}` };
}
