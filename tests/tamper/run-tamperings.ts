/** Tampers again and again, each time with an untouched record, and asks the verifier. */
import { verifyAudit } from '../../src/audit/verify/verify-audit.ts';
import { openDatabase } from '../../src/database/client.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { fingerprint } from './attack.ts';
import { classes, type TamperingClass, tamper } from './tamperings.ts';

export type Tally = {
  tampered: Record<TamperingClass, number>;
  found: Record<TamperingClass, number>;
  /** What was done and not found, or found without a place. */
  missed: string[];
  /** What was said of some, to look at. */
  samples: string[];
};

/** A generator of whole numbers that repeats for a seed (mulberry32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/**
 * @param count of tamperings, in turns of the five classes
 * @param url of a database whose whole record is chained
 */
export async function runTamperings(
  { url, vault, home }: { url: string; vault: Vault; home: string },
  { count, seed, say = () => {} }: { count: number; seed: number; say?: (line: string) => void },
): Promise<Tally> {
  // One connection: all of it, the verifier's reading too, happens in one transaction that is rolled back.
  const db = await openDatabase(url, { connections: 1 });
  const random = randomFrom(seed);
  const none = (): Record<TamperingClass, number> => ({
    change: 0,
    delete: 0,
    insert: 0,
    swap: 0,
    'roll back': 0,
  });
  const tally: Tally = { tampered: none(), found: none(), missed: [], samples: [] };
  try {
    const whole = await fingerprint({ db });
    const untouched = await verifyAudit({ db, vault, home });
    if (!untouched.ok) throw new Error(`False alarm before anything was done: ${JSON.stringify(untouched)}`);
    for (let done = 0; done < count; ) {
      const kind = classes[done % classes.length] ?? 'change';
      await db.pool.query('BEGIN');
      try {
        const what = await tamper({ db, vaultId: vault.vaultId, random }, kind);
        if ((await fingerprint({ db })) === whole) continue;
        const { ok, firstBad } = await verifyAudit({ db, vault, home });
        done += 1;
        tally.tampered[kind] += 1;
        const isNamed = !ok && firstBad !== null && (firstBad.seq !== null || firstBad.subject !== null);
        if (isNamed) tally.found[kind] += 1;
        else tally.missed.push(`${kind}: ${what}`);
        if (done % 49 === 1 || !isNamed) tally.samples.push(`${kind} ${what}\n    → ${firstBad?.message}`);
        if (done % 100 === 0) say(`${done} of ${count}, ${tally.missed.length} missed`);
      } finally {
        await db.pool.query('ROLLBACK');
      }
    }
    if ((await fingerprint({ db })) !== whole) throw new Error('A tampering was left behind');
    const after = await verifyAudit({ db, vault, home });
    if (!after.ok) throw new Error(`False alarm after all was put back: ${JSON.stringify(after)}`);
    return tally;
  } finally {
    await db.close();
  }
}
