/** Every command that a document, a page, a message or a remedy names is one, with the options it is named with. */
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { knownKeys } from '../../src/config/known-keys.ts';
import { blocks, isTest, type Quote, quotes, read, sources } from '../helpers/documents.ts';

const program = createProgram(async () => undefined);
const nouns = program.commands
  .filter((command) => command.commands.length > 0)
  .map((command) => command.name());

const inSources: Quote[] = sources
  .filter((file) => /^(bin|console|core|deploy|scripts|src)\//.test(file) && !isTest(file))
  .flatMap((file) =>
    read(file)
      .split('\n')
      .map((text, index) => ({ text, at: `${file}:${index + 1}` })),
  )
  .filter(({ text }) => !text.includes('application_name:'));

/** The command lines in a text, without the name of the program; a sentence, a quote or a placeholder of code ends one. */
const linesIn = ({ text, at }: Quote): Quote[] =>
  [...text.matchAll(/(?<![\w/'".-])alfred ((?:[a-z]|--[a-z]).*?)(?=$|[`'"|<;){]|\\n|\. |, | # )/g)]
    .filter(([, line = '']) => !/^needs /.test(line))
    .map(([, line = '']) => ({ text: line, at }));

/** A table of connections leaves out their noun: `… export --out FILE`. */
const shorter = quotes.map(({ text, at }) => ({ text: text.replace(/^… /, 'connection '), at }));

/** What is written for short, without the program's name: `connection approve`, `config set KEY`. */
const isShort = new RegExp(`^(?:${nouns.join('|')}) [a-z-]+\\b(?! =)`);
const quotedInSources = inSources.flatMap(({ text, at }) =>
  [...text.matchAll(/`([a-z][^`$]+)`/g)].map(([, quoted = '']) => ({ text: quoted, at })),
);
const short = [...shorter, ...quotedInSources].filter(({ text }) => isShort.test(text));

/** As a person would type them: what is quoted is an argument, and ends no line. */
const typed = blocks.map(({ text, at }) => ({ text: text.replace(/'[^']*'|"[^"]*"/g, 'ARGUMENT'), at }));

const named = [...quotes, ...typed, ...inSources].flatMap(linesIn).concat(short);

/** What is wrong about a command line; undefined when there is such a command with such options. */
function faultOf(line: string): string | undefined {
  const words = line.split(/\s+/);
  let command: Command = program;
  while (command.commands.length > 0 && /^[a-z]/.test(words[0] ?? '')) {
    const word = words.shift();
    const next = command.commands.find((each) => each.name() === word);
    if (!next) return `${command.name()} has no ${word}`;
    command = next;
  }
  const own = words.join(' ').split(' -- ')[0] ?? '';
  const flags = [...own.matchAll(/(?:^|[\s[|])(--?[a-z][a-z-]*)/g)].map(([, flag]) => flag);
  const known = ['--help', ...command.options.flatMap(({ long, short: letter }) => [long, letter])];
  const unknown = flags.find((flag) => !known.includes(flag));
  return unknown === undefined ? undefined : `${command.name()} takes no ${unknown}`;
}

it('names commands and options that there are', () => {
  expect(named.length).toBeGreaterThan(200);
  const wrong = named.flatMap(({ text, at }) => {
    const fault = faultOf(text);
    return fault === undefined ? [] : [`${at} ${text}: ${fault}`];
  });
  expect(wrong).toEqual([]);
});

it('names settings that there are', () => {
  // The last is no setting: to remove it is how a list that was altered is made anew.
  const own = /^my_|_(?:secret|key|token|password)$|^config_macs$/;
  const keys = named.flatMap(({ text, at }) =>
    [...text.matchAll(/^config (?:set|get) ([a-z]\w+)/g)].map(([, key = '']) => ({ key, at })),
  );
  expect(keys.length).toBeGreaterThan(20);
  expect(keys.filter(({ key }) => !Object.hasOwn(knownKeys, key) && !own.test(key))).toEqual([]);
});
