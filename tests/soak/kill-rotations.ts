/**
 * Kills changes of the keys with SIGKILL at random moments. What is started next opens every value before it goes on with the
 * change to its end, which one in four kills meets too; then it begins another one, which is killed in its turn.
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
  /** Changes that were found half done after a kill, and then came to their end, by key. */
  changed: Record<RotatedKey, number>;
  /** Kills. */
  killed: Record<RotatedKey, number>;
  /** Of the kills, those before a change was begun and behind its last step. */
  beside: Record<RotatedKey, number>;
  /** Changes that ended before their kill came. */
  undisturbed: Record<RotatedKey, number>;
  /** Processes that gave up by themselves, on a machine too busy for a transaction's time: the next goes on as behind a kill. */
  gaveUp: number;
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
  /** How many changes of each key are killed and then end. */
  each: number;
  say: (line: string) => void;
  /** What changes the keys (rotating-process.ts), where it is bundled. */
  program?: string;
  random?: () => number;
};

const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
const perConnection = 10;
const fromSources = path.join(import.meta.dirname, 'rotating-process.ts');

/** A change that is never killed half done is none: so many rounds there are at most for each. */
const roundsPerChange = 20;

/** One in so many is killed while a change goes on that was killed before. */
const killedAgain = 4;

export async function killRotations(options: RotationKillOptions): Promise<RotationKills> {
  const { url, home, values, each, say, program = fromSources, random = Math.random } = options;
  const db = await openDatabase(url, { connections: 3 });
  const ground: Ground = { url, home, program };
  const none = () => ({ root: 0, data: 0 });
  const tally: RotationKills = {
    ...{ changed: none(), killed: none(), beside: none(), undisturbed: none() },
    gaveUp: 0,
    values: await sealMany(db, home, values),
    wrong: [],
  };
  try {
    const takes = { root: await whole(ground, 'root', tally), data: await whole(ground, 'data', tally) };
    // What was killed, and is not known to have ended.
    let open: RotatedKey | undefined;
    for (let round = 1; tally.changed.root < each || tally.changed.data < each; round++) {
      if (round > 2 * each * roundsPerChange) throw new Error(`${round} rounds: ${JSON.stringify(tally)}`);
      // The next is of the key of which fewer were killed.
      const next = tally.changed.root < tally.changed.data ? 'root' : 'data';
      const again = open !== undefined && random() < 1 / killedAgain ? random() * takes[open] : undefined;
      const went = await change(ground, next, { again, afterMs: random() * takes[next] });
      const { found } = went;
      note(tally, found, `round ${round}, after a kill (${open})`);
      if (open && !found.isBetween) tally.beside[open] += 1;
      if (open && found.isBetween && went.wentOn) tally.changed[open] += 1;
      open = countKill(tally, went, { open: found.isBetween ? open : undefined, next });
      if (went.gaveUp) tally.gaveUp += 1;
      // A busy machine is slower at times.
      takes[next] = went.took ?? takes[next] * 1.01;
      if (round % 10 === 0) say(`${round} rounds: ${JSON.stringify(tally)}`);
    }
    await whole(ground, 'data', tally);
    const { values: found, wrong } = await lookAtValues(db, keySettings(home));
    note(tally, { values: found, wrong }, 'at the end');
    return tally;
  } finally {
    await db.close();
  }
}

/** @returns the change that was killed */
function countKill(
  tally: RotationKills,
  { wentOn, took, gaveUp }: Went,
  { open, next }: { open: RotatedKey | undefined; next: RotatedKey },
): RotatedKey | undefined {
  if (took !== undefined) {
    tally.undisturbed[next] += 1;
    return undefined;
  }
  const killed = wentOn ? next : (open ?? next);
  if (!gaveUp) tally.killed[killed] += 1;
  return killed;
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

type Went = {
  found: Found;
  /** Whether nothing was under way any more when it was killed, but what it began itself. */
  wentOn: boolean;
  /** How long its own change took, in milliseconds; undefined when it was killed, or gave up. */
  took: number | undefined;
  gaveUp: boolean;
};

/**
 * Starts a process that looks at all values, goes on with the change that is under way, and makes one of its own.
 *
 * @param kill when it is killed: while it goes on, from the moment in which it has looked, or in its own change; not at all
 *   when left out
 */
async function change(
  { url, home, program }: Ground,
  key: RotatedKey,
  kill: { again?: number | undefined; afterMs?: number } = {},
): Promise<Went> {
  // A start is much of what a round takes: with what was compiled, and with fewer collections of garbage.
  const child = spawn(process.execPath, ['--max-semi-space-size=64', program, key], {
    env: {
      ...{ PATH: process.env.PATH ?? '', HOME: home, ALFRED_HOME: home, DATABASE_URL: url },
      NODE_COMPILE_CACHE: path.join(home, 'compiled'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const killAfter = (ms: number | undefined) => {
    if (ms !== undefined) void Promise.race([sleep(ms), closed]).then(() => child.kill('SIGKILL'));
  };
  let found: Found | undefined;
  let began: number | undefined;
  createInterface(child.stdout).on('line', (line) => {
    if (found) began = performance.now();
    found ??= JSON.parse(line) as Found;
    killAfter(began === undefined ? kill.again : kill.afterMs);
  });
  const [code, signal] = await closed;
  if (!found) throw new Error(`The vault did not open: it ended with ${code ?? signal}`);
  const hasEnded = signal === null && code === 0;
  const took = hasEnded && began !== undefined ? performance.now() - began : undefined;
  return { found, wentOn: began !== undefined, took, gaveUp: signal === null && code !== 0 };
}

/** The same, undisturbed. @returns how long it took */
async function whole(ground: Ground, key: RotatedKey, tally: RotationKills): Promise<number> {
  const { found, took } = await change(ground, key);
  note(tally, found, 'undisturbed');
  if (took === undefined) throw new Error('Somebody else killed a change of the keys, or it gave up');
  return took;
}

function note(tally: RotationKills, { values, wrong }: Pick<Found, 'values' | 'wrong'>, when: string): void {
  if (values !== tally.values) tally.wrong.push(`${when}: ${values} values, and not ${tally.values}`);
  tally.wrong.push(...wrong.map((what) => `${when}: ${what}`));
}
