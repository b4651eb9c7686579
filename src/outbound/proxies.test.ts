/** The proxies of a machine: whose they are, what goes through them, and that no check is lost on that way. */
import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startCanary } from '../../tests/helpers/canary.ts';
import { closedAfterEach } from '../../tests/helpers/closed-after-each.ts';
import { startConnectProxy } from '../../tests/helpers/connect-proxy.ts';
import { tlsIdentity } from '../../tests/helpers/tls-identity.ts';
import { callCore } from '../core-link/call-core.ts';
import { type Proxies, proxyFor, useProxies } from '../kernel/proxies.ts';
import { readSettings } from '../kernel/settings.ts';
import { createGuardedFetch, type GuardedFetchOptions } from './guarded-fetch.ts';
import { fetchOwn } from './own-fetch.ts';

const opened = closedAfterEach();
afterEach(() => useProxies(readSettings({}).proxies));

async function proxy(options: Parameters<typeof startConnectProxy>[0] = {}) {
  const started = await startConnectProxy(options);
  opened.push(started);
  return started;
}

async function server() {
  const started = await startCanary();
  opened.push(started);
  return started;
}

const through = (url: URL, more: Partial<Proxies> = {}): Proxies => ({
  ...readSettings({}).proxies,
  http: url,
  https: url,
  ...more,
});

/** Stands for the resolver of this machine: names of the outside have public addresses. */
const outside = async () => [{ address: '8.8.8.8', family: 4 }];

function client(options: Partial<GuardedFetchOptions>) {
  const guarded = createGuardedFetch({ allowPrivateNetwork: false, resolve: outside, ...options });
  opened.push(guarded);
  return guarded.fetch;
}

describe('the variables', () => {
  it('are read as other programs read them, that in small letters first', () => {
    const { proxies, childEnvironment } = readSettings({
      HTTP_PROXY: 'proxy.example:3128',
      HTTPS_PROXY: 'http://large.example',
      https_proxy: 'https://me:hidden@small.example:8443',
      NO_PROXY: 'a.example, .B.example  10.0.0.0/8',
    });
    expect(proxies.http?.href).toBe('http://proxy.example:3128/');
    expect(proxies.https?.host).toBe('small.example:8443');
    expect(proxies.direct).toEqual(['a.example', '.b.example', '10.0.0.0/8']);
    expect(proxies.names).toBe('here');
    // Servers inherit what holds no login.
    expect(childEnvironment).toEqual({
      HTTP_PROXY: 'proxy.example:3128',
      HTTPS_PROXY: 'http://large.example',
      NO_PROXY: 'a.example, .B.example  10.0.0.0/8',
    });
  });

  it('are named when they are wrong, and not quoted', () => {
    for (const wrong of ['socks5://me:hidden@proxy.example', 'http://', 'ht tp://x'])
      expect(() => readSettings({ HTTPS_PROXY: wrong })).toThrow(/HTTPS_PROXY: use the http/);
    expect(() => readSettings({ HTTPS_PROXY: 'socks5://me:hidden@proxy.example' })).not.toThrow(/hidden/);
    expect(() => readSettings({ ALFRED_PROXY_NAMES: 'there' })).toThrow('ALFRED_PROXY_NAMES');
  });

  it('leave out what NO_PROXY names, and this machine', () => {
    const { proxies } = readSettings({
      HTTP_PROXY: 'http://proxy.example',
      HTTPS_PROXY: 'http://proxy.example',
      NO_PROXY:
        'near.example,.dotted.example,*.star.example,ported.example:8443,10.0.0.0/8,192.168.1.7,[fd00::1]:80,fd12::/16',
    });
    const isDirect = (address: string) => proxyFor(proxies, new URL(address)) === undefined;
    const direct =
      'http://near.example https://a.near.example http://NEAR.example. https://dotted.example https://a.dotted.example https://a.star.example https://ported.example:8443 http://10.1.2.3:8080 http://192.168.1.7 http://[fd00::1] http://[fd12:3::4] http://localhost:11434 https://a.localhost http://127.0.0.9 http://[::1]:80';
    const proxied =
      'http://far.example https://notnear.example https://ported.example http://11.1.2.3 http://192.168.1.8 http://[fd00::1]:81 http://[fd13::1] https://10.0.0.0.example';
    expect(direct.split(' ').filter((address) => !isDirect(address))).toEqual([]);
    expect(proxied.split(' ').filter(isDirect)).toEqual([]);
    const all = readSettings({ HTTP_PROXY: 'http://proxy.example', NO_PROXY: '*' }).proxies;
    expect(proxyFor(all, new URL('http://far.example'))).toBeUndefined();
    // Each of the two is for its own addresses.
    const one = readSettings({ HTTP_PROXY: 'http://proxy.example' }).proxies;
    expect(proxyFor(one, new URL('https://far.example'))).toBeUndefined();
  });
});

