#!/usr/bin/env bash
# mcp-searxng 2.4.0: `web_url_read` reads every page as UTF-8, whatever the server or the page says that it is. Letters of pages in
# ISO-8859-1, windows-1252 or Shift_JIS are lost, without a word; a browser shows them. Numbers of JSON are rounded.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/client@2.4.0 mcp-searxng@2.4.0
run read.mjs <<'JS'
import { createServer } from 'node:http';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
const pages = {
  '/utf-8': ['text/html; charset=utf-8', Buffer.from('<p>Müller</p>')],
  '/latin-1': ['text/html; charset=iso-8859-1', Buffer.from('<p>Müller</p>', 'latin1')],
  '/meta': ['text/html', Buffer.from('<head><meta charset="windows-1252"></head><p>Müller</p>', 'latin1')],
  '/shift-jis': ['text/html; charset=shift_jis', Buffer.concat([Buffer.from('<p>'), Buffer.from('93fa967b', 'hex'), Buffer.from('</p>')])],
  '/json': ['application/json', Buffer.from('{"id": 9007199254740993}')],
};
const web = createServer(({ url }, response) => {
  const [type, body] = pages[url] ?? ['text/plain', Buffer.from('')];
  response.setHeader('content-type', type).end(body);
}).listen(0, '127.0.0.1');
await new Promise((resolve) => web.once('listening', resolve));
const origin = `http://127.0.0.1:${web.address().port}`;
const env = { SEARXNG_URL: origin, MCP_HTTP_ALLOW_PRIVATE_URLS: 'true' };
const client = new Client({ name: 'c', version: '1' });
await client.connect(new StdioClientTransport({ command: process.execPath, args: ['node_modules/mcp-searxng/dist/cli.js'], env, stderr: 'ignore' }));
for (const [page, [type, body]] of Object.entries(pages)) {
  const { content } = await client.callTool({ name: 'web_url_read', arguments: { url: `${origin}${page}` } });
  const charset = /charset="?([\w-]+)/.exec(type + body.toString('latin1'))?.[1] ?? 'utf-8';
  const right = new TextDecoder(charset).decode(body).replace(/<[^>]*>/g, '');
  console.log(`${page}: ${JSON.stringify(content[0].text)}, where the page has ${JSON.stringify(right)}`);
}
await client.close();
web.close();
JS
sees <<'SEEN'
/utf-8: "Müller", where the page has "Müller"
/latin-1: "M�ller", where the page has "Müller"
/meta: "M�ller", where the page has "Müller"
/shift-jis: "���{", where the page has "日本"
/json: "```json\n{\n  \"id\": 9007199254740992\n}\n```", where the page has "{\"id\": 9007199254740993}"
SEEN
