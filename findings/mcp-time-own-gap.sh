#!/usr/bin/env bash
# time-mcp 1.0.6: `convert_time` between two zones depends on a third, the machine's own. Where the result falls into the hour that
# the machine's clock leaves out in spring, it is an hour late: Los Angeles, from Kolkata, by a machine in Berlin.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/client@2.4.0 time-mcp@1.0.6
run convert.mjs <<'JS'
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
for (const TZ of ['UTC', 'Europe/Berlin']) {
  const client = new Client({ name: 'c', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: ['node_modules/time-mcp/dist/index.js'], env: { TZ }, stderr: 'ignore' }));
  for (const time of ['2026-03-29 14:00:00', '2026-03-29 15:00:00', '2026-03-29 16:00:00']) {
    const args = { sourceTimezone: 'Asia/Kolkata', targetTimezone: 'America/Los_Angeles', time };
    const { content } = await client.callTool({ name: 'convert_time', arguments: args });
    const instant = new Date(`${time.replace(' ', 'T')}+05:30`);
    const right = instant.toLocaleString('sv', { timeZone: 'America/Los_Angeles' });
    const said = /America\/Los_Angeles is ([\d-]+ [\d:]+)/.exec(content[0].text)?.[1];
    console.log(`a machine in ${TZ}: ${time} in Kolkata is ${said} in Los Angeles${said === right ? '' : `, which is ${right}`}`);
  }
  await client.close();
}
JS
sees <<'SEEN'
a machine in UTC: 2026-03-29 14:00:00 in Kolkata is 2026-03-29 01:30:00 in Los Angeles
a machine in UTC: 2026-03-29 15:00:00 in Kolkata is 2026-03-29 02:30:00 in Los Angeles
a machine in UTC: 2026-03-29 16:00:00 in Kolkata is 2026-03-29 03:30:00 in Los Angeles
a machine in Europe/Berlin: 2026-03-29 14:00:00 in Kolkata is 2026-03-29 01:30:00 in Los Angeles
a machine in Europe/Berlin: 2026-03-29 15:00:00 in Kolkata is 2026-03-29 03:30:00 in Los Angeles, which is 2026-03-29 02:30:00
a machine in Europe/Berlin: 2026-03-29 16:00:00 in Kolkata is 2026-03-29 03:30:00 in Los Angeles
SEEN
