#!/usr/bin/env bash
# @wonderwhy-er/desktop-commander 0.2.52, chrome-devtools-mcp 1.11.0, @elastic/mcp-server-elasticsearch 0.3.1 and
# @openbnb/mcp-server-airbnb 0.3.0 look up hosts before anybody calls a tool: four of its makers and others; npm's registry, also with
# --no-usage-statistics; the metadata service of Google's cloud, wherever it runs. A client that only asks for their tools has them do so.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/client@2.4.0 @wonderwhy-er/desktop-commander@0.2.52 chrome-devtools-mcp@1.11.0 \
  @elastic/mcp-server-elasticsearch@0.3.1 @openbnb/mcp-server-airbnb@0.3.0
cat > watch.mjs <<'JS'
// Loaded before the server's own code: notes whom it looks up.
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
const { lookup } = dns;
dns.lookup = Object.assign((host, ...rest) => (appendFileSync(process.env.HOSTS, `${host}\n`), lookup(host, ...rest)), lookup);
JS
run start.mjs <<'JS'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
const at = `${process.cwd()}/node_modules`;
const servers = {
  'desktop-commander': [`${at}/@wonderwhy-er/desktop-commander/dist/index.js`],
  'chrome-devtools': [`${at}/chrome-devtools-mcp/build/src/bin/chrome-devtools-mcp.js`, '--headless', '--isolated', '--no-usage-statistics'],
  elasticsearch: [`${at}/@elastic/mcp-server-elasticsearch/dist/index.js`],
  airbnb: [`${at}/@openbnb/mcp-server-airbnb/dist/index.js`],
};
const home = `${process.cwd()}/home`;
const HOSTS = `${process.cwd()}/hosts`;
for (const [name, args] of Object.entries(servers)) {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  writeFileSync(HOSTS, '');
  const client = new Client({ name: 'c', version: '1' });
  const env = { HOME: home, PATH: process.env.PATH, HOSTS, NODE_OPTIONS: `--import ${process.cwd()}/watch.mjs`, ES_URL: 'http://127.0.0.1:9', ES_API_KEY: 'key' };
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }));
  const { tools } = await client.listTools();
  await sleep(5_000);
  const hosts = [...new Set(readFileSync(HOSTS, 'utf8').split('\n'))].filter((host) => host !== '' && !host.startsWith('127.')).sort();
  console.log(`${name}: ${tools.length} tools, none called; looked up ${hosts.join(', ') || 'nobody'}`);
  await client.close();
}
JS
sees <<'SEEN'
desktop-commander: 26 tools, none called; looked up dc-telemetry-proxy-83847352264.europe-west1.run.app, desktopcommander.app, googlechromelabs.github.io, telemetry.desktopcommander.app
chrome-devtools: 32 tools, none called; looked up registry.npmjs.org
elasticsearch: 4 tools, none called; looked up metadata.google.internal.
airbnb: 2 tools, none called; looked up www.airbnb.com
SEEN
