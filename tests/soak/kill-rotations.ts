/**
 * Kills changes of the keys with SIGKILL at random moments. What is started next opens every value before it goes on with the
 * change, and may be killed too.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RotatedKey } from '../../src/contract/vault.ts';
import { type Database, openDatabase } from '../../src/database/client.ts';
import { newId } from '../../src/kernel/ids.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { findSealedPlaces } from '../../src/vault/sealed-places.ts';
import { signAll } from '../helpers/signed.ts';
import { keySettings } from '../helpers/vault.ts';
import { lookAtValues, secretOf } from './look-at-values.ts';
import type { Found } from './rotating-process.ts';

export type RotationKills = {
  /** Changes that were killed at least once, by key. */
  changed: Record<RotatedKey, number>;
  /** Kills, and how often one came too late. */
  killed: Record<RotatedKey, number>;
  ended: Record<RotatedKey, number>;
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
  /** How many kills there are in changes of each key. */
  each: number;
  say: (line: string) => void;
  /** What changes the keys (rotating-process.ts), where it is bundled. */
  program?: string;
  random?: () => number;
};

const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
const perConnection = 10;
const fromSources = path.join(import.meta.dirname, 'rotating-process.ts');

/** A change that is killed so often and never comes to its end, or never is killed, is none. */
const roundsPerKill = 20;

export async function killRotations(options: RotationKillOptions): Promise<RotationKills> {
  const { url, home, values, each, say, program = fromSources, random = Math.random } = options;
  const db = await openDatabase(url, { connections: 3 });
  const ground: Ground = { url, home, program };
  const tally: RotationKills = {
    changed: { root: 0, data: 0 },
    killed: { root: 0, data: 0 },
    ended: { root: 0, data: 0 },
    values: await sealMany(db, home, values),
    wrong: [],
  };
  try {
    const takes = { root: await whole(ground, 'root', tally), data: await whole(ground, 'data', tally) };
    let [key, isFirst]: [RotatedKey, boolean] = ['data', true];
    for (let round = 1; tally.killed.root < each || tally.killed.data < each; round++) {
      if (round > 2 * each * roundsPerKill) throw new Error(`${round} rounds: ${JSON.stringify(tally)}`);
      const { took } = await change(ground, key, tally, random() * takes[key]);
      if (took === undefined) {
        tally.killed[key] += 1;
        if (isFirst) tally.changed[key] += 1;
        isFirst = false;
      } else {
        tally.ended[key] += 1;
        if (isFirst) takes[key] = took;
        // The next is of the key whose changes were killed less often.
        [key, isFirst] = [tally.killed.root < tally.killed.data ? 'root' : 'data', true];
      }
      if (round % 10 === 0) say(`${round} rounds: ${JSON.stringify(tally)}`);
    }
    await whole(ground, key, tally);
    const { values: found, wrong } = await lookAtValues(db, keySettings(home));
    note(tally, { values: found, wrong }, 'at the end');
    return tally;
  } finally {
    await db.close();
  }
}

type Ground = { url: string; home: string; program: string };

/** @returns how many values there are, those that the VM made itself among them */
async function sealMany(db: Database, home: string, count: number): Promise<number> {
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

/**
 * Starts a process that looks at all values, and changes a key or goes on with a change.
 *
 * @param afterMs when it is killed, from the moment in which it has looked
 * @returns how long it took from then on; undefined when it was killed
 */
async function change(
  { url, home, program }: Ground,
  key: RotatedKey,
  tally: RotationKills,
  afterMs?: number,
): Promise<{ took: number | undefined }> {
  const child = spawn(process.execPath, [program, key], {
    env: { PATH: process.env.PATH ?? '', HOME: home, ALFRED_HOME: home, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(([code]) => {
      throw new Error(`The vault did not open: it ended with ${code}. ${JSON.stringify(tally)}`);
    }),
  ])) as [string];
  const began = performance.now();
  note(tally, JSON.parse(line) as Found, `after ${tally.killed.root + tally.killed.data} kills (${key})`);
  if (afterMs !== undefined) {
    await Promise.race([sleep(afterMs), exited]);
    child.kill('SIGKILL');
  }
  const [code, signal] = await exited;
  if (signal === 'SIGKILL') return { took: undefined };
  if (code !== 0) throw new Error(`A change of the keys ended with ${code}`);
  return { took: performance.now() - began };
}

/** The same, undisturbed. @returns how long it took */
async function whole(ground: Ground, key: RotatedKey, tally: RotationKills): Promise<number> {
  const { took } = await change(ground, key, tally);
  if (took === undefined) throw new Error('Somebody else killed a change of the keys');
  return took;
}

function note(tally: RotationKills, { values, wrong }: Pick<Found, 'values' | 'wrong'>, when: string): void {
  if (values !== tally.values) tally.wrong.push(`${when}: ${values} values, and not ${tally.values}`);
  tally.wrong.push(...wrong.map((what) => `${when}: ${what}`));
}
