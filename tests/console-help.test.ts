/** Help in place: what the console links to is there, in the documents that the VM serves. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorOf, sectionsOf, targetOf } from '../console/help/sections.ts';
import { read, root, sources } from './helpers/documents.ts';

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
});
