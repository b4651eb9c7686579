/** Help in place: what the console links to is there, in the documents that the VM serves. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorOf, sectionsOf, targetOf } from '../console/help/sections.ts';
import { sections } from '../console/settings/sections.ts';
import german from '../console/words/de.json' with { type: 'json' };
import { consolePages } from '../src/contract/pages.ts';
import { read, root, sources } from './helpers/documents.ts';
import { messagesIn } from './helpers/words/messages.ts';
import { syntaxOf } from './helpers/words/syntax.ts';

const sectionsIn = (document: string): string[] =>
  sectionsOf(readFileSync(path.join(root, `docs/${document}.md`), 'utf8')).map(({ id }) => id);

describe('help of the console', () => {
  it('leads to sections that are there', () => {
    const places = sources
      .filter((file) => file.startsWith('console/'))
      .flatMap((file) => [...read(file).matchAll(/\b(?:help|place)="([\w-]+)#([\w-]+)"/g)]);
    expect(places.length).toBeGreaterThan(6);
    const lost = places.filter(([, document = '', section = '']) => !sectionsIn(document).includes(section));
    expect(lost.map(([whole]) => whole)).toEqual([]);
  });

  it('shows a document section by section, and takes nothing in a block of code for a heading', () => {
    const text =
      '# All\n\nFirst.\n\n## Who gets in, and how\n\n```sh\n## no heading\n```\n\n## Empty\n\n## Keys\nTwo.';
    expect(sectionsOf(text)).toEqual([
      { id: 'in-short', title: 'In short', text: 'First.' },
      { id: 'who-gets-in-and-how', title: 'Who gets in, and how', text: '```sh\n## no heading\n```' },
      { id: 'keys', title: 'Keys', text: 'Two.' },
    ]);
    expect(anchorOf('When a run fails: `E_X`')).toBe('when-a-run-fails-e_x');
  });

  it.each([
    ['security.md#keys', { document: 'security', section: 'keys' }],
    ['security.md', { document: 'security', section: undefined }],
    ['#keys', { document: 'operations', section: 'keys' }],
    ['https://example.com/a#b', { href: 'https://example.com/a#b' }],
    ['decisions/0012-lists-and-search.md', undefined],
    ['../README.md', undefined],
    ['javascript:alert(1)', undefined],
  ])('follows %s to %o', (href, target) => {
    expect(targetOf(href, 'operations')).toEqual(target);
  });

  it('names buttons and headings of the console as they are called, in both languages', () => {
    const catalog = new Map<string, string>(Object.entries(german));
    const tasks = messagesIn(syntaxOf('tasks.tsx', read('console/help/tasks.tsx')));
    const named = (text: string, quotes: RegExp) => [...text.matchAll(quotes)].map(([, name = '']) => name);
    const english = tasks.map((text) => named(text, /“([^”]+)”/g));
    expect(english.flat().length).toBeGreaterThan(12);
    expect(english.flat().filter((name) => !catalog.has(name))).toEqual([]);
    expect(tasks.map((text) => named(catalog.get(text) ?? '', /„([^“]+)“/g))).toEqual(
      english.map((names) => names.map((name) => catalog.get(name))),
    );
  });

  it('leads from what owners do to pages and sections that are there', () => {
    const places = [...read('console/help/tasks.tsx').matchAll(/\bto\('([^']+)'(?:, '([^']+)')?\)/g)];
    expect(places.length).toBeGreaterThan(9);
    const lost = places.filter(
      ([, page = '', section]) =>
        !consolePages.some((one) => one === page) ||
        (section !== undefined && !sections.some(({ id }) => id === section)),
    );
    expect(lost.map(([whole]) => whole)).toEqual([]);
  });
});
