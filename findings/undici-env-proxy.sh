#!/usr/bin/env bash
# undici 8.12.4, EnvHttpProxyAgent: the variables that curl and Go read too mean other things. HTTP_PROXY alone is the proxy of https: addresses
# as well (curl and Go go directly); a range in NO_PROXY (127.0.0.0/8) is passed over without a word; this machine itself goes through the proxy.
. "$(dirname "$0")/lib.sh"
install undici@8.12.4
run proxy.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { EnvHttpProxyAgent, fetch } from 'undici';
const listen = async (server) => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
};
const asked = [];
const proxy = createServer((request, response) => {
  asked.push(request.url);
  response.end('by the proxy');
}).on('connect', (request, socket) => {
  asked.push(request.url);
  socket.end('HTTP/1.1 502 Not here\r\n\r\n');
});
const there = createServer((_request, response) => response.end('there'));
const [proxyPort, port] = [await listen(proxy), await listen(there)];
const of = async (address, noProxy) => {
  asked.length = 0;
  const dispatcher = new EnvHttpProxyAgent({ httpProxy: `http://127.0.0.1:${proxyPort}`, httpsProxy: '', noProxy });
  await fetch(address, { dispatcher }).then((answer) => answer.text(), () => '');
  await dispatcher.destroy();
  return asked.length > 0 ? 'the proxy is asked' : 'directly';
};
console.log(`https: with HTTP_PROXY alone: ${await of('https://far.example/', '')}`);
console.log(`127.0.0.1 with NO_PROXY=127.0.0.0/8: ${await of(`http://127.0.0.1:${port}/`, '127.0.0.0/8')}`);
console.log(`127.0.0.1 with NO_PROXY=127.0.0.1: ${await of(`http://127.0.0.1:${port}/`, '127.0.0.1')}`);
console.log(`localhost without NO_PROXY: ${await of(`http://localhost:${port}/`, '')}`);
process.exit(0);
JS
sees <<'SEEN'
https: with HTTP_PROXY alone: the proxy is asked
127.0.0.1 with NO_PROXY=127.0.0.0/8: the proxy is asked
127.0.0.1 with NO_PROXY=127.0.0.1: directly
localhost without NO_PROXY: the proxy is asked
SEEN
