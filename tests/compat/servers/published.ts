/**
 * Imports every `server.json` of the MCP registry and every `manifest.json` of a bundle in a folder (a list of servers counts as its
 * entries), and says what became of each: what it would dial or start, what is asked for, why it is refused. It fails where a value
 * that its maker calls a secret would stand open.
 * Run by hand: node tests/compat/servers/published.ts FOLDER [--all].
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { mapLeaves } from '../../../src/connections/config/leaves.ts';
import { configOf, describeCandidate } from '../../../src/connections/import/candidate.ts';
import { readImport } from '../../../src/connections/import/read-import.ts';
import { importRequestSchema } from '../../../src/contract/imports.ts';
import { messageOf } from '../../../src/kernel/errors.ts';

const [folder, all] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say in which folder the files are');

const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .sort()
  .flatMap((name): [string, string][] => {
    const text = readFileSync(path.join(folder, name), 'utf8');
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed)
      ? parsed.map((one: unknown, at) => [`${name}#${at}`, JSON.stringify(one)])
      : [[name, text]];
  });

const outcomes = new Map<string, string[]>();
const open: string[] = [];
for (const [name, text] of texts) {
  const [what, line] = become(text);
  outcomes.set(what, [...(outcomes.get(what) ?? []), name]);
  if (all !== undefined) process.stdout.write(`${name}: ${line}\n`);
  for (const secret of presetSecrets(text)) if (line.includes(secret)) open.push(name);
}
process.stdout.write(`${texts.length} files\n`);
for (const [what, names] of [...outcomes].sort(([, one], [, other]) => other.length - one.length))
  process.stdout.write(`${String(names.length).padStart(6)} ${what} (${names[0]})\n`);
process.stdout.write(`secrets open: ${open.length}\n`);
process.exitCode = open.length === 0 ? 0 : 1;

/** Its kind, and a line about it. */
function become(text: string): [what: string, line: string] {
  try {
    const { candidates, refused } = readImport(importRequestSchema.parse({ text }));
    const [candidate] = candidates;
    if (candidate === undefined) {
      const why = refused.map(({ reason }) => reason).join('; ');
      return [`refused: ${why.replace(/\S*[/@]\S+|"[^"]*"/g, '…').slice(0, 90)}`, `refused: ${why}`];
    }
    const shown = describeCandidate(candidate);
    const kept = JSON.stringify(mapLeaves(configOf(candidate), () => ''));
    const program = /^\S+/.exec(shown.runs ?? '')?.[0];
    return [
      program === undefined ? 'dialled' : `started by ${program}`,
      `${shown.runs ?? shown.dials} | asked for: ${shown.missing.join(', ')} | ${shown.warnings.join(' | ')} | ${kept}`,
    ];
  } catch (error) {
    return [`refused whole: ${messageOf(error)}`, messageOf(error)];
  }
}

/** Values that stand in the file itself, and that it calls secrets. */
function presetSecrets(text: string): string[] {
  const found: string[] = [];
  JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    const {
      isSecret,
      is_secret: old,
      sensitive,
      value: fixed,
      default: preset,
    } = value as Record<string, unknown>;
    if (isSecret === true || old === true || sensitive === true)
      for (const one of [fixed, preset])
        if (typeof one === 'string' && one.length > 5 && !/[{$<]/.test(one)) found.push(one);
    return value;
  });
  return found;
}
