/** Kills changes of the keys with SIGKILL at random moments, and opens every value after each. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/database/client.ts';
import { newId } from '../../src/kernel/ids.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { openSealed } from '../../src/vault/open.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { rowGuardOf } from '../../src/vault/row-guard.ts';
import { findSealedPlaces } from '../../src/vault/sealed-places.ts';
import { signAll } from '../helpers/signed.ts';
import { keySettings } from '../helpers/vault.ts';

export type RotationKills = {
  /** Changes that were killed, and that came to their end, by key. */
  killed: Record<'root' | 'data', number>;
  ended: Record<'root' | 'data', number>;
  /** Of how many values. */
  values: number;
  /** What did not open, or was another one, with the round. */
  wrong: string[];
};

export type RotationKillOptions = {
  /** A migrated database, and the home of its root key. */
  url: string;
  home: string;
  /** How many values there are, a tenth of them in webhooks and half in connections. */
  values: number;
  /** How many changes of each key are killed. */
  each: number;
  say: (line: string) => void;
  /** What changes the keys (rotating-process.ts), where it is bundled. */
  program?: string;
  random?: () => number;
};

const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
const perConnection = 10;
const fromSources = path.join(import.meta.dirname, 'rotating-process.ts');

export async function killRotations(options: RotationKillOptions): Promise<RotationKills> {
  const { url, home, values, each, say, program = fromSources, random = Math.random } = options;
  const db = await openDatabase(url, { connections: 3 });
  const ground: Ground = { db, url, home, program };
  const tally: RotationKills = {
    killed: { root: 0, data: 0 },
    ended: { root: 0, data: 0 },
    values: await sealMany(ground, values),
    wrong: [],
  };
  try {
    const takes = { root: await change(ground, 'root'), data: await change(ground, 'data') };
    for (let round = 1; round <= 2 * each; round++) {
      const key = round % 2 === 0 ? 'root' : 'data';
      const took = await change(ground, key, random() * (takes[key] ?? 0));
      tally[took === undefined ? 'killed' : 'ended'][key] += 1;
      const wrong = await lookAtAll(ground, tally.values);
      tally.wrong.push(...wrong.map((what) => `round ${round} (${key}): ${what}`));
      if (round % 10 === 0) say(`${round} of ${2 * each}: ${JSON.stringify(tally)}`);
    }
    await change(ground, 'data');
    const atTheEnd = await lookAtAll(ground, tally.values);
    tally.wrong.push(...atTheEnd.map((what) => `at the end: ${what}`));
    return tally;
  } finally {
    await db.close();
  }
}

type Ground = { db: Database; url: string; home: string; program: string };

/** @returns how many values there are, those that the VM made itself among them */
async function sealMany({ db, home }: Ground, count: number): Promise<number> {
  const vault = await openVault({ db, settings: keySettings(home), log });
  const put = (table: string, rowId: string, pointer: string, label: string) =>
    vault.seal({ table, rowId, pointer }, secretOf(label), label);
  await db.prisma.config.createMany({
    data: Array.from({ length: count * 0.4 }, (_, at) => {
      const key = `soak_${at}_token`;
      return { key, value: put('config', key, '/value', key) };
    }),
  });
  await db.prisma.connection.createMany({
    data: Array.from({ length: (count * 0.5) / perConnection }, (_, at) => {
      const [id, name] = [newId(), `soak-${at}`];
      const env = Array.from({ length: perConnection }, (__, each) => [
        `KEY_${each}`,
        put('connections', id, `/config/env/KEY_${each}`, `${name}.KEY_${each}`),
      ]);
      return {
        id,
        name,
        type: 'mcp_stdio' as const,
        config: { command: 'node', env: Object.fromEntries(env) },
      };
    }),
  });
  await db.prisma.skill.createMany({
    data: Array.from({ length: count * 0.1 }, (_, at) => {
      const [id, slug] = [newId(), `soak-${at}`];
      const triggerSecret = put('skills', id, '/trigger_secret', `${slug}.trigger_secret`);
      const steps = [{ id: 1, prompt: 'Do it.' }];
      return { id, slug, name: slug, steps, triggerType: 'webhook' as const, triggerSecret };
    }),
  });
  await signAll(db);
  return (await findSealedPlaces(db.prisma)).length;
}

/** @returns how long it took from `ready` on; undefined when it was killed, `afterMs` behind that */
async function change(
  { url, home, program }: Ground,
  key: 'root' | 'data',
  afterMs?: number,
): Promise<number | undefined> {
  const child = spawn(process.execPath, [program, key], {
    env: { PATH: process.env.PATH ?? '', HOME: home, ALFRED_HOME: home, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  await Promise.race([once(child.stdout, 'data'), exited]);
  const began = performance.now();
  if (afterMs !== undefined) {
    await Promise.race([sleep(afterMs), exited]);
    child.kill('SIGKILL');
  }
  const [code, signal] = await exited;
  if (signal === 'SIGKILL') return undefined;
  if (code !== 0) throw new Error(`A change of the keys ended with ${code}`);
  return performance.now() - began;
}

/** Opens every value as the next start would, and checks the row of each connection and skill. */
async function lookAtAll({ db, home }: Ground, count: number): Promise<string[]> {
  const vault = await openVault({ db, settings: keySettings(home), log });
  const places = await findSealedPlaces(db.prisma);
  const wrong = places.length === count ? [] : [`${places.length} values, and not ${count}`];
  for (const { place, sealed, label } of places) {
    try {
      const text = openSealed(vault, place, sealed, label);
      if (label.startsWith('soak') && text !== secretOf(label)) wrong.push(`${label} is another value`);
    } catch {
      wrong.push(`${label} does not open`);
    }
  }
  const guard = rowGuardOf(db.prisma);
  const connections = await db.prisma.connection.findMany();
  const skills = await db.prisma.skill.findMany();
  return [
    ...wrong,
    ...connections.filter((row) => !guard.isIntact('connections', row)).map(({ name }) => `${name}: its MAC`),
    ...skills.filter((row) => !guard.isIntact('skills', row)).map(({ slug }) => `${slug}: its MAC`),
  ];
}

const secretOf = (label: string): string => `the secret of ${label}, which is long enough`;
