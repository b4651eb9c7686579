/** Signing in by a code on another device: at oidc-provider, and at a server that answers as a test says. */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Canary, startCanary } from '../../../tests/helpers/canary.ts';
import { closedAfterEach } from '../../../tests/helpers/closed-after-each.ts';
import { createLoginBench, type LoginBench } from '../../../tests/helpers/oauth/login-bench.ts';
import { enterCodeThere, handMade, startOidcApi } from '../../../tests/helpers/oauth/oidc-api.ts';
import { beginDeviceLoginSchema } from '../../contract/logins.ts';
import { getConnection } from '../get-connection.ts';
import { updateConnection } from '../update-connection.ts';
import { DeviceLogins } from './device-logins.ts';

let bench: LoginBench;
let devices: DeviceLogins;
const opened = closedAfterEach();
beforeAll(async () => {
  bench = await createLoginBench();
  return () => bench.close();
});
beforeEach(() => {
  devices = new DeviceLogins(bench.deps);
});
afterEach(async () => {
  await devices.stop();
});

const begin = (name: string, wish: object = handMade) =>
  devices.begin(name, beginDeviceLoginSchema.parse(wish), 'owner');
const shown = (name: string) => getConnection(bench.deps, name);
const until = (name: string, state: object) =>
  vi.waitFor(async () => expect(await shown(name)).toMatchObject(state), { timeout: 240_000, interval: 100 });

