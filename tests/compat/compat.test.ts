/** What docs/servers.md, docs/apis.md and docs/skills.md are made of is there, and the console offers only what was seen to work. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../console/connections/catalogue.ts';
import { knownServers } from '../../src/contract/known-servers/known-servers.ts';
import type { SeenApi } from './apis/seen-api.ts';
import type { Seen } from './servers/trial.ts';
import type { SeenSkill } from './skills/seen-skill.ts';

const read = <Row>(name: string): Row[] =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, name, 'seen.json'), 'utf8'));

describe('what was tried', () => {
  const servers = read<Seen>('servers');
  const working = servers.filter(({ bare }) => typeof bare === 'number');

  it('are sixty servers and more that start for anybody, and each has all its tools here, or says why not', () => {
    expect(working.length).toBeGreaterThanOrEqual(60);
    const lost = working.filter(({ bare, here, off }) => {
      const unused = Object.values(off).reduce((sum, count) => sum + count, 0);
      return typeof here !== 'number' || here + unused !== bare;
    });
    expect(lost.map(({ name }) => name)).toEqual([]);
  });

  it('are forty documents and more that can be read, and of the others each says why not', () => {
    const documents = read<SeenApi>('apis');
    const empty = documents.filter(({ tools }) => tools === 0);
    expect(documents.length - empty.length).toBeGreaterThanOrEqual(40);
    expect(empty.filter(({ error }) => error === undefined)).toEqual([]);
  });

  it('are ninety skills and more, each the same after an export', () => {
    const skills = read<SeenSkill>('skills');
    expect(skills.length).toBeGreaterThanOrEqual(90);
    expect(skills.filter(({ same }) => same !== true)).toEqual([]);
  });
});

describe('the catalogue', () => {
  const seen = new Map(read<Seen>('servers').map((row) => [row.name, row]));

  it.each(Object.entries(knownServers))('offers %s at the version that was seen to work', (name, server) => {
    expect(seen.get(name)).toMatchObject({ package: server.package, here: expect.any(Number) });
  });

  it('names each of its entries once', () => {
    const names = catalogue.flatMap(({ entries }) => entries.map((entry) => entry.name));
    expect(new Set(names).size).toBe(names.length);
  });
});
