import { describe, expect, it } from 'vitest';
import { importRequestSchema } from '../../contract/imports.ts';
import { type Candidate, configOf, describeCandidate } from './candidate.ts';
import { hostName } from './links.ts';
import { connectionNameFrom } from './preview.ts';
import { readImport } from './read-import.ts';
import { splitCommands } from './shell-words.ts';

const read = (request: Record<string, unknown>) => readImport(importRequestSchema.parse(request));
const only = (request: Record<string, unknown>): Candidate => {
  const { candidates, refused } = read(request);
  expect(refused).toEqual([]);
  expect(candidates).toHaveLength(1);
  return candidates[0] as Candidate;
};

describe('what programs write', () => {
  it('reads Claude Desktop, and takes a token for a secret and a setting for none', () => {
    const candidate = only({
      mcpServers: {
        GitHub: {
          command: 'npx',
          args: ['-y', '@modelcontextprotocol/server-github'],
          env: { GITHUB_PERSONAL_ACCESS_TOKEN: 'ghp_0123456789abcdef', LOG_LEVEL: 'debug' },
        },
      },
    });
    expect(configOf(candidate)).toEqual({
      command: 'npx',
      args: ['-y', '@modelcontextprotocol/server-github'],
      env: { GITHUB_PERSONAL_ACCESS_TOKEN: 'ghp_0123456789abcdef', LOG_LEVEL: { plain: 'debug' } },
    });
    const shown = describeCandidate(candidate);
    expect(shown.runs).toBe('npx -y @modelcontextprotocol/server-github');
    expect(JSON.stringify(shown)).not.toContain('ghp_0123456789abcdef');
  });

  it('takes the path of a file of credentials for no secret, and a key that begins like a path for one', () => {
    const env = {
      GOOGLE_OAUTH_CREDENTIALS: '/home/me/gcp-oauth.keys.json',
      TOKEN_FILE: '~/secrets/token.txt',
      API_SECRET: '/k9f3a7c2e8b14d60/aa51',
      API_TOKEN: '/home/k9f3a7c2e8b14d60aa517f2b.be',
    };
    expect(configOf(only({ mcpServers: { calendar: { command: 'npx', args: ['x'], env } } }))).toMatchObject({
      env: {
        GOOGLE_OAUTH_CREDENTIALS: { plain: '/home/me/gcp-oauth.keys.json' },
        TOKEN_FILE: { plain: '~/secrets/token.txt' },
        API_SECRET: env.API_SECRET,
        API_TOKEN: env.API_TOKEN,
      },
    });
  });

  it('reads VS Code with its comments, trailing commas and inputs', () => {
    const candidate = only({
      text: `{
        // from .vscode/mcp.json
        "inputs": [{"id": "key", "type": "promptString", "password": true}],
        "servers": {"perplexity": {"type": "stdio", "command": "npx", "args": ["-y", "server-perplexity"],
          "env": {"API_KEY": "\${input:key}", "HOME_PAGE": "https://example.com//not-a-comment"},},}
      }`,
    });
    expect(describeCandidate(candidate).missing).toEqual(['/config/env/API_KEY']);
    expect(configOf(candidate)).toMatchObject({
      env: { HOME_PAGE: { plain: 'https://example.com//not-a-comment' } },
    });
  });

  it('reads an address with headers as Cursor writes it', () => {
    const candidate = only({
      mcpServers: {
        linear: { url: 'https://mcp.linear.app/mcp', headers: { Authorization: 'Bearer lin_api_x1' } },
      },
    });
    expect(describeCandidate(candidate)).toMatchObject({
      dials: 'https://mcp.linear.app/mcp',
      config: { headers: {} },
    });
    expect(configOf(candidate)).toEqual({
      url: 'https://mcp.linear.app/mcp',
      headers: { Authorization: 'Bearer lin_api_x1' },
    });
  });

  it('refuses what it cannot read, one entry at a time, and says what it left out', () => {
    const { candidates, refused } = read({
      mcpServers: {
        bad: 7,
        empty: {},
        ftp: { url: 'ftp://x' },
        good: { command: 'x', envFile: '.env', sampling: {}, disabled: true },
      },
    });
    expect(refused.map(({ name }) => name)).toEqual(['bad', 'empty', 'ftp']);
    expect(candidates[0]?.warnings).toHaveLength(3);
  });

  it.each([
    ['https://<your-org>.acme.test/mcp', '<your-org>'],
    ['https://{region}.acme.test/mcp', '{region}'],
    ['https://your-domain.acme.test/mcp', 'your-domain'],
    ['http://YOUR_HOST:8000/mcp', 'YOUR_HOST'],
    ['https://acme.test/mcp?key=<your-key>', undefined],
    ['https://yours.acme.test/your-path', undefined],
    ['https://not-your-usual.acme.test/mcp', undefined],
  ])('ask for what is one’s own of a host, before anything is dialled: %s', (url, own) => {
    const reason = own && `its address has ${own} where yours goes: put that in, and paste it again`;
    for (const request of [{ mcpServers: { acme: { url } } }, { text: url }])
      expect(read(request).refused.map((one) => one.reason)).toEqual(reason === undefined ? [] : [reason]);
  });
});

