/** Every `curl` command of a folder's OpenAPI documents and Markdown, each shape once. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export type Printed = { text: string; file: string };

const isCommand = /^(?:[ \t]*(?:\$|>|#)?[ \t]*)(?:sudo )?curl(?:\.exe)?\s/;

/** @param folder read with all that is in it */
export function commandsIn(folder: string): Printed[] {
  const byShape = new Map<string, Printed>();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:json|ya?ml|mdx?)$/.test(name))
    .sort();
  for (const file of files) {
    for (const text of commandsOf(textsOf(path.join(folder, file)))) {
      // What a page is made of is no page yet.
      if (/\{\{[<%]/.test(text)) continue;
      const shape = shapeOf(text);
      if (!byShape.has(shape)) byShape.set(shape, { text, file });
    }
  }
  return [...byShape.values()];
}

/** Alike but for letters and digits within words is one shape. */
const shapeOf = (text: string): string =>
  text
    .replace(/https?:\/\/[^\s"']+/g, (url) => url.replace(/[A-Za-z0-9]+/g, 'w'))
    .replace(/"[^"\n]{1,200}"/g, (one) => one.replace(/[A-Za-z0-9]+/g, 'w'))
    .replace(/\d+/g, '0')
    .replace(/\s+/g, ' ');

/** All texts of a document, or the one of a page. */
function textsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  if (!text.includes('curl ')) return [];
  if (/\.mdx?$/.test(file)) return [text];
  try {
    const found: string[] = [];
    collect(
      file.endsWith('.json') ? JSON.parse(text) : parse(text, { logLevel: 'silent', maxAliasCount: -1 }),
      found,
      new Set(),
    );
    return found;
  } catch {
    return [];
  }
}

function collect(value: unknown, found: string[], seen: Set<object>): void {
  if (typeof value === 'string' && value.includes('curl ')) found.push(value);
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  for (const one of Object.values(value)) collect(one, found, seen);
}

const commandsOf = (texts: string[]): string[] => texts.flatMap((text) => commandsInText(text));

/** A text that is one; else the lines of its code blocks that begin one, with what belongs to them. */
function commandsInText(text: string): string[] {
  const trimmed = text.trim();
  if (isCommand.test(trimmed) && !/```/.test(trimmed)) return splitAtCommands(trimmed);
  const blocks = [...text.matchAll(/^([ \t]*)(?:```|~~~)[^\n]*\n([\s\S]*?)\n[ \t]*(?:```|~~~)/gm)].map(
    ([, indent = '', inner = '']) =>
      inner
        .split('\n')
        .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
        .join('\n'),
  );
  const inCode = [...text.matchAll(/`(curl [^`\n]+)`/g)].map(([, inner = '']) => inner);
  return [...blocks.flatMap(splitAtCommands), ...inCode];
}

/** From each line that begins a command up to where its quotes are closed and no line is continued. */
function splitAtCommands(block: string): string[] {
  const lines = block.split('\n');
  const found: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (!isCommand.test(lines[at] ?? '')) continue;
    let text = (lines[at] ?? '').trim();
    while (at + 1 < lines.length && isOpen(text)) text += `\n${lines[++at] ?? ''}`;
    found.push(text);
  }
  return found;
}

/** Whether a command goes on: a continued line, an open quote, a here-document without its end. */
function isOpen(text: string): boolean {
  if (/(?:\\|\s[\^`])[ \t]*$/.test(text)) return true;
  const here = /<<-?\s*['"]?(\w+)['"]?/.exec(text)?.[1];
  if (here !== undefined) return !new RegExp(`\\n\\s*${here}\\s*$`).test(text) && text.length < 5_000;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const one = text[at];
    if (one === '\\' && quote !== "'") at++;
    else if (quote === '' && (one === '"' || one === "'")) quote = one;
    else if (one === quote) quote = '';
  }
  return quote !== '' && text.length < 20_000;
}
