/** What is exported, another file names, and every file is reached. `npx knip` looks closer, at types and packages too (CONTRIBUTING.md). */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const places = [
  '{src,core,console,tests,bench,scripts,bin,deploy,docs,prisma}/**/*.{ts,tsx,js,md}',
  '*.{ts,json,md}',
];
const texts = new Map(
  globSync(places, { cwd: root }).map((file) => [file, readFileSync(path.join(root, file), 'utf8')]),
);

const importers = new Map<string, string[]>();
for (const [file, text] of texts)
  for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
    const to = path.join(path.dirname(file), target ?? '');
    importers.set(to, [...(importers.get(to) ?? []), file]);
  }

const names = (file: string, name: string): boolean =>
  new RegExp(`\\b${name}\\b`).test(texts.get(file) ?? '');

it('exports no value that no other file names', () => {
  const unused = [...texts].flatMap(([file, text]) =>
    [...text.matchAll(/^export (?:async |abstract )?(?:function\*?|const|class) ([\w$]+)/gm)]
      .map(([, name]) => name ?? '')
      .filter((name) => !importers.get(file)?.some((other) => names(other, name)))
      .map((name) => `${file}: ${name}`),
  );
  expect(unused).toEqual([]);
});

it('has no file that nothing imports and no other file names', () => {
  const begun = /\.(md|json|d\.ts|test\.ts|config\.ts)$|^bench\//;
  const lone = [...texts.keys()]
    .filter((file) => !begun.test(file) && !importers.has(file))
    .filter(
      (file) => ![...texts.keys()].some((other) => other !== file && names(other, path.basename(file))),
    );
  expect(lone).toEqual([]);
});
