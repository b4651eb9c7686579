/**
 * Gives every `curl` command of a folder (OpenAPI documents, Markdown) to this machine's shell and curl, against a server on the
 * loopback, and compares what was sent with what an import of the same text would call. A key of ours is put in the place of each
 * login, and must stand open nowhere.
 * Run by hand: node tests/compat/curl/run.ts FOLDER [--show WORD]. It needs bash, bubblewrap and curl; nothing leaves the machine.
 */

import { openOf, type Read, readAsCall, sealedIn } from './as-read.ts';
import { commandsIn } from './commands.ts';
import { differences, headerDifferences } from './compare.ts';
import { openRealCurl, type Sent } from './real-curl.ts';

const [folder, , shown] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say in which folder the documents are');
const commands = commandsIn(folder);
const curl = await openRealCurl();
/** A backslash with a space behind it; an address with & in it and no quotes. */
const meantOtherwise = /\\[ \t]+\n|\shttps?:\/\/[^\s"']*\?[^\s"']*&|`/;

const outcomes = new Map<string, { count: number; texts: string[] }>();
const open: string[] = [];
let keys = 0;
let sealed = 0;

try {
  for (const { text, file } of commands) {
    const sent = await curl.send(text);
    const read = await readAsCall(text);
    note(outcome(sent, read, text), `${file}: ${text}`);
    if (Array.isArray(sent)) tryKeys(text, sent);
  }
} finally {
  curl.close();
}

process.stdout.write(`${commands.length} commands\n`);
for (const [what, { count, texts }] of [...outcomes].sort(([, one], [, other]) => other.count - one.count)) {
  process.stdout.write(`${String(count).padStart(6)} ${what}\n`);
  if (shown !== undefined && what.includes(shown))
    for (const text of texts) process.stdout.write(`\n${text}\n`);
}
process.stdout.write(
  `${keys} logins with a key of ours in their place: ${sealed} sealed, the others not kept, open: ${open.length}\n`,
);
for (const text of open) process.stdout.write(`\n${text}\n`);
process.exitCode =
  open.length === 0 && ![...outcomes.keys()].some((one) => one.startsWith('different')) ? 0 : 1;

function note(what: string, text: string): void {
  const before = outcomes.get(what) ?? { count: 0, texts: [] };
  outcomes.set(what, { count: before.count + 1, texts: [...before.texts, text].slice(0, 40) });
}

function outcome(sent: Sent[] | string, read: Read, text: string): string {
  const withoutCurl = typeof sent === 'string' ? sent : sent.length === 0 ? 'nothing was sent' : undefined;
  if (read.kind === 'refused')
    return `refused (${withoutCurl === undefined ? 'curl sends it' : withoutCurl}): ${read.why
      .replace(/has \S+( \S+)? where/, 'has … where')
      .replace(/"[^"]*"/g, '…')
      .slice(0, 150)}`;
  if (withoutCurl !== undefined) return `read, ${withoutCurl}`;
  // A call within `$(…)` comes before the one that it is for.
  const [first, ...more] = text.includes('$(') ? (sent as Sent[]).slice(-1) : (sent as Sent[]);
  if (first === undefined) return 'read';
  if (more.length > 0) return 'read, curl sends several requests';
  if (read.kind === 'server') {
    const what = headerDifferences(first, [
      ...read.headers,
      ['accept', first.headers.find(([name]) => /^accept$/i.test(name))?.[1] ?? ''],
    ]).filter((one) => !/mcp-/.test(one));
    return what.length === 0 ? 'same, as an MCP server' : `server: ${what.join(', ')}`;
  }
  const what = differences(
    first,
    read,
    read.headers.some(([name, value]) => name === 'Authorization' && value === 'anyany') ||
      /key|token|secret/i.test(text),
  );
  if (what.length === 0) return 'same';
  return meantOtherwise.test(text)
    ? 'read as it was meant, where the shell breaks it'
    : `different: ${what.join(', ')}`;
}

/** Logins that curl sent, each with a key that we know in its place: wherever it stood, it may be seen by nobody. */
function tryKeys(text: string, [sent]: Sent[]): void {
  for (const [name, value] of sent?.headers ?? []) {
    if (!/^(?:authorization|cookie|.*(?:key|token|secret).*)$/i.test(name)) continue;
    const given = /^basic\s/i.test(value)
      ? (Buffer.from(value.slice(6), 'base64').toString('utf8').split(':').at(-1) ?? '')
      : value.replace(/^(?:Bearer|Token|Basic|apikey|SSWS)\s+/i, '').trim();
    if (given.length < 3 || !text.includes(given)) continue;
    for (const key of ['hunter2-Correct.Horse', '4f9c2e7a1b8d4063a5e7c9d2f1b6084e']) {
      keys += 1;
      const pasted = text.replaceAll(
        new RegExp(`${given.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\s*:)`, 'g'),
        key,
      );
      try {
        sealed += Number(
          sealedIn(pasted).some(
            (one) =>
              one.includes(key) ||
              Buffer.from(one.replace(/^Basic /, ''), 'base64')
                .toString()
                .includes(key),
          ),
        );
        if (openOf(pasted).includes(key)) open.push(pasted);
      } catch {
        // Refused whole: nothing is kept.
      }
    }
  }
}
