/**
 * Everything that people paste, with a key in it: each form × each kind of key. Wherever the key stands, it is sealed, and the
 * rest stays readable; where a stand-in stands in its place, that is asked for.
 */
import { describe, expect, it } from 'vitest';
import { importRequestSchema } from '../../contract/imports.ts';
import { mapLeaves, secretLeaves } from '../config/leaves.ts';
import { configOf, describeCandidate } from './candidate.ts';
import { readImport } from './read-import.ts';

const json = (value: unknown) => JSON.stringify(value, null, 2);
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const address = 'https://mcp.acme.test/mcp';
/** In an address; a reference stands there as it is. */
const inAddress = (key: string) => (key.startsWith('${') ? key : encodeURIComponent(key));
const npx = (key: string) => ({ command: 'npx', args: ['-y', 'acme-mcp'], env: { ACME_API_KEY: key } });
const remote = (key: string) => ({ url: address, headers: { Authorization: `Bearer ${key}` } });
const stdio = 'npx -y acme-mcp';

type Form = { form: string; text: (key: string) => string; becomes: string };
const form = (name: string, becomes: string, text: Form['text']): Form => ({ form: name, text, becomes });

/** What a person sees of it: the command, or the address. */
const forms: Form[] = [
  // Settings of other programs.
  form('Claude Desktop', stdio, (key) => json({ mcpServers: { acme: npx(key) } })),
  form('Claude Code .mcp.json over HTTP', address, (key) =>
    json({ mcpServers: { acme: { type: 'http', ...remote(key) } } }),
  ),
  form('~/.claude.json with projects', stdio, (key) =>
    json({ numStartups: 3, projects: { '/home/me': { mcpServers: { acme: npx(key) } } } }),
  ),
  form('Cursor', address, (key) => json({ mcpServers: { acme: remote(key) } })),
  form(
    'VS Code mcp.json',
    stdio,
    (key) => `{\n  // mine\n  "servers": { "acme": ${json({ type: 'stdio', ...npx(key) })}, },\n}`,
  ),
  form('VS Code settings.json', address, (key) =>
    json({ mcp: { inputs: [], servers: { acme: { type: 'http', ...remote(key) } } } }),
  ),
  form('Windsurf', address, (key) =>
    json({ mcpServers: { acme: { serverUrl: address, headers: { 'X-API-Key': key } } } }),
  ),
  form('Cline', stdio, (key) =>
    json({ mcpServers: { acme: { ...npx(key), disabled: false, autoApprove: ['x'], timeout: 60 } } }),
  ),
  form('Zed', stdio, (key) => json({ context_servers: { acme: { source: 'custom', ...npx(key) } } })),
  form('Zed before 2025', stdio, (key) =>
    json({
      context_servers: {
        acme: { command: { path: 'npx', args: ['-y', 'acme-mcp'], env: { ACME_KEY: key } }, settings: {} },
      },
    }),
  ),
  form('Gemini', address, (key) =>
    json({
      mcpServers: {
        acme: { httpUrl: address, headers: { Authorization: `Bearer ${key}` }, trust: true, timeout: 5000 },
      },
    }),
  ),
  form('opencode, local', stdio, (key) =>
    json({
      $schema: 'https://opencode.ai/config.json',
      mcp: {
        acme: {
          type: 'local',
          command: ['npx', '-y', 'acme-mcp'],
          environment: { ACME_KEY: key },
          enabled: true,
        },
      },
    }),
  ),
  form('opencode, remote', address, (key) => json({ mcp: { acme: { type: 'remote', ...remote(key) } } })),
  form('Amp', stdio, (key) => json({ 'amp.mcpServers': { acme: npx(key) } })),
  form('Augment', stdio, (key) =>
    json({ 'augment.advanced': { mcpServers: [{ name: 'acme', ...npx(key) }] } }),
  ),
  form('LibreChat in JSON', address, (key) =>
    json({ mcpServers: { acme: { type: 'streamable-http', ...remote(key), chatMenu: false } } }),
  ),
  form('a fragment', stdio, (key) => `"acme": ${json(npx(key))}`),
  form('a server alone', address, (key) => json(remote(key))),
  form('servers by name', stdio, (key) => json({ acme: npx(key) })),
  form('a fenced block', stdio, (key) => `\`\`\`json\n${json({ mcpServers: { acme: npx(key) } })}\n\`\`\``),
  form(
    'LibreChat',
    address,
    (key) =>
      `mcpServers:\n  acme:\n    type: streamable-http\n    url: ${address}\n    headers:\n      Authorization: "Bearer ${key}"\n    timeout: 30000\n`,
  ),
  form(
    'Continue',
    stdio,
    (key) =>
      `name: mine\nversion: 0.0.1\nschema: v1\nmcpServers:\n  - name: acme\n    command: npx\n    args:\n      - "-y"\n      - acme-mcp\n    env:\n      ACME_KEY: "${key}"\n`,
  ),
  form(
    'Continue over HTTP',
    address,
    (key) =>
      `mcpServers:\n  - name: acme\n    type: streamable-http\n    url: ${address}\n    requestOptions:\n      headers:\n        X-Api-Key: "${key}"\n`,
  ),
  form(
    'Goose',
    stdio,
    (key) =>
      `extensions:\n  acme:\n    name: acme\n    type: stdio\n    cmd: npx\n    args: ["-y", acme-mcp]\n    enabled: true\n    envs: {ACME_KEY: "${key}"}\n    timeout: 300\n`,
  ),
  form(
    'Codex',
    stdio,
    (key) =>
      `model = "x"\n\n[mcp_servers.acme]\ncommand = "npx"\nargs = ["-y", "acme-mcp"]\nstartup_timeout_sec = 20\n\n[mcp_servers.acme.env]\nACME_KEY = "${key}"\n`,
  ),
  form(
    'Codex over HTTP',
    address,
    (key) => `[mcp_servers.acme]\nurl = "${address}"\nhttp_headers = { "Authorization" = "Bearer ${key}" }\n`,
  ),
  // Keys in the arguments and addresses of entries.
  form('--api-key in arguments', "npx -y acme-mcp --api-key '${API_KEY}'", (key) =>
    json({ mcpServers: { acme: { command: 'npx', args: ['-y', 'acme-mcp', '--api-key', key] } } }),
  ),
  form('--apiKey=', "npx -y acme-mcp '--apiKey=${API_KEY}'", (key) =>
    json({ mcpServers: { acme: { command: 'npx', args: ['-y', 'acme-mcp', `--apiKey=${key}`] } } }),
  ),
  form('NAME=secret in arguments', "npx -y acme-mcp 'ACME_TOKEN=${ACME_TOKEN}'", (key) =>
    json({ mcpServers: { acme: { command: 'npx', args: ['-y', 'acme-mcp', `ACME_TOKEN=${key}`] } } }),
  ),
  form('--env NAME=secret of a program', "acme run --env 'ACME_TOKEN=${ACME_TOKEN}'", (key) =>
    json({ mcpServers: { acme: { command: 'acme', args: ['run', '--env', `ACME_TOKEN=${key}`] } } }),
  ),
  form('a header in arguments', "npx -y acme-mcp --header 'Authorization: Bearer ${AUTHORIZATION}'", (key) =>
    json({
      mcpServers: {
        acme: { command: 'npx', args: ['-y', 'acme-mcp', '--header', `Authorization: Bearer ${key}`] },
      },
    }),
  ),
  form('JSON in an argument', "npx -y acme-mcp --config '${CONFIG}'", (key) =>
    json({
      mcpServers: { acme: { command: 'npx', args: ['-y', 'acme-mcp', '--config', json({ apiKey: key })] } },
    }),
  ),
  form('an address in an argument', "npx -y acme-mcp 'https://api.acme.test/v1?api_key=${API_KEY}'", (key) =>
    json({
      mcpServers: {
        acme: {
          command: 'npx',
          args: ['-y', 'acme-mcp', `https://api.acme.test/v1?api_key=${inAddress(key)}`],
        },
      },
    }),
  ),
  form('a login in an argument', "npx -y acme-mcp '${URL}'", (key) =>
    json({
      mcpServers: {
        acme: {
          command: 'npx',
          args: ['-y', 'acme-mcp', `postgresql://me:${inAddress(key)}@db.test/x`],
        },
      },
    }),
  ),
  form('a command in one text', "npx -y acme-mcp --token '${TOKEN}'", (key) =>
    json({ mcpServers: { acme: { command: `npx -y acme-mcp --token '${key}'` } } }),
  ),
  form('assignments in a command', stdio, (key) =>
    json({ mcpServers: { acme: { command: `ACME_KEY='${key}' npx -y acme-mcp` } } }),
  ),
  form('a command for a shell', "sh -c 'ACME_TOKEN=${ACME_TOKEN} exec acme-mcp'", (key) =>
    json({ mcpServers: { acme: { command: 'sh', args: ['-c', `ACME_TOKEN=${key} exec acme-mcp`] } } }),
  ),
  form('cmd /c of Windows', stdio, (key) =>
    json({
      mcpServers: { acme: { command: 'cmd', args: ['/c', 'npx', '-y', 'acme-mcp'], env: { ACME_KEY: key } } },
    }),
  ),
  form('docker -e in JSON', 'docker run -i --rm -e ACME_KEY acme/mcp', (key) =>
    json({
      mcpServers: {
        acme: { command: 'docker', args: ['run', '-i', '--rm', '-e', `ACME_KEY=${key}`, 'acme/mcp'] },
      },
    }),
  ),
  form('mcp-remote with a header', address, (key) =>
    json({
      mcpServers: {
        acme: {
          command: 'npx',
          args: ['-y', 'mcp-remote@latest', address, '--header', `Authorization: Bearer ${key}`],
        },
      },
    }),
  ),
  form('mcp-remote with a header from env', address, (key) =>
    json({
      mcpServers: {
        acme: {
          command: 'npx',
          args: ['mcp-remote', address, '--header', 'Authorization:${AUTH}'],
          env: { AUTH: `Bearer ${key}` },
        },
      },
    }),
  ),
  form('mcp-remote with a key in the address', `${address}?token=\${TOKEN}`, (key) =>
    json({ mcpServers: { acme: { command: `npx mcp-remote ${address}?token=${inAddress(key)}` } } }),
  ),
  form('supergateway', address, (key) =>
    json({
      mcpServers: {
        acme: {
          command: 'npx',
          args: ['-y', 'supergateway', '--streamableHttp', address, '--oauth2Bearer', key],
        },
      },
    }),
  ),
  form('mcp-proxy', address, (key) =>
    json({
      mcpServers: {
        acme: { command: 'mcp-proxy', args: ['--headers', 'Authorization', `Bearer ${key}`, address] },
      },
    }),
  ),
  form('a key in the address of an entry', `${address}?apiKey=\${API_KEY}`, (key) =>
    json({ mcpServers: { acme: { url: `${address}?apiKey=${inAddress(key)}` } } }),
  ),
  // Links.
  form(
    'vscode:mcp/install',
    stdio,
    (key) => `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: 'acme', ...npx(key) }))}`,
  ),
  form(
    'insiders.vscode.dev',
    address,
    (key) =>
      `https://insiders.vscode.dev/redirect/mcp/install?name=acme&config=${encodeURIComponent(JSON.stringify(remote(key)))}`,
  ),
  form(
    'cursor://',
    stdio,
    (key) =>
      `cursor://anysphere.cursor-deeplink/mcp/install?name=acme&config=${encodeURIComponent(base64(npx(key)))}`,
  ),
  // Command lines.
  form('npx with an assignment', stdio, (key) => `ACME_KEY='${key}' npx -y acme-mcp`),
  form('export before npx', stdio, (key) => `export ACME_KEY="${key}"\nnpx -y acme-mcp`),
  form(
    'npx with a flag',
    "npx -y acme-mcp --token '${TOKEN}'",
    (key) => `$ npx -y acme-mcp \\\n  --token "${key}"`,
  ),
  form(
    'docker run -e',
    'docker run -i --rm -e ACME_KEY acme/mcp',
    (key) => `docker run -i --rm -e "ACME_KEY=${key}" acme/mcp`,
  ),
  form(
    'claude mcp add, stdio',
    stdio,
    (key) => `claude mcp add acme -s user -e ACME_KEY='${key}' -- npx -y acme-mcp`,
  ),
  form(
    'claude mcp add, env behind',
    stdio,
    (key) => `claude mcp add acme npx -y acme-mcp --env ACME_KEY='${key}'`,
  ),
  form(
    'claude mcp add, http',
    address,
    (key) => `claude mcp add --transport http acme ${address} --header "Authorization: Bearer ${key}"`,
  ),
  form(
    'claude mcp add, -H first',
    address,
    (key) => `claude mcp add -t http -H 'X-Api-Key: ${key}' acme ${address}`,
  ),
  form(
    'claude mcp add with mcp-remote',
    address,
    (key) => `claude mcp add acme -- npx -y mcp-remote ${address} --header "Authorization: Bearer ${key}"`,
  ),
  form(
    'claude mcp add-json',
    stdio,
    (key) => `claude mcp add-json acme '${JSON.stringify(npx(key))}' --scope user`,
  ),
  form(
    'gemini mcp add',
    address,
    (key) => `gemini mcp add --transport http --header "Authorization: Bearer ${key}" acme ${address}`,
  ),
  form('gemini mcp add, stdio', stdio, (key) => `gemini mcp add -e ACME_KEY='${key}' acme npx -y acme-mcp`),
  form('codex mcp add', stdio, (key) => `codex mcp add acme --env ACME_KEY='${key}' -- npx -y acme-mcp`),
  form('code --add-mcp', stdio, (key) => `code --add-mcp '${JSON.stringify({ name: 'acme', ...npx(key) })}'`),
  form(
    'curl -H',
    address,
    (key) =>
      `curl -X POST ${address} \\\n  -H 'Authorization: Bearer ${key}' \\\n  -H 'Content-Type: application/json' -d '{"jsonrpc":"2.0"}'`,
  ),
  form('curl -u', address, (key) => `curl -s -u 'me:${key}' ${address}`),
  // Addresses.
  form('an address with a key', `${address}?key=\${KEY}`, (key) => `${address}?key=${inAddress(key)}`),
  form('an address with a login', address, (key) => `https://me:${inAddress(key)}@mcp.acme.test/mcp`),
  form('an address with a header beneath', address, (key) => `${address}\nAuthorization: Bearer ${key}`),
];

