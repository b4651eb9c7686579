/** The glossary of docs/design.md has what is on the console's screens, each once, and nothing else. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { labels } from './helpers/words/labels.ts';

const design = readFileSync(path.resolve(import.meta.dirname, '../docs/design.md'), 'utf8');
const glossary = /^## Every label\n(.*?)^## /ms.exec(design)?.[1] ?? '';
/** What stands in a table beneath its head. */
const rows = [...glossary.matchAll(/^\| (.+?) \| (.+?) \|$/gm)].filter(([, label]) => label !== '---');

it('has every label of a page, a panel and a field, once', () => {
  expect(rows.map(([, label]) => label).sort()).toEqual(labels());
});

it('says in a few words what each means', () => {
  expect(rows.filter(([, , words = '']) => words.length < 5 || words.length > 110)).toEqual([]);
});