it('at oidc-provider goes on after a restart, asks at the pace of the server, and is renewed', async () => {
  const server = await startOidcApi({ accessTtl: 2 });
  opened.push(server);
  const name = await bench.connectApi(server.document, { include: ['whoami'] });
  const begun = await begin(name);
  expect(begun).toMatchObject({
    state: 'waiting',
    userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
    verificationUri: `${server.url}/device`,
    issuer: server.url,
    scope: 'notes:read offline_access',
    begunBy: 'owner',
  });
  expect(await shown(name)).toMatchObject({ deviceLogin: { state: 'waiting', why: null } });
  // Nobody who may only look is shown the code.
  expect(JSON.stringify(await shown(name))).not.toContain(begun.userCode);
  await devices.stop();
  devices = new DeviceLogins(bench.deps);
  await devices.start();
  await enterCodeThere(begun.verificationUriComplete ?? '');
  await until(name, {
    status: 'ready',
    tools: ['whoami'],
    login: { state: 'signed_in', grantedBy: 'owner', client: 'hand', renews: true },
  });
  expect(await shown(name)).not.toHaveProperty('deviceLogin');
  await expect(devices.read(name)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  const renewals = () => server.tokenRequests().filter((form) => form.get('grant_type') === 'refresh_token');
  while (renewals().length < 2) expect(await bench.text(name)).toContain('ada');
  const row = await bench.deps.db.pool.query(`SELECT config::text FROM connections WHERE name = $1`, [name]);
  expect(JSON.stringify(row.rows) + bench.logged()).not.toContain('c4nary');
});

describe('at a server that answers as it is told', () => {
  type Answer = [status: number, body: object] | 'cut';
  type Told = Canary & { answers: Answer[]; codes: Record<string, unknown>; asked: () => URLSearchParams[] };

  async function told(answers: Answer[], codes: Record<string, unknown> = {}): Promise<Told> {
    const server = await startCanary((request, response) => {
      const say = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (request.url === '/openapi.json') say(200, documentOf(server.url));
      else if (request.url === '/device') {
        const usual = {
          device_code: 'code-c4nary-1',
          user_code: 'WDJB-MJHT',
          verification_url: `${server.url}/go`,
        };
        say(200, { ...usual, expires_in: 600, interval: 0.05, ...codes });
      } else {
        const answer = answers.shift() ?? [400, { error: 'authorization_pending' }];
        if (answer === 'cut') response.destroy();
        else say(...answer);
      }
    });
    opened.push(server);
    const asked = () =>
      server.requests
        .filter(({ url }) => url === '/token')
        .map(({ body }) => new URLSearchParams(String(body)));
    return { ...server, answers, codes, asked };
  }
  const documentOf = (url: string) => ({
    openapi: '3.2.0',
    info: { title: 'x', version: '1' },
    servers: [{ url }],
    security: [{ s: [] }],
    components: {
      securitySchemes: {
        s: {
          type: 'oauth2',
          flows: {
            deviceAuthorization: {
              deviceAuthorizationUrl: `${url}/device`,
              tokenUrl: `${url}/token`,
              scopes: {},
            },
          },
        },
      },
    },
    paths: { '/x': { get: { operationId: 'x', responses: {} } } },
  });
  const client = { clientId: 'a public one' };
  const given: Answer = [200, { access_token: 'token-c4nary', scope: null }];

  it('waits while it is pending, and is signed in then', async () => {
    const server = await told([
      [428, { error: 'authorization_pending' }],
      [200, { error: 'authorization_pending' }],
      'cut',
      given,
    ]);
    const name = await bench.connectApi(`${server.url}/openapi.json`);
    expect(await begin(name, client)).toMatchObject({ verificationUri: `${server.url}/go`, scope: null });
    await until(name, { login: { state: 'signed_in', renews: false } });
    expect(server.asked()).toHaveLength(4);
    expect(server.asked()[0]?.get('client_id')).toBe(client.clientId);
  });

  it.each<[string, Answer, string, RegExp]>([
    ['denied', [400, { error: 'access_denied' }], 'denied', /was refused there/],
    ['told that the code is over', [400, { error: 'expired_token' }], 'expired', /not entered in time/],
    ['refused otherwise', [400, { error: 'invalid_grant' }], 'failed', /invalid_grant/],
  ])('that is %s says so, until somebody puts it away', async (_what, answer, state, why) => {
    const server = await told([answer]);
    const name = await bench.connectApi(`${server.url}/openapi.json`);
    await begin(name, client);
    await until(name, { deviceLogin: { state, why: expect.stringMatching(why) } });
    expect(await devices.read(name)).toMatchObject({ state });
    expect(server.asked()).toHaveLength(1);
    await devices.cancel(name);
    expect(await shown(name)).not.toHaveProperty('deviceLogin');
  });

  it('asks more slowly when it is told to, and remembers it', async () => {
    const server = await told([[400, { error: 'slow_down' }]]);
    const name = await bench.connectApi(`${server.url}/openapi.json`);
    await begin(name, client);
    const interval = async () => {
      const row = await bench.deps.db.prisma.connection.findUniqueOrThrow({ where: { name } });
      return (row.config as { device: { intervalMs: number } }).device.intervalMs;
    };
    await vi.waitFor(async () => expect(await interval()).toBe(5_050), { timeout: 240_000 });
    await devices.cancel(name);
  });

  it('ends by itself when its time is over', async () => {
    const server = await told([], { expires_in: 0.2 });
    const name = await bench.connectApi(`${server.url}/openapi.json`);
    await begin(name, client);
    await until(name, { deviceLogin: { state: 'expired' } });
  });

  it('that was cancelled, or whose connection is another by then, leaves nobody signed in', async () => {
    const server = await told([]);
    const [one, other] = [
      await bench.connectApi(`${server.url}/openapi.json`),
      await bench.connectApi(`${server.url}/openapi.json`),
    ];
    await begin(one, client);
    await devices.cancel(one);
    await begin(other, client);
    const who = { actor: 'owner', mayApprove: true };
    await updateConnection(bench.deps, other, { config: { include: ['x'] } }, who);
    server.answers.push(given, given);
    await devices.stop();
    await devices.start();
    for (const name of [one, other]) expect((await shown(name)).login).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>]>([
    ['a page that is none', { verification_url: 'javascript:alert(1)' }],
    ['no page', { verification_url: undefined }],
    ['a code that nobody can read', { user_code: 'A\u202eB' }],
  ])('is not begun with %s', async (_what, codes) => {
    const server = await told([], codes);
    const name = await bench.connectApi(`${server.url}/openapi.json`);
    await expect(begin(name, client)).rejects.toMatchObject({ code: 'E_LOGIN_FAILED' });
    expect(await shown(name)).not.toHaveProperty('deviceLogin');
  });
});
