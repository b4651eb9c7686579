/** The documents name what is there: files, headings, words of the code, settings, routes, codes. */
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withTable, writtenTables } from '../scripts/written-tables.ts';
import { coreRoutes } from '../src/contract/core-api/routes.ts';
import { errorCodes } from '../src/contract/errors.ts';
import { routes } from '../src/contract/routes.ts';
import {
  blocks,
  documents,
  isTest,
  prose,
  type Quote,
  quotes,
  read,
  root,
  sources,
} from './helpers/documents.ts';

const everything = [...quotes, ...blocks];
const program = sources.filter((file) => /^(bin|core|deploy|src)\//.test(file) && !isTest(file));
const wordsIn = (files: readonly string[]): Set<string> =>
  new Set(files.flatMap((file) => read(file).match(/\w+/g) ?? []));

/** Every match of `pattern` in `texts`, by its first group where it has one, that `isThere` does not know. */
const missing = (
  texts: readonly Quote[],
  pattern: RegExp,
  isThere: (found: string, at: string) => boolean,
): string[] =>
  texts.flatMap(({ text, at }) =>
    [...text.matchAll(pattern)]
      .map(([whole, group]) => group ?? whole)
      .filter((found) => !isThere(found, at))
      .map((found) => `${at} ${found}`),
  );

describe('a document names', () => {
  /** Where the documents count paths from. */
  const places = ['', 'console', 'docs', 'src'];
  const names = new Set([...sources, ...documents].map((file) => path.basename(file)));
  const programText = program.map(read).join('\n');
  const isThere = (file: string) =>
    places.some((place) => globSync(path.join(place, file.replace(/<\w+>/g, '*')), { cwd: root }).length > 0);

  it('files and folders that are there', () => {
    const inTree = quotes.filter(({ text }) => !/^([A-Z]+ )?[/$~]|:\/\//.test(text));
    const paths = /(?<![\w/.$…-])(?:(?:[\w.<>-]+\/)+[\w.<>-]+\.[a-z]{2,7}\b|(?:[\w.<>-]+\/)+(?![\w<*:]))/g;
    // Of the home it is the code that knows the name.
    const isKnown = (file: string) => isThere(file) || programText.includes(`'${path.basename(file)}'`);
    const ofOthers = 'testvectors_v1/aes_gcm_test.json';
    expect(missing(inTree, paths, (file) => isKnown(file) || file === ofOthers)).toEqual([]);
  });

  it('single files that are somewhere', () => {
    const single = quotes.filter(({ text }) => /^[\w-]+\.(md|json|sh|tsx?|ya?ml)$/.test(text));
    const isKnown = (file: string) => names.has(file) || programText.includes(`'${file}'`);
    expect(missing(single, /.+/g, isKnown)).toEqual([]);
  });

  it('in a list of files, those without a folder beside the one before', () => {
    let folder = '';
    const inLists = quotes.filter(({ text, at }) => at.startsWith('CONTRIBUTING.md') && /\.tsx?$/.test(text));
    const astray = inLists.filter(({ text }) => {
      const isWhole = text.includes('/');
      if (isWhole) folder = path.dirname(text);
      return !isWhole && !existsSync(path.join(root, folder, text));
    });
    expect(astray).toEqual([]);
  });

  it('what its links lead to', () => {
    const isTarget = (target: string, at: string) => existsSync(path.join(root, path.dirname(at), target));
    expect(missing(prose, /\]\((?!https?:)([^)#]+)/g, isTarget)).toEqual([]);
  });

  it('decisions that were taken', () => {
    const taken = new Set(documents.map((file) => path.basename(file).slice(0, 4)));
    expect(missing(prose, /(?<![\w.-])00\d\d(?!\d)/g, (number) => taken.has(number))).toEqual([]);
  });

  it('words that the code has', () => {
    // Of other programs, and what begins a word.
    const foreign =
      /^(deferred_tool_use|tool_deferred_unavailable|projectKey|pg_trgm|pg_restore|input_required|apparmor_restrict_unprivileged_userns|CLAUDE_CODE_SIMPLE)$|_$/;
    const known = wordsIn(sources);
    const words = /\b[A-Za-z]\w*(?:_|[a-z][A-Z])\w*/g;
    expect(missing(quotes, words, (word) => known.has(word) || foreign.test(word))).toEqual([]);
  });

  it('codes of errors that there are', () => {
    expect(
      missing([...prose, ...blocks], /\bE_[A-Z_]+[A-Z]\b(?!…|_)/g, (code) => code in errorCodes),
    ).toEqual([]);
  });

  it('variables of the environment that are read', () => {
    const known = wordsIn(program);
    const variables = /\b(?:ALFRED|CORE|VM)_[A-Z_]+[A-Z]\b/g;
    expect(missing(everything, variables, (name) => known.has(name))).toEqual([]);
  });

  it('scripts of npm that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json'));
    expect(missing(everything, /\bnpm run ([\w:]+)/g, (name) => name in scripts)).toEqual([]);
  });

  it('routes that are served', () => {
    const served = [...Object.values(routes), ...Object.values(coreRoutes)];
    const whole = new Set(served.map(({ method, path: address }) => `${method} ${address}`));
    const withMethod = /(?:GET|POST|PUT|PATCH|DELETE) \/(?:api\/)?v1\/[\w:/-]+/g;
    expect(missing(quotes, withMethod, (route) => whole.has(route))).toEqual([]);
    const addresses: ReadonlySet<string> = new Set(served.map(({ path: address }) => address));
    // The one of a collector of traces is not ours.
    const alone = /^\/(?!v1\/traces)(?:(?:api\/)?v1\/|hooks\/|healthz|readyz|metrics)[\w:/-]+/g;
    expect(missing(quotes, alone, (address) => addresses.has(address))).toEqual([]);
  });
});

it('what Alfred says of mail servers is said by the code', () => {
  const [, table = ''] = read('docs/mail.md').split('## What it says when it does not go');
  const said = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, words = '']) => words);
  expect(said.length).toBeGreaterThan(5);
  const code = ['src/kernel/mail-trouble.ts', 'src/notices/senders/email.ts'].map(read).join('\n');
  expect(said.filter((words) => !code.includes(words))).toEqual([]);
});

