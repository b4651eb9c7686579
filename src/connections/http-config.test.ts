/** The leaves that are secrets, and what is approved. */
import { describe, expect, it } from 'vitest';
import { httpApiConfigSchema, mcpHttpConfigSchema } from '../contract/http-connections.ts';
import { approvedPart, mapSecrets, openHeaders, type SecretLeaf, secretDestinations } from './http-config.ts';

const mcp = mcpHttpConfigSchema.parse({
  url: 'https://mcp.test/${KEY}',
  headers: { Authorization: 's3cret-1', 'X-Team': { plain: 'blue' }, 'x~y': 's3cret-2' },
  secrets: { KEY: 's3cret-3' },
  oauth: { clientId: 'me', clientSecret: 's3cret-4', accessToken: 's3cret-5', refreshToken: 's3cret-6' },
  timeoutMs: 5_000,
});

const authOf = (auth: object) =>
  httpApiConfigSchema.parse({
    baseUrl: 'https://api.test',
    operations: [{ name: 'a', method: 'GET', path: '/a' }],
    headers: { 'X-Key': 's3cret-0' },
    auth,
  });

const leavesOf = (type: 'mcp_http' | 'http_api', config: Record<string, unknown>) => {
  const leaves: [SecretLeaf, string][] = [];
  const mapped = mapSecrets(type, config, (leaf, value) => {
    leaves.push([leaf, value]);
    return { sealed: true };
  });
  expect(JSON.stringify(mapped)).not.toContain('s3cret');
  return leaves.map(([{ pointer, field }]) => `${pointer} ${field}`);
};

describe('secret leaves', () => {
  it('are every credential, and nothing that is plain', () => {
    expect(leavesOf('mcp_http', mcp)).toEqual([
      '/config/headers/Authorization Authorization',
      '/config/headers/x~0y x~y',
      '/config/secrets/KEY KEY',
      '/config/oauth/clientSecret clientSecret',
      '/config/oauth/accessToken accessToken',
      '/config/oauth/refreshToken refreshToken',
    ]);
    const cases: [object, string[]][] = [
      [{ type: 'none' }, []],
      [{ type: 'bearer', token: 's3cret' }, ['token']],
      [{ type: 'basic', username: 'me', password: 's3cret' }, ['password']],
      [{ type: 'header', name: 'X-Other', value: 's3cret' }, ['value']],
      [{ type: 'query', name: 'key', value: 's3cret' }, ['value']],
      [
        {
          type: 'oauth2ClientCredentials',
          tokenUrl: 'https://id.test/token',
          clientId: 'me',
          clientSecret: 's3cret',
        },
        ['clientSecret'],
      ],
    ];
    for (const [auth, fields] of cases) {
      expect(leavesOf('http_api', authOf(auth))).toEqual([
        '/config/headers/X-Key X-Key',
        ...fields.map((field) => `/config/auth/${field} ${field}`),
      ]);
    }
  });

  it('open again to what can be sent', () => {
    expect(openHeaders({ a: 'x', b: { plain: 'y' } })).toEqual({ a: 'x', b: 'y' });
  });
});

describe('what is approved', () => {
  it('is all that decides where a request goes, without secrets, logins and limits', () => {
    expect(approvedPart('mcp_http', mcp)).toEqual({
      url: 'https://mcp.test/${KEY}',
      headers: { Authorization: { secret: true }, 'X-Team': { plain: 'blue' }, 'x~y': { secret: true } },
      secrets: { KEY: { secret: true } },
      allowPrivateNetwork: false,
    });
    expect(
      JSON.stringify(approvedPart('http_api', authOf({ type: 'bearer', token: 's3cret' }))),
    ).not.toContain('s3cret');
  });

  it('names where the secrets go', () => {
    expect(secretDestinations('mcp_http', mcp)).toEqual(['https://mcp.test/${KEY}']);
    const auth = {
      type: 'oauth2ClientCredentials',
      tokenUrl: 'https://id.test/token',
      clientId: 'me',
      clientSecret: 's',
    };
    expect(secretDestinations('http_api', authOf(auth))).toEqual([
      'https://api.test',
      'https://id.test/token',
    ]);
    expect(
      secretDestinations(
        'http_api',
        httpApiConfigSchema.parse({ openapi: { url: 'https://docs.test/o.json' } }),
      ),
    ).toEqual(['{"url":"https://docs.test/o.json"}']);
  });
});
