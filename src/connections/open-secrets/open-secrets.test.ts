/** A config given by hand is kept as it was given; what stands open in it and looks like a secret is said. */
import { describe, expect, it } from 'vitest';
import type { ConnectionType } from '../../contract/connection-types.ts';
import { configProblems, configWarnings } from '../config/check-config.ts';
import { parseConfig } from '../config/typed-config.ts';

const key = 'hunter2-Correct.Horse';
const random = '4f9c2e7a1b8d4063a5e7c9d2f1b6084e';
const warningsOf = (type: ConnectionType, config: object) =>
  configWarnings(parseConfig(type, config)).filter((warning) => warning.includes('in the open'));

describe('what is warned of', () => {
  it.each<[ConnectionType, object]>([
    ['mcp_stdio', { command: 'x', args: ['--api-key', key] }],
    ['mcp_stdio', { command: 'x', args: [`--token=${key}`] }],
    ['mcp_stdio', { command: 'x', args: [`ACME_SECRET=${key}`] }],
    ['mcp_stdio', { command: 'docker', args: ['run', '-e', `ACME_KEY=${key}`, 'acme/mcp'] }],
    [
      'mcp_stdio',
      { command: 'npx', args: ['mcp-remote', 'https://a.test', '--header', `X-Api-Key: ${key}`] },
    ],
    ['mcp_stdio', { command: 'x', args: [`postgresql://u:${key}@db.test/x`] }],
    ['mcp_stdio', { command: 'x', args: [random] }],
    ['mcp_stdio', { command: `npx acme --token ${key}` }],
    ['mcp_stdio', { command: 'sh', args: ['-c', `ACME_TOKEN=${key} acme`] }],
    ['mcp_stdio', { command: 'x', env: { ACME_TOKEN: { plain: key } } }],
    ['mcp_stdio', { command: 'x', env: { ACME: { plain: random } } }],
    ['mcp_http', { url: `https://a.test/mcp?token=${key}` }],
    ['mcp_http', { url: `https://a.test/s/${random}/mcp` }],
    ['mcp_http', { url: 'https://a.test/mcp', headers: { Authorization: { plain: `Bearer ${key}` } } }],
    ['http_api', { baseUrl: `https://a.test/s/${random}`, openapi: { file: '/x.json' } }],
    ['http_api', { openapi: { url: `https://a.test/openapi.json?token=${key}` } }],
  ])('%s %j', (type, config) => {
    const warnings = warningsOf(type, config);
    expect(warnings).toHaveLength(1);
    expect(warnings.join()).not.toContain(key);
    expect(warnings.join()).not.toContain(random);
  });
});

it.each<[ConnectionType, object]>([
  [
    'mcp_stdio',
    { command: 'npx', args: ['-y', '@modelcontextprotocol/server-sequential-thinking@2025.12.18'] },
  ],
  ['mcp_stdio', { command: 'docker', args: ['run', '-i', `acme/mcp@sha256:${random}${random}`] }],
  [
    'mcp_stdio',
    { command: 'uvx', args: ['--from', `git+https://a.test/x.git@${random}`, 'mcp-server-time'] },
  ],
  [
    'mcp_stdio',
    {
      command: 'x',
      args: ['--token', '${TOKEN}', '--max-tokens', '4096', '--auth', 'none'],
      secrets: { TOKEN: key },
    },
  ],
  [
    'mcp_stdio',
    {
      command: 'x',
      args: ['--dsn', 'sqlite:///home/me/shop.db', '/home/me/Documents', '--token-file', '/run/token'],
    },
  ],
  [
    'mcp_stdio',
    { command: 'x', env: { LOG_LEVEL: { plain: 'debug' }, CLIENT_ID: { plain: random }, ACME_KEY: key } },
  ],
  [
    'mcp_http',
    {
      url: 'https://mcp.acme.test/v1/mcp?lang=de',
      headers: { 'X-Team': { plain: 'blue' }, Authorization: key },
    },
  ],
  ['http_api', { baseUrl: 'https://a.test/v1', openapi: { url: 'https://a.test/openapi.json' } }],
])('nothing is said of %s %j', (type, config) => {
  expect(warningsOf(type, config)).toEqual([]);
});

it('takes a token for a secret although the dynamic linker has variables that begin alike', () => {
  const problemsOf = (env: object) =>
    configProblems(parseConfig('mcp_stdio', { command: 'x', env }), { home: '/var/lib/alfred' });
  expect(problemsOf({ LD_ACCESS_TOKEN: key, LD_SDK_KEY: key })).toEqual([]);
  for (const name of ['LD_PRELOAD', 'LD_LIBRARY_PATH_64', 'LD_AUDIT', 'NODE_OPTIONS', 'PATH'])
    expect(problemsOf({ [name]: key })).toMatchObject([{ field: `/config/env/${name}` }]);
});
