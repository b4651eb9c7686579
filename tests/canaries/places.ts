/** How each secret gets to where it belongs. Whoever adds a place where one enters adds a line here, and to secrets.ts. */
import path from 'node:path';
import { json } from '../helpers/json-api.ts';
import { realServer } from '../helpers/mcp/stdio-link.ts';
import { ask, cli, must, outsiders, remote, said, shop, signedIn, vm } from './ground.ts';
import { type PlaceName, secrets } from './secrets.ts';

const hostile = path.join(import.meta.dirname, '../helpers/mcp/hostile-server.ts');
/** Given elsewhere: to `startVm`, to `backup create`, or by the shop and by who signs in. */
const elsewhere = async () => {};

const setting = (key: string) => (value: string) => must(vm.api('PUT', `/api/v1/config/${key}`, { value }));

async function connect(name: string, type: string, config: object): Promise<void> {
  await must(vm.api('POST', '/api/v1/connections', { name, type, config }));
  await must(vm.api('POST', `/api/v1/connections/${name}/discover`));
}

const api = (name: string, auth: object) =>
  connect(name, 'http_api', {
    ...{ baseUrl: shop.url, openapi: { url: `${shop.url}/openapi.json` }, allowPrivateNetwork: true },
    auth,
  });

/** A channel that is told of all there is, results too. */
const channel = (kind: string, config: object) =>
  ask('POST', '/api/v1/notice-channels', {
    ...{ name: kind, kind, config: { ...config, allowPrivateNetwork: true } },
    rules: { events: ['failed', 'waiting', 'done', 'channel', 'login', 'model'] },
  });

export const places: Record<PlaceName, (secret: string) => Promise<unknown>> = {
  'the environment of the first start': elsewhere,
  'the headers for a collector of traces': elsewhere,
  'the root key': elsewhere,
  'a setting': setting('house_password'),
  'standard input of the command line': (secret) =>
    cli(['config', 'set', 'door_token', '--secret-stdin'], { input: `${secret}\n` }),
  'the key of a store of backups': setting('backup_s3_secret_key'),
  'the address of notices to programs': (part) =>
    channel('webhook', {
      ...{ url: `${outsiders.by.webhook.url}/${part}`, secret: secrets['the secret of notices to programs'] },
    }),
  'the secret of notices to programs': elsewhere,
  'the address of a browser’s push service': (part) =>
    channel('browser', {
      ...outsiders.push.subscription,
      ...{ endpoint: `${outsiders.push.subscription.endpoint}/${part}`, device: 'Laptop' },
    }),
  'what a browser shares with who sends it notices': elsewhere,
  'the password of a mail server': (password) =>
    channel('email', {
      ...{ host: '127.0.0.1', port: String(outsiders.mail.port), security: 'starttls', user: 'alfred' },
      ...{ password, from: 'alfred@house.example', to: 'me@house.example' },
    }),
  'the topic of ntfy': (topic) =>
    channel('ntfy', { server: outsiders.by.ntfy.url, topic, token: secrets['the token of ntfy'] }),
  'the token of ntfy': elsewhere,
  'the token of a bot of Telegram': (token) =>
    channel('telegram', { server: outsiders.by.telegram.url, token, chat: '42' }),
  'the address of a webhook of Slack': (part) =>
    channel('slack', { url: `${outsiders.by.slack.url}/${part}` }),
  'the address of a webhook of Discord': (part) =>
    channel('discord', { url: `${outsiders.by.discord.url}/${part}` }),
  'a variable of a program': (API_KEY) =>
    connect('everything', 'mcp_stdio', {
      ...{ command: 'node', args: [realServer('server-everything')], env: { API_KEY } },
    }),
  'a header of a server': (Authorization) =>
    connect('remote', 'mcp_http', { url: remote.url, allowPrivateNetwork: true, headers: { Authorization } }),
  'a part of the address of a server': (KEY) =>
    connect('addressed', 'mcp_http', {
      ...{ url: `${remote.url}?key=\${KEY}`, secrets: { KEY }, allowPrivateNetwork: true },
    }),
  'the login of an API': (clientSecret) =>
    api('shop', {
      ...{ type: 'oauth2ClientCredentials', clientId: 'alfred', clientSecret },
      tokenUrl: `${shop.url}/token`,
    }),
  'the token of an API': (token) => api('by-token', { type: 'bearer', token }),
  'the password of an API': (password) => api('by-password', { type: 'basic', username: 'alfred', password }),
  'a header of an API': (value) => api('by-header', { type: 'header', name: 'X-Key', value }),
  'a key in the query of an API': (value) => api('by-query', { type: 'query', name: 'key', value }),
  'what another program has set up': async (API_TOKEN) => {
    const mcpServers = { imported: { command: 'node', args: [hostile], env: { API_TOKEN } } };
    await must(vm.api('POST', '/api/v1/connections/import', { mcpServers, apply: true }));
    await ask('POST', '/api/v1/connections/imported/approve', {});
    await ask('POST', '/api/v1/connections/imported/discover');
  },
  'a webhook': (secret) =>
    must(
      vm.api('POST', '/api/v1/skills', {
        ...{ slug: 'hooked', name: 'Hooked', steps: [{ id: 1, prompt: 'SUCCEED', allowedTools: [] }] },
        ...{ triggerType: 'webhook', triggerConfig: { secret } },
      }),
    ),
  'a token that an API issued': elsewhere,
  'the token of a sign-in': signIn,
  'what renews a sign-in': elsewhere,
  'the password of its owner': enterPassword,
  'the passphrase of a backup': elsewhere,
};

/** Signs in by OAuth: what the authorization server gives is a secret that nobody entered. */
async function signIn(token: string): Promise<void> {
  signedIn.good.set(token, 'ada');
  signedIn.answers.push((response) =>
    json(response, {
      ...{ access_token: token, token_type: 'Bearer', expires_in: 3600 },
      refresh_token: secrets['what renews a sign-in'],
    }),
  );
  const config = { url: signedIn.mcp, allowPrivateNetwork: true };
  await must(vm.api('POST', '/api/v1/connections', { name: 'signed', type: 'mcp_http', config }));
  const { url = '' } = await must(vm.api('POST', '/api/v1/connections/signed/login', { way: 'paste' }));
  const callbackUrl = signedIn.visit(url);
  await must(vm.api('POST', '/api/v1/connections/signed/login/finish', { callbackUrl }));
}

/** Sets it by the command line, and says it to the API well and badly. */
async function enterPassword(password: string): Promise<void> {
  await cli(['password', 'set', '--password-stdin'], { input: `${password}\n` });
  for (const [method, body] of [
    ['PUT', { password, more: password }],
    ['POST', { password }],
    ['POST', { password: `${password}, or not` }],
  ] as const) {
    const url = new URL(method === 'PUT' ? '/api/v1/password' : '/api/v1/session', vm.url);
    const headers = { authorization: `Bearer ${vm.token}`, 'content-type': 'application/json' };
    said.push(await (await fetch(url, { method, headers, body: JSON.stringify(body) })).text());
  }
}