/** Kinds of keys; none of them was ever one. */
const keys = [
  'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  '5b1ec6a2-7f0d-4c1e-9a63-2f8f1c0d9e77',
  'c2VjcmV0LXZhbHVlLTcyNjE/dGVzdA==',
  'hunter2-Correct.Horse',
  'sk-ant-api03-Zk3vQ9wLr7Tn1XbYc5Md',
];

const stand = [
  'YOUR_API_KEY',
  'your-token-here',
  'glpat-...',
  'xoxb-your-token',
  'sk-xxxxxxxxxxxx',
  '${ACME_KEY}',
  'REPLACE_ME',
  '***',
];

const read = (text: string) => {
  const { candidates, refused } = readImport(importRequestSchema.parse({ text }));
  expect(refused).toEqual([]);
  const [candidate, ...more] = candidates;
  if (candidate === undefined || more.length > 0) throw new Error(`${candidates.length} candidates`);
  return { candidate, config: configOf(candidate), shown: describeCandidate(candidate) };
};

/** Every spelling in which a key might stand somewhere. */
const spellings = (key: string) => [
  key,
  encodeURIComponent(key),
  Buffer.from(`me:${key}`).toString('base64'),
  JSON.stringify(key).slice(1, -1),
];

describe.each(forms)('$form', ({ text, becomes }) => {
  it.each(keys)('seals %s', (key) => {
    const { candidate, config, shown } = read(text(key));
    const open = JSON.stringify([
      candidate.importedAs,
      candidate.warnings,
      shown,
      mapLeaves(config, () => ''),
    ]);
    expect(spellings(key).filter((spelling) => open.includes(spelling))).toEqual([]);
    const sealed = secretLeaves(config).map(({ value }) => value);
    expect(
      sealed.filter((value) => spellings(key).some((spelling) => value.includes(spelling))),
    ).toHaveLength(1);
    expect(shown.runs ?? shown.dials).toBe(becomes);
  });

  it.each(stand)('asks for what %s stands for', (word) => {
    const { config, shown } = read(text(word));
    expect(secretLeaves(config)).toEqual([]);
    expect(shown.missing).toHaveLength(1);
  });
});
