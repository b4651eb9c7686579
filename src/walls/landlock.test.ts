/** What Landlock is told for a view, without a kernel that has it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Rule, rulesOf } from './landlock.ts';
import type { Place, View } from './view.ts';

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'alfred-rules-')));
  for (const folder of ['home/keys', 'home/connections/own', 'notes', 'work/bin'])
    mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, 'file'), '');
  symlinkSync(path.join(root, 'home/keys'), path.join(root, 'link'));
});
afterAll(() => rmSync(root, { recursive: true }));

const at = (name: string) => path.join(root, name);
const rulesIn = (places: Place[], base: View['base'] = 'nothing'): Rule[] =>
  rulesOf({
    ...{
      base,
      places,
      devices: 'few',
      ownTmp: false,
      isolated: false,
      network: true,
      keepsFilePowers: false,
    },
  })
    .filter(({ place }) => place.startsWith(root))
    .map(({ access, place }) => ({ access, place: path.relative(root, place) }));

it('allows what lies beside a hidden folder piece by piece, and what was put back in it', () => {
  const rules = rulesIn([
    { is: 'read', place: root },
    { is: 'hidden', place: at('home') },
    { is: 'write', place: at('home/connections/own') },
  ]);
  expect(new Set(rules)).toEqual(
    new Set([
      { access: 'list', place: '' },
      { access: 'read', place: 'file' },
      { access: 'read', place: 'notes' },
      { access: 'read', place: 'work' },
      { access: 'write', place: 'home/connections/own' },
    ]),
  );
});

it('never allows what a link points to by the link', () => {
  const rules = rulesIn([
    { is: 'read', place: root },
    { is: 'hidden', place: at('home/keys') },
  ]);
  expect(rules.filter(({ place }) => place === 'link' || place.startsWith('home/keys'))).toEqual([]);
});

it('keeps a part of what may be written from being written', () => {
  const rules = rulesIn([
    { is: 'write', place: at('work') },
    { is: 'read', place: at('work/bin') },
  ]);
  expect(rules).toEqual([
    { access: 'list', place: 'work' },
    { access: 'read', place: 'work/bin' },
  ]);
});
