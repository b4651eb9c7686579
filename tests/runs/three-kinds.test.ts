/**
 * One skill over a connection of each kind (a program, MCP by HTTP, an HTTP API behind OAuth2 client credentials) in one
 * step: true results of all three, rehearsed and by the scripted model, and the token renewed when it ends or is refused.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createConnection } from '../../src/connections/create-connection.ts';
import { discoverTools } from '../../src/connections/discover-tools.ts';
import { getConnection } from '../../src/connections/get-connection.ts';
import { connectionInputSchema } from '../../src/contract/connection-types.ts';
import type { Execution } from '../../src/contract/executions.ts';
import type { Canary } from '../helpers/canary.ts';
import { json, startApi } from '../helpers/json-api.ts';
import { type Everything, startEverything } from '../helpers/mcp/everything-http.ts';
import { realServer } from '../helpers/mcp/stdio-link.ts';
import { toolResultsOf } from '../helpers/messages-api.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

const client = 'c4nary-client-9e02f5a8637b1d';
const tokenSecret = 'c4nary-token-02f5a8637b1d9e';
const note = 'The kettle is on the left shelf.';

let bench: RunnerBench;
let folder: string;
let remote: Everything;
let shop: Canary;
/** Seconds that a token lives. */
let lifetime = 3600;
let isClientGone = false;
/** Tokens as they were issued; the API takes the last alone. */
const issued: string[] = [];

beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
  folder = await mkdtemp(path.join(tmpdir(), 'alfred-kinds-'));
  await writeFile(path.join(folder, 'note.txt'), `${note}\n`);
  [remote, shop] = await Promise.all([startEverything('streamableHttp'), startShop()]);
  await bench.addConnection('files', [realServer('server-filesystem'), folder]);
  await add('mcp_http', 'remote', { url: remote.url, headers: { Authorization: `Bearer ${client}` } });
  await add('http_api', 'shop', {
    baseUrl: shop.url,
    openapi: { url: `${shop.url}/openapi.json` },
    auth: {
      ...{ type: 'oauth2ClientCredentials', clientId: 'alfred', clientSecret: client, scope: 'read' },
      tokenUrl: `${shop.url}/token`,
    },
  });
  await bench.addSkill({
    slug: 'all-three',
    steps: [
      {
        prompt: 'Read {{path}}, add {{a}} and {{b}}, and look up item {{id}}',
        allowedTools: ['mcp__files__read_text_file', 'mcp__remote__get-sum', 'mcp__shop__getItem'],
      },
    ],
  });
});
afterAll(async () => {
  await bench.close();
  await Promise.all([remote.close(), shop.close(), rm(folder, { recursive: true, force: true })]);
});

async function add(type: string, name: string, config: object): Promise<void> {
  const input = connectionInputSchema.parse({ name, type, config: { ...config, allowPrivateNetwork: true } });
  await createConnection(bench.connectionDeps, input, { actor: 'owner', mayApprove: true });
  await discoverTools(bench.connectionDeps, name);
}

/** An API with its own token endpoint (RFC 6749 section 4.4) that repeats the token it was shown. */
function startShop(): Promise<Canary> {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } };
  return startApi({
    'GET /openapi.json': (_request, response) =>
      json(response, {
        openapi: '3.0.3',
        info: { title: 'Shop', version: '1' },
        paths: { '/items/{id}': { get: { operationId: 'getItem', parameters: [id] } } },
      }),
    'POST /token': (request, response) => {
      const basic = `Basic ${Buffer.from(`alfred:${client}`).toString('base64')}`;
      if (isClientGone || request.headers.authorization !== basic)
        return json(response, { error: 'invalid_client', error_description: `not ${client}` }, 401);
      issued.push(`${tokenSecret}-${issued.length + 1}`);
      return json(response, { access_token: issued.at(-1), token_type: 'Bearer', expires_in: lifetime });
    },
    'GET /items/7': (request, response) =>
      request.headers.authorization === `Bearer ${issued.at(-1)}`
        ? json(response, { id: 7, name: 'copper kettle', shown: request.headers.authorization })
        : json(response, { error: 'invalid_token', shown: request.headers.authorization }, 401),
  });
}

