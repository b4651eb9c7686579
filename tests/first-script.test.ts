/** What a browser must load before the console shows anything: all of it stands in the built document (scripts/products.ts). */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const folder = path.resolve(import.meta.dirname, '../generated/console');
const page = readFileSync(path.join(folder, 'index.html'), 'utf8');
const scripts = (/ data-scripts="([^"]+)"/.exec(page)?.[1]?.split(' ') ?? []).map((name) =>
  path.join(folder, name),
);

it('is 120 KiB at most, as it is served', () => {
  expect(scripts).not.toEqual([]);
  const bytes = scripts.reduce((sum, file) => sum + statSync(`${file}.br`).size, 0);
  expect(bytes).toBeLessThanOrEqual(120 * 1024);
});

it('stands behind a document of 16 KiB at most, with its styles and its frame', () => {
  expect(statSync(path.join(folder, 'index.html.br')).size).toBeLessThanOrEqual(16 * 1024);
  expect(page).not.toMatch(/<script [^>]*src|<link rel="stylesheet"/);
});

it('brings neither schemas nor what opens over a page', () => {
  const text = scripts.map((file) => readFileSync(file, 'utf8')).join('\n');
  // As zod and Base UI name themselves in what they throw and draw.
  expect(text).not.toContain('ZodError');
  expect(text).not.toContain('data-base-ui-portal');
});

it('comes to the console alone: Core’s page has of it what both are made of', () => {
  const own = scripts.map((file) => path.basename(file)).filter((name) => /^first-(?!of-both)/.test(name));
  expect(own).toHaveLength(1);
  const fleet = readFileSync(path.join(folder, 'fleet.html'), 'utf8');
  const loaded = [...fleet.matchAll(/\/assets\/([\w-]+\.js)/g)].map(([, name = '']) => name);
  const text = loaded.map((name) => readFileSync(path.join(folder, 'assets', name), 'utf8')).join('\n');
  for (const name of own) expect(text + loaded.join()).not.toContain(name);
});
