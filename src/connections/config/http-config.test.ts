/** What is approved of connections that are dialled, what is refused, and where their secrets go. */
import { describe, expect, it } from 'vitest';
import type { ConnectionType } from '../../contract/connection-types.ts';
import { approvalHash, approvedForm } from './approval.ts';
import { normalConfig, secretsNamed } from './by-type.ts';
import { configProblems, configWarnings } from './check-config.ts';
import { isSameDestination } from './destination.ts';
import { plainValues } from './http-config.ts';
import { parseConfig } from './typed-config.ts';

const read = <Type extends ConnectionType>(type: Type, config: object) => {
  const typed = normalConfig(parseConfig(type, config));
  if (typed.type === 'mcp_stdio') throw new TypeError('not by HTTP');
  return typed;
};
const url = 'https://mcp.test/$' + '{KEY}';
const mcpConfig = {
  url,
  headers: { Authorization: 's3cret-1', 'X-Team': { plain: 'blue' }, 'x~y': 's3cret-2' },
  secrets: { KEY: 's3cret-3' },
  oauth: { clientId: 'me', clientSecret: 's3cret-4', accessToken: 's3cret-5', issuer: 'https://id.test' },
  timeoutMs: 5_000,
};
const apiConfig = {
  baseUrl: 'https://api.test/v1',
  openapi: { url: 'https://docs.test/openapi.json' },
  auth: {
    type: 'oauth2ClientCredentials',
    tokenUrl: 'https://id.test/token',
    clientId: 'me',
    clientSecret: 's3cret-9',
  },
};
const mcp = (more: object = {}) => read('mcp_http', { ...mcpConfig, ...more });
const api = (more: object = {}) => read('http_api', { ...apiConfig, ...more });

describe('what is approved', () => {
  it('is all that decides where a request goes, without secrets, logins and limits', () => {
    expect(approvedForm(mcp())).toEqual({
      url,
      headers: { Authorization: { secret: true }, 'X-Team': { plain: 'blue' }, 'x~y': { secret: true } },
      secrets: { KEY: { secret: true } },
      allowPrivateNetwork: false,
    });
    expect(JSON.stringify(approvedForm(api()))).not.toContain('s3cret');
  });

  it.each([
    ['the address', mcp({ url: 'https://mcp.test/other' })],
    ['the name of a header', mcp({ headers: { 'X-Other': 's3cret-1' } })],
    ['a header that is no secret', mcp({ headers: { ...mcpConfig.headers, 'X-Team': { plain: 'red' } } })],
    ['the private network', mcp({ allowPrivateNetwork: true })],
  ])('changes with %s', (_what, changed) => {
    expect(approvalHash(changed)).not.toEqual(approvalHash(mcp()));
  });

  it.each([
    ['the base URL', api({ baseUrl: 'https://api.test/v2' })],
    ['the document', api({ openapi: { url: 'https://docs.test/other.json' } })],
    ['a document that is sent along', api({ openapi: { document: '{}' } })],
    ['the kind of login', api({ auth: { type: 'bearer', token: 's3cret-9' } })],
    ['where the login goes', api({ auth: { ...apiConfig.auth, tokenUrl: 'https://id.test/other' } })],
    ['what is included', api({ include: ['GET /pets'] })],
    ['an operation', api({ operations: [{ name: 'a', method: 'GET', path: '/a' }] })],
  ])('changes with %s', (_what, changed) => {
    expect(approvalHash(changed)).not.toEqual(approvalHash(api()));
  });

  it('does not change with a secret or a time limit', () => {
    const same = mcp({ headers: { ...mcpConfig.headers, Authorization: 'another' }, timeoutMs: 900 });
    expect(approvalHash(same)).toEqual(approvalHash(mcp()));
  });

  it('takes a document for the same in every form', () => {
    const hashes = ['{"a": [1]}', '{"a":[1]}', { document: '{ "a" : [1] }' }, { document: { a: [1] } }].map(
      (openapi) => approvalHash(api({ openapi })).toString('hex'),
    );
    expect(new Set(hashes).size).toBe(1);
  });
});