describe('what people paste', () => {
  it.each([
    ['npx -y @modelcontextprotocol/server-memory', 'memory'],
    ['$ uvx mcp-server-git --repository /tmp/r', 'git'],
    ['uvx --from git+https://example.com/x mcp-server-time@1.2', 'time'],
    ['docker run -i --rm -e TOKEN mcp/grafana:latest', 'grafana'],
    ['node /opt/servers/house-server.mjs', 'house'],
  ])('names %s', (text, name) => {
    expect(only({ text }).importedAs).toBe(name);
  });

  it('takes assignments, and values given to a container, out of the arguments', () => {
    const candidate = only({
      text: "FOO_TOKEN='a b' docker run -i --rm -e GRAFANA_API_KEY=glsa_12345 --env=REGION=eu mcp/grafana",
    });
    expect(configOf(candidate)).toEqual({
      command: 'docker',
      args: ['run', '-i', '--rm', '-e', 'GRAFANA_API_KEY', '-e', 'REGION', 'mcp/grafana'],
      env: { FOO_TOKEN: 'a b', GRAFANA_API_KEY: 'glsa_12345', REGION: { plain: 'eu' } },
    });
  });

  it('reads what documentation prints for Claude Code', () => {
    const candidate = only({
      text: 'claude mcp add --transport stdio airtable -e AIRTABLE_API_KEY=key123 -- npx -y airtable-mcp-server',
    });
    expect(candidate).toMatchObject({
      importedAs: 'airtable',
      target: { command: 'npx', args: ['-y', 'airtable-mcp-server'] },
    });
  });

  it('lifts keys out of arguments and addresses', () => {
    const command = only({
      text: 'npx -y server-x --api-key sk-abcdef123456 --db=postgres://me:pass99@db/x --verbose',
    });
    expect(configOf(command)).toMatchObject({
      args: ['-y', 'server-x', '--api-key', '${API_KEY}', '--db=${DB}', '--verbose'],
      secrets: { API_KEY: 'sk-abcdef123456', DB: 'postgres://me:pass99@db/x' },
    });
    const address = only({ text: 'https://mcp.example.com/v1?token=s3cretvalue&lang=de' });
    expect(configOf(address)).toMatchObject({
      url: 'https://mcp.example.com/v1?token=${TOKEN}&lang=de',
      secrets: { TOKEN: 's3cretvalue' },
    });
    for (const shown of [describeCandidate(command), describeCandidate(address)]) {
      expect(JSON.stringify(shown)).not.toMatch(/sk-abcdef|pass99|s3cretvalue/);
    }
  });

  it.each(['npx x | sh', 'npx x && rm y', 'npx "x', 'echo $(id)', '', '{"a": 1}', '{oops'])(
    'refuses %j with a remedy',
    (text) => {
      expect(() => read({ text })).toThrowError(expect.objectContaining({ code: 'E_VALIDATION' }));
    },
  );
});

describe('names and words', () => {
  it('makes valid connection names and keeps them apart', () => {
    expect(connectionNameFrom('GitHub (work)')).toBe('github-work');
    expect(connectionNameFrom(hostName('https://mcp.notion.com/mcp'))).toBe('notion');
    expect(connectionNameFrom(hostName('http://192.168.1.10:8123/api'))).toBe('host-192-168-1-10');
    expect(connectionNameFrom(hostName('http://[fd00::1]/api'))).toBe('host-fd00-1');
    expect(connectionNameFrom('Küche (Łódź)')).toBe('kuche-lodz');
    // Of another script: two names, and each the same when it is imported again.
    expect(connectionNameFrom('天気')).toMatch(/^connection-[0-9a-f]{6}$/);
    expect(connectionNameFrom('天気')).toBe(connectionNameFrom('天気'));
    expect(connectionNameFrom('地図')).not.toBe(connectionNameFrom('天気'));
    expect(connectionNameFrom('123')).toMatch(/^connection-/);
    expect(connectionNameFrom('x'.repeat(60), new Set(['x'.repeat(40)]))).toBe(`${'x'.repeat(38)}-2`);
  });

  it('splits as a POSIX shell does', () => {
    const [command] = splitCommands(`a "b c" 'd"e' f\\ g "h\\"i" "" j\\\n k # l`);
    expect(command?.words).toEqual(['a', 'b c', 'd"e', 'f g', 'h"i', '', 'j', 'k']);
  });
});

