/** The frame that stands in the console's document (scripts/standing-frame.ts) is the console's own, and is German where that is chosen. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import german from '../console/words/de.json' with { type: 'json' };

// The compiler of these files reads no markup.
const { frameMarkup, lostMarkup, greetings } = await vi.importActual<{
  frameMarkup(): string;
  lostMarkup(): string;
  greetings: string[];
}>('../console/layout/frame-markup.tsx');
const markup = frameMarkup();
const lost = lostMarkup();
const places = [
  'chat',
  'executions',
  'costs',
  'skills',
  'proposals',
  'connections',
  'vault',
  'core',
  'settings',
  'help',
];
const catalog = new Map<string, string>(Object.entries(german));
const page = readFileSync(path.resolve(import.meta.dirname, '../generated/console/index.html'), 'utf8');

it('leads to every place', () => {
  for (const place of places) expect(markup).toMatch(new RegExp(`href="/${place}".*</svg> ${place}`, 'i'));
});

it('stands in the built document as it is', () => {
  expect(page).toContain(`<template>${markup}</template>`);
  expect(page).toContain(`<template data-lost>${lost}</template>`);
});

it('has German for all that it says', () => {
  const texts = [...(markup + lost).matchAll(/>([^<]+)<|aria-label="([^"]+)"/g)].map(([, text, label]) =>
    (text ?? label ?? '').trim(),
  );
  const said = [...new Set([...texts, ...greetings])].filter((text) => text !== '');
  expect(said.filter((text) => !catalog.has(text))).toEqual([]);
  for (const text of said) expect(page).toContain(catalog.get(text));
});