describe('where secrets go', () => {
  it.each([
    [false, mcp(), mcp({ url: 'https://mcp.test/other' })],
    [false, mcp(), mcp({ oauth: { ...mcpConfig.oauth, issuer: 'https://evil.test' } })],
    [true, mcp(), mcp({ headers: {}, secrets: {}, allowPrivateNetwork: true })],
    [false, api(), api({ baseUrl: 'https://evil.test/v1' })],
    [false, api(), api({ auth: { ...apiConfig.auth, tokenUrl: 'https://evil.test/token' } })],
    // The owner has said where the API is; the document cannot move it.
    [true, api(), api({ openapi: { url: 'https://evil.test/openapi.json' } })],
    [
      false,
      api({ baseUrl: undefined }),
      api({ baseUrl: undefined, openapi: { url: 'https://evil.test/o' } }),
    ],
    [false, api({ baseUrl: undefined }), api({ baseUrl: undefined, serverVariables: { region: 'x' } })],
  ])('%s', (isSame, before, after) => {
    expect(isSameDestination(before, after)).toBe(isSame);
  });
});

describe('what is refused', () => {
  const host = '$' + '{HOST}';
  it.each([
    ['/config/url', mcp({ url: `https://${host}.test/`, secrets: { HOST: 'evil' } })],
    ['/config/url', mcp({ url: `https://mcp.test:${host}/`, secrets: { HOST: '80' } })],
    ['/config/url', mcp({ url: 'https://me:pw@mcp.test/' })],
    ['/config/secrets/KEY', mcp({ secrets: {} })],
    ['/config/headers/Host', mcp({ headers: { Host: 'evil.test' } })],
    ['/config/headers/a', mcp({ headers: { a: 'x\r\nb: y' } })],
    ['/config/headers/a', mcp({ headers: { a: '' } })],
    ['/config/headers/x/plain', mcp({ headers: { x: { plain: 'encrypted:AAAA' } } })],
    ['/config/auth/token', api({ auth: { type: 'bearer', token: 'two\nlines' } })],
    ['/config/auth/username', api({ auth: { type: 'basic', username: 'a:b', password: 'c' } })],
    ['/config/openapi/file', api({ openapi: 'openapi.json' })],
    ['/config/openapi/url', api({ openapi: { url: 'https://good.test@evil.test/openapi.json' } })],
    ['/config/origin', api({ baseUrl: undefined, origin: 'https://good.test@evil.test' })],
    ['/config/serverVariables/a', api({ serverVariables: { a: 'encrypted:AAAA' } })],
  ])('%s', (field, typed) => {
    const problems = configProblems(typed, { home: '/nowhere' });
    expect(problems.map((problem) => problem.field)).toContain(field);
    expect(JSON.stringify(problems)).not.toMatch(/s3cret|evil|two|AAAA/);
  });

  it('is not what fits', () => {
    for (const typed of [mcp(), api(), api({ auth: { type: 'basic', username: '', password: '' } })])
      expect(configProblems(typed, { home: '/nowhere' })).toEqual([]);
  });
});

it('warns of what a person should know', () => {
  expect(configWarnings(mcp())).toEqual([]);
  expect(configWarnings(mcp({ url: 'http://mcp.test/' }))).toEqual([
    expect.stringMatching(/without encryption/),
  ]);
  expect(configWarnings(mcp({ url: 'http://localhost:3000/mcp', secrets: { A: 'short' } }))).toEqual([
    expect.stringMatching(/^A is shorter/),
    expect.stringMatching(/localhost:3000.*allowPrivateNetwork/),
  ]);
  expect(configWarnings(api({ baseUrl: 'http://[::1]:1/', allowPrivateNetwork: true }))).toEqual([]);
});

it('reads what stands in headers and addresses', () => {
  expect(plainValues({ a: 'x', b: { plain: 'y' } })).toEqual({ a: 'x', b: 'y' });
  expect(secretsNamed(mcp())).toEqual(['KEY']);
});