describe('the operations', () => {
  it('have every variable that is read', () => {
    const settings = ['src/kernel/settings.ts', 'core/settings.ts'].map(read).join('\n');
    const named = new Set(read('docs/operations.md').match(/\b[A-Z][A-Z_]+\b/g));
    // systemd sets it for a unit that loads a credential, which is named.
    named.add('CREDENTIALS_DIRECTORY');
    const variables = [...settings.matchAll(/^ {4}([A-Z][A-Z_]+): /gm)].map(([, name = '']) => name);
    expect(variables.length).toBeGreaterThan(20);
    expect(variables.filter((name) => !named.has(name))).toEqual([]);
  });

  it('have every figure of /metrics', () => {
    const files = sources.filter(
      (file) => /^src\/http\/metrics\/|^core\/http\/metrics-routes/.test(file) && !isTest(file),
    );
    const figures = new Set(files.flatMap((file) => read(file).match(/(?<=')alfred_[a-z_]+(?=')/g) ?? []));
    expect(figures.size).toBeGreaterThan(20);
    const named = read('docs/operations.md');
    expect([...figures].filter((figure) => !named.includes(`\`${figure}`))).toEqual([]);
  });
});

it.each(writtenTables)('$document has $name as the code has them (npm run tables writes it)', (table) => {
  const document = read(table.document);
  expect(withTable(document, table)).toBe(document);
});

it('the findings are listed, each once', () => {
  const scripts = globSync('findings/*-*.sh', { cwd: root }).map((file) => path.basename(file, '.sh'));
  const listed = [...read('findings/README.md').matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(listed).toEqual(scripts.toSorted());
});

describe('a heading that is cited', () => {
  const headingsOf = (document: string) =>
    [...read(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.replaceAll('`', ''));
  const documentOf = (name: string) => documents.find((each) => each === name || each === `docs/${name}`);

  it('is in the document that is named', () => {
    const cited = /((?:[\w-]+\/)*[\w-]+\.md)`?(?:,? | \()"([^"]+)"/g;
    const texts = [...documents, ...sources.filter((file) => file !== 'tests/docs.test.ts')];
    const wrong = texts.flatMap((file) =>
      // A comment goes on over the ends of lines.
      [
        ...read(file)
          .replace(/\n\s*(?:\*|\/\/|--|#)?\s*/g, ' ')
          .matchAll(cited),
      ]
        .filter(([, name = '', heading = '']) => {
          const document = documentOf(name);
          return document === undefined || !headingsOf(document).includes(heading);
        })
        .map(([citation]) => `${file} ${citation}`),
    );
    expect(wrong).toEqual([]);
  });

  it('is in its own document where none is named', () => {
    const alone = (line: Quote) =>
      missing([line], /\("([A-Z][^"]+)"(?:\)|, [a-z])/g, (heading) => {
        return headingsOf(line.at.replace(/:\d+$/, '')).includes(heading);
      });
    expect(prose.filter(({ text }) => !/\.md`? \(/.test(text)).flatMap(alone)).toEqual([]);
  });

  it('is of a document that is there', () => {
    const cited = /(?:\((?=[\w/-]+\.md[ ,):])|\b(?=docs\/))([\w/-]+\.md)/g;
    const wrong = [...documents, ...sources].flatMap((file) =>
      [...read(file).matchAll(cited)]
        .filter(([, name = '']) => documentOf(name) === undefined)
        .map(([, name = '']) => `${file} ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});