const input = () => ({ path: path.join(folder, 'note.txt'), a: 19, b: 23, id: 7 });

/** Calls all three at once, then ends with what the model was given of each. */
function scriptAllThree(): void {
  bench.api.setScript((request) => {
    const results = toolResultsOf(request.body);
    if (results.length > 0) return { text: `I have: ${JSON.stringify(results)}` };
    return {
      toolCalls: [
        { name: 'mcp__files__read_text_file', input: { path: input().path } },
        { name: 'mcp__remote__get-sum', input: { a: 19, b: 23 } },
        { name: 'mcp__shop__getItem', input: { id: 7 } },
      ],
    };
  });
}

/** Each result stands in the call's row, in the trace and in the output, and no secret does anywhere. */
async function expectTrueResults(execution: Execution): Promise<void> {
  expect(execution.error).toBeNull();
  expect(execution.status).toBe('succeeded');
  expect(execution.steps).toHaveLength(1);
  expect(execution.toolCalls.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
    'mcp__files__read_text_file done',
    'mcp__remote__get-sum done',
    'mcp__shop__getItem done',
  ]);
  const rows = JSON.stringify(execution.toolCalls.map(({ result }) => result));
  for (const [place, text] of Object.entries({
    rows,
    trace: JSON.stringify(execution.trace),
    output: execution.output ?? '',
  })) {
    for (const truth of [note, 'The sum of 19 and 23 is 42', 'copper kettle'])
      expect({ place, truth, found: text.includes(truth) }).toEqual({ place, truth, found: true });
  }
  const everywhere = [await bench.dump(), bench.logged(), ...bench.api.requests.map(({ raw }) => raw)].join();
  for (const secret of [client, tokenSecret]) {
    expect(everywhere).not.toContain(secret);
    expect(everywhere).not.toContain(Buffer.from(`alfred:${secret}`).toString('base64'));
  }
  expect(rows).toContain('[redacted:shop.accessToken]');
}

it('ends with the true results of all three, by the scripted model', async () => {
  scriptAllThree();
  const { execution } = await bench.run('all-three', input());
  await expectTrueResults(execution);
  expect(issued).toHaveLength(1);
});

it('ends with the true results of all three, rehearsed', async () => {
  const asked = bench.api.requests.length;
  const { execution } = await bench.run('all-three', input(), { mode: 'rehearsal' });
  expect(execution).toMatchObject({ mode: 'rehearsal', costUsd: 0 });
  await expectTrueResults(execution);
  expect(bench.api.requests).toHaveLength(asked);
  expect(issued).toHaveLength(1);
});

it('has its token renewed in the middle of a run when the API refuses it, once', async () => {
  scriptAllThree();
  issued.push('revoked');
  const { execution } = await bench.run('all-three', input());
  await expectTrueResults(execution);
  expect(issued).toHaveLength(3);
});

it('has its token renewed when it ends', async () => {
  scriptAllThree();
  lifetime = 1;
  issued.push('revoked');
  await bench.run('all-three', input());
  const before = issued.length;
  const refusals = () => shop.requests.filter(({ url }) => url === '/items/7').length;
  const calls = refusals();
  await sleep(1_000);
  const { execution } = await bench.run('all-three', input());
  await expectTrueResults(execution);
  // Renewed by the clock: the API was asked once and refused nothing.
  expect({ tokens: issued.length - before, calls: refusals() - calls }).toEqual({ tokens: 1, calls: 1 });
});

it('tells the model and the rows that the client is refused, and repeats no secret', async () => {
  scriptAllThree();
  issued.push('revoked');
  isClientGone = true;
  const { execution } = await bench.run('all-three', input());
  const failed = execution.toolCalls.find(({ name }) => name === 'mcp__shop__getItem');
  expect(failed?.status).toBe('failed');
  expect(execution.output).toMatch(/refuses the client.s credentials \(invalid_client, HTTP 401\)/);
  const { status, lastError } = await getConnection(bench.connectionDeps, 'shop');
  expect({ status, lastError }).toEqual({
    status: 'needs_login',
    lastError: expect.stringContaining('invalid_client'),
  });
  expect((await bench.dump()) + bench.logged()).not.toMatch(new RegExp(`${client}|${tokenSecret}`));
});