describe('what a connection asks for', () => {
  it('goes through the proxy, to the address that was checked here', async () => {
    const there = await server();
    const via = await proxy({ leadsTo: there.port });
    const fetch = client({ proxies: through(via.url) });
    expect(await (await fetch('http://far.example/a?b=1')).text()).toBe('reached');
    expect(via.asked).toEqual([{ authority: '8.8.8.8:80', login: undefined }]);
    expect(there.last()).toMatchObject({ url: '/a?b=1', headers: { host: 'far.example' } });
  });

  it('is between it and its server alone under TLS, whose certificate is that of the name', async () => {
    const secure = createTlsServer(
      { key: tlsIdentity.key, cert: tlsIdentity.certificate },
      (_request, answer) => answer.end('secure'),
    );
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    opened.push({
      close: async () => {
        secure.closeAllConnections();
        secure.close();
      },
    });
    const { port } = secure.address() as AddressInfo;
    const via = await proxy({ leadsTo: port });
    const url = new URL(via.url);
    [url.username, url.password] = ['me', 'pass%20word'];
    const fetch = client({ proxies: through(url), ca: tlsIdentity.certificate });
    expect(await (await fetch(`https://${tlsIdentity.host}/`)).text()).toBe('secure');
    const login = `Basic ${Buffer.from('me:pass word').toString('base64')}`;
    expect(via.asked).toEqual([{ authority: '8.8.8.8:443', login }]);
    await expect(fetch('https://other.example/')).rejects.toThrow(/certificate of https:\/\/other.example/);
    const distrusting = client({ proxies: through(url) });
    await expect(distrusting(`https://${tlsIdentity.host}/`)).rejects.toThrow(/cannot be trusted/);
  });

  it('is refused where it may not be dialled, and the proxy is not asked', async () => {
    const via = await proxy();
    const resolve = async (name: string) => [
      { address: name === 'inner.example' ? '10.0.0.7' : '169.254.169.254', family: 4 },
    ];
    for (const names of ['here', 'proxy'] as const) {
      const fetch = client({ proxies: through(via.url, { names }), resolve });
      for (const address of [
        'http://inner.example',
        'https://meta.example',
        'http://169.254.169.254',
        'http://10.0.0.7',
      ])
        await expect(fetch(address)).rejects.toMatchObject({ code: 'E_ADDRESS_REFUSED' });
    }
    expect(via.asked).toEqual([]);
  });

  it('is left to the names of the proxy where the owner says so, unknown ones too', async () => {
    const there = await server();
    const via = await proxy({ leadsTo: there.port });
    const resolve = async (name: string) => {
      if (name !== 'unknown.example') return outside();
      throw Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
    };
    const byName = client({ proxies: through(via.url, { names: 'proxy' }), resolve });
    await byName('http://far.example');
    await byName('http://unknown.example:8080');
    expect(via.asked.map(({ authority }) => authority)).toEqual(['far.example:80', 'unknown.example:8080']);
    const byAddress = client({ proxies: through(via.url), resolve });
    await expect(byAddress('http://unknown.example')).rejects.toThrow('No address is known');
  });

  it('is asked for at the next address where one cannot be had, and says what the proxy says', async () => {
    const resolve = async () => ['8.8.8.8', '2606:4700::1111'].map((address) => ({ address, family: 0 }));
    const refusing = await proxy({ status: 403 });
    const url = new URL(refusing.url);
    url.password = 'hidden-password';
    await expect(
      client({ proxies: through(url), resolve })('https://far.example/?key=hidden'),
    ).rejects.toMatchObject({
      code: 'E_CONNECTION_FAILED',
      message: `The proxy ${refusing.url.host} does not connect to [2606:4700::1111]:443 (HTTP 403)`,
      remedy: expect.stringContaining('ALFRED_PROXY_NAMES'),
    });
    expect(refusing.asked.map(({ authority }) => authority)).toEqual([
      '8.8.8.8:443',
      '[2606:4700::1111]:443',
    ]);
    const asking = await proxy({ status: 407 });
    await expect(client({ proxies: through(asking.url) })('https://far.example')).rejects.toThrow(
      'asks for a login',
    );
    const gone = new URL('http://127.0.0.1:1');
    await expect(client({ proxies: through(gone) })('https://far.example')).rejects.toThrow(
      'The proxy 127.0.0.1:1 cannot be reached (ECONNREFUSED)',
    );
  });
});

describe('what the owner names', () => {
  it('goes through the proxy by its name: Core, and whether an endpoint is there', async () => {
    const there = await server();
    const via = await proxy({ leadsTo: there.port });
    useProxies(through(via.url));
    await callCore('http://core.example', { method: 'GET', path: '/v1/key' });
    expect((await fetchOwn('http://model.example/v1', {})).status).toBe(200);
    expect(via.asked.map(({ authority }) => authority)).toEqual(['core.example:80', 'model.example:80']);
    // This machine is asked directly, whatever the variables say.
    await callCore(there.url, { method: 'GET', path: '/v1/key' });
    expect(via.asked).toHaveLength(2);
  });
});
