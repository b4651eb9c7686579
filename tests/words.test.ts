/** Every word of the console goes through its catalogs, and German has all of them (docs/decisions/0027-languages.md). */
import { expect, it } from 'vitest';
import german from '../console/words/de.json' with { type: 'json' };
import { type Part, partsOf } from '../console/words/message.ts';
import { errorCodes } from '../src/contract/errors.ts';
import { messagesIn } from './helpers/words/messages.ts';
import { consoleFiles, syntaxOf } from './helpers/words/syntax.ts';
import { toldTexts } from './helpers/words/told.ts';
import { unsaidIn } from './helpers/words/unsaid.ts';

const files = consoleFiles();
const catalog = new Map<string, string>(Object.entries(german));

it('says nothing past the catalogs', () => {
  const unsaid = files.flatMap(({ file, text, program }) =>
    unsaidIn(program).map(
      ({ at, text: words }) => `${file}:${text.slice(0, at).split('\n').length} ${words}`,
    ),
  );
  expect(unsaid).toEqual([]);
});

it.each([
  ['text between tags', '<p>Nothing is here</p>'],
  ['a text behind a message', '<p>{t("Here")} and there</p>'],
  ['an attribute that is read out', '<a aria-label="close" />'],
  ['a text that depends', '<p>{isOn ? "on" : "off"}</p>'],
  ['a sentence elsewhere', 'say("It was saved")'],
  ['a text with something put in', 'say(`${name} was removed`)'],
  ['a word that is shown', 'const look = { word: "queued" }'],
])('finds %s', (_, code) => {
  expect(unsaidIn(syntaxOf('a.tsx', code))).not.toEqual([]);
});

it('has German for every message, table and error, and for nothing else', () => {
  const said = files.flatMap(({ program }) => messagesIn(program));
  const wanted = new Set([...said, ...toldTexts(), ...Object.keys(errorCodes)]);
  expect([...wanted].filter((message) => !catalog.has(message))).toEqual([]);
  expect([...catalog.keys()].filter((message) => !wanted.has(message))).toEqual([]);
});

it('puts the same into a message in German as in English', () => {
  const told = new Set([...toldTexts(), ...Object.keys(errorCodes)]);
  const other = [...catalog].filter(
    ([message, words]) =>
      !told.has(message) && namesIn(partsOf(message)).join() !== namesIn(partsOf(words)).join(),
  );
  expect(other).toEqual([]);
});

/** What is put in, sorted, each once. */
function namesIn(parts: readonly Part[]): string[] {
  const names = parts.flatMap((part): string[] => {
    if (typeof part === 'string') return [];
    if (part.kind === 'tag') return [`<${part.name}>`, ...namesIn(part.inner)];
    const own = part.kind === 'plural' || part.kind === 'select' ? `${part.kind} ${part.name}` : part.name;
    const inner = 'options' in part ? Object.values(part.options).flatMap(namesIn) : [];
    return [own, ...inner];
  });
  return [...new Set(names)].sort();
}