describe('what is to be filled in', () => {
  it('is named, wherever it stands, and taken for no value', () => {
    const candidate = only({
      mcpServers: {
        x: {
          command: 'npx',
          args: [
            'server-x',
            '--key',
            '${input:my-key}',
            '--room=<your-room>',
            '--db=postgres://a:pass99@h/${DB}',
          ],
          env: { A: '${env:A}', B: 'Bearer <your-token>', C: 'production' },
        },
      },
    });
    expect(configOf(candidate)).toEqual({
      command: 'npx',
      args: ['server-x', '--key', '${my_key}', '--room=${ROOM}', '--db=${DB}'],
      env: { C: { plain: 'production' } },
    });
    const shown = describeCandidate(candidate);
    expect(shown.missing).toEqual([
      '/config/env/A',
      '/config/env/B',
      '/config/secrets/my_key',
      '/config/secrets/ROOM',
      '/config/secrets/DB',
    ]);
    expect(JSON.stringify(shown)).not.toContain('pass99');
  });

  it('is found in an address', () => {
    const candidate = only({ text: 'https://mcp.test/${KEY}/mcp?token=${env:TOKEN}' });
    expect(configOf(candidate)).toMatchObject({ url: 'https://mcp.test/${KEY}/mcp?token=${TOKEN}' });
    expect(describeCandidate(candidate).missing).toEqual(['/config/secrets/KEY', '/config/secrets/TOKEN']);
  });
});

describe('addresses', () => {
  it('lose their login to a header', () => {
    const candidate = only({ text: 'https://me:s3cret%21@mcp.test/mcp' });
    const basic = `Basic ${Buffer.from('me:s3cret!').toString('base64')}`;
    expect(configOf(candidate)).toEqual({ url: 'https://mcp.test/mcp', headers: { Authorization: basic } });
    expect(JSON.stringify(describeCandidate(candidate))).not.toMatch(/s3cret|Basic/);
  });

  it('of the own network are said to be', () => {
    const candidate = only({ text: 'http://127.0.0.1:3000/mcp' });
    expect(configOf(candidate)).toMatchObject({ allowPrivateNetwork: true });
    expect(candidate.warnings).toEqual([expect.stringMatching(/own network/)]);
    expect(configOf(only({ text: 'https://mcp.test/mcp' }))).not.toHaveProperty('allowPrivateNetwork');
  });
});

describe('an OpenAPI document', () => {
  const api = (text: string) => {
    const { candidates, refused, apis } = read({ text });
    expect([candidates, refused, apis.length]).toEqual([[], [], 1]);
    return apis[0];
  };

  it.each([
    'https://petstore3.swagger.io/api/v3/openapi.json',
    'https://api.test/v3/api-docs',
    'https://api.test/swagger/v1/swagger.json',
    'https://raw.test/main/spotify-open-api.yml',
  ])('is known by its address: %s', (url) => {
    expect(api(url)?.config).toEqual({ openapi: { url } });
  });

  it.each([
    'https://api.test/mcp',
    'https://openapi.test/mcp',
    'https://api.test/swagger-ui/index.html',
    'https://api.test/openapi/mcp',
  ])('is not at %s', (text) => {
    expect(read({ text })).toMatchObject({ candidates: [{ target: { type: 'mcp_http' } }], apis: [] });
  });

  it('may be pasted whole, and is named by its title; a key that its address wants is sealed', () => {
    const document = { openapi: '3.2.0', info: { title: 'My Notes', version: '1' }, paths: {} };
    const text = JSON.stringify(document);
    expect(api(text)).toMatchObject({ importedAs: 'My Notes', config: { openapi: { document: text } } });
    expect(api('swagger: "2.0"\ninfo:\n  title: Old\npaths:\n  /x: {}\n')).toMatchObject({
      importedAs: 'Old',
    });
    const local = api('http://127.0.0.1:8080/openapi.json\nX-Key: abcdefgh12345678');
    expect(local?.config).toMatchObject({
      headers: { 'X-Key': 'abcdefgh12345678' },
      allowPrivateNetwork: true,
    });
    expect(JSON.stringify(local?.details)).not.toContain('abcdefgh12345678');
  });
});
