#!/usr/bin/env bash
# @modelcontextprotocol/server-filesystem 2026.8.31: an edit of one word changes what it does not name, and its diff does not say so.
# Every line end of a file from Windows becomes another; every letter of a file that is not UTF-8 is lost for good, wherever it
# stands; where tabs were meant and blanks are written, lines lose their depth. And the last two lines of a file are one.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server-filesystem@2026.8.31
run edit.mjs <<'JS'
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
mkdirSync('notes');
const folder = realpathSync('notes');
const args = ['node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', folder];
const client = new Client({ name: 'c', version: '1' });
await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
const call = (name, rest) => client.callTool({ name, arguments: { path: `${folder}/note.txt`, ...rest } });
const edit = async (what, before, oldText, newText) => {
  writeFileSync('notes/note.txt', before, 'latin1');
  const { content, isError } = await call('edit_file', { edits: [{ oldText, newText }] });
  const changed = content[0].text.split('\n').filter((line) => /^[-+](?![-+])/.test(line));
  console.log(`${what}: ${isError ? 'refused' : 'done'}, the diff has ${JSON.stringify(changed)}`);
  console.log(`  before ${JSON.stringify(before)}`);
  console.log(`  after  ${JSON.stringify(readFileSync('notes/note.txt', 'latin1'))}`);
};
await edit('line ends', 'one\r\ntwo\r\nthree\r\n', 'two', 'zwei');
await edit('Latin-1', 'M\xfcller\nmilk\n', 'milk', 'bread');
await edit('tabs', 'if a:\n\tif b:\n\t\tgo()\n', '    if b:\n        go()', '    if b:\n        stop()');
writeFileSync('notes/note.txt', '1\n2\n3\n');
for (const end of ['head', 'tail']) console.log(`${end} 2: ${JSON.stringify((await call('read_text_file', { [end]: 2 })).content[0].text)}`);
await client.close();
JS
sees <<'SEEN'
line ends: done, the diff has ["-two","+zwei"]
  before "one\r\ntwo\r\nthree\r\n"
  after  "one\nzwei\nthree\n"
Latin-1: done, the diff has ["-milk","+bread"]
  before "Müller\nmilk\n"
  after  "Mï¿½ller\nbread\n"
tabs: done, the diff has ["-\t\tgo()","+\tstop()"]
  before "if a:\n\tif b:\n\t\tgo()\n"
  after  "if a:\n\tif b:\n\tstop()\n"
head 2: "1\n2"
tail 2: "3\n"
SEEN
