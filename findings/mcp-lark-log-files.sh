#!/usr/bin/env bash
# @larksuiteoapi/lark-mcp 0.5.1 writes a log file a day and means to remove those older than a week at each start. None is ever removed: of
# `lark-mcp-2026-01-31.log` it reads the second word, `mcp`, as the date.
. "$(dirname "$0")/lib.sh"
install @larksuiteoapi/lark-mcp@0.5.1
export HOME=$folder/home XDG_STATE_HOME=$folder/state
mkdir -p "$HOME" "$XDG_STATE_HOME"
run logs.mjs <<'JS'
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
const logs = `${process.env.XDG_STATE_HOME}/lark-mcp-nodejs`;
mkdirSync(logs, { recursive: true });
for (const days of [1, 8, 400]) {
  const day = new Date(Date.now() - days * 86_400_000);
  const file = `${logs}/lark-mcp-${day.toISOString().slice(0, 10)}.log`;
  writeFileSync(file, 'what happened on that day\n');
  utimesSync(file, day, day);
}
const { version } = JSON.parse(execFileSync('cat', ['node_modules/@larksuiteoapi/lark-mcp/package.json'], { encoding: 'utf8' }));
const said = execFileSync('node', ['node_modules/@larksuiteoapi/lark-mcp/dist/cli.js', '--version'], { encoding: 'utf8', env: process.env });
console.log(`it is version ${version}, and says so: ${said.trim() === version}`);
const ages = readdirSync(logs).map((name) => Math.round((Date.now() - Date.parse(name.slice(9, 19))) / 86_400_000));
console.log(`files older than a week after its start: ${ages.filter((days) => days > 7).length} of 2`);
JS
sees <<'SEEN'
it is version 0.5.1, and says so: true
files older than a week after its start: 2 of 2
SEEN
