#!/usr/bin/env bash
# @anthropic-ai/claude-agent-sdk 0.3.330 under Node.js 24.21.0 on Linux: every query() has Node.js write a diagnostic report, to tell glibc
# from musl. For that Node.js looks up the name of the other end of every open socket, one by one, while all else waits: where the
# DNS does not answer, that is five seconds for each address (seen: 5,075 ms and 10,060 ms with fifty connections, 2 ms without).
# A server that starts a query() stands still for so long. With `process.report.excludeNetwork = true` nothing is looked up, and
# query() goes on as before. Here the other end is this machine, whose name stands in /etc/hosts, so that nobody has to wait.
. "$(dirname "$0")/lib.sh"
install @anthropic-ai/claude-agent-sdk@0.3.330
cp "$here/scripted-model.mjs" .
run report.mjs <<'JS'
import { createServer, connect } from 'node:net';
import { ask, text } from './scripted-model.mjs';
const server = createServer().listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const socket = connect(server.address().port, '127.0.0.1');
await new Promise((resolve) => socket.once('connect', resolve));

const getReport = process.report.getReport.bind(process.report);
let reports = [];
process.report.getReport = (...args) => {
  const report = getReport(...args);
  reports.push(report);
  return report;
};
const lookedUp = (report) =>
  report.libuv.some(({ remoteEndpoint }) => remoteEndpoint && remoteEndpoint.host !== remoteEndpoint.ip4);
for (const excludeNetwork of [false, true]) {
  process.report.excludeNetwork = excludeNetwork;
  reports = [];
  const { result } = await ask(() => ({ content: [text('Done.')] }));
  const what = reports.map((report) => (lookedUp(report) ? 'with the names of sockets' : 'without names'));
  console.log(`excludeNetwork ${excludeNetwork}: ${result.subtype}, reports: ${what.join(', ') || 'none'}`);
}
process.exit();
JS
sees <<'SEEN'
excludeNetwork false: success, reports: with the names of sockets
excludeNetwork true: success, reports: without names
SEEN
