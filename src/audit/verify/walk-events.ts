/** Goes over the chain from its first event to its head, some hundred at a time. */
import type pg from 'pg';
import { chainOf, type Link, leafOf, payloadHashOf } from '../chain.ts';
import { neverPruned } from '../prune-audit.ts';
import type { Mark } from './check-statements.ts';
import type { Findings } from './findings.ts';

const pageSize = 1000;

type Row = {
  seq: string;
  id: string;
  at: Date;
  actor: string;
  action: string;
  subject: string | null;
  data: Record<string, unknown> | null;
  payload_hash: Buffer;
  chain: Buffer;
};

/** An event whose link and payload are as they were written. */
export type SoundEvent = {
  seq: number;
  actor: string;
  action: string;
  subject: string | null;
  data: Record<string, unknown> | null;
};

export type Walk = {
  genesis: Link;
  /** Where the walk ends. */
  head: number;
  marks: readonly Mark[];
  /** Told of every page, so that what the events stand for can be held against them. */
  onPage(events: SoundEvent[], reached: number): Promise<void>;
  signal?: AbortSignal | undefined;
};

export type Walked = { count: number; last: Link; prunedUpTo: number; lastWithoutData: number | undefined };

export async function walkEvents(pool: pg.Pool, walk: Walk, findings: Findings): Promise<Walked> {
  let last: Link = walk.genesis;
  let cursor = Number.MIN_SAFE_INTEGER;
  const seen: Walked = { count: 0, last, prunedUpTo: 0, lastWithoutData: undefined };
  const marks = new Marks(walk.marks, findings);
  for (;;) {
    walk.signal?.throwIfAborted();
    const { rows } = await pool.query<Row>(
      `SELECT seq, id, at, actor, action, subject, data, payload_hash, chain FROM audit_events
       WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT ${pageSize}`,
      [cursor, walk.head],
    );
    if (rows.length === 0) break;
    const sound: SoundEvent[] = [];
    for (const row of rows) {
      const seq = Number(row.seq);
      const isSound = checkEvent(row, seq, last, findings);
      if (isSound) {
        sound.push({ seq, actor: row.actor, action: row.action, subject: row.subject, data: row.data });
        if (row.action === 'audit.pruned')
          seen.prunedUpTo = Math.max(seen.prunedUpTo, Number(row.data?.upTo ?? 0));
      }
      if (row.data === null) {
        seen.lastWithoutData = seq;
        if (neverPruned.includes(row.action))
          findings.add(
            'event',
            seq,
            `Event ${seq} (${row.action}) lost its data, which no pruning drops.`,
            row.subject,
          );
      }
      last = { seq, chain: row.chain };
      marks.pass(last);
    }
    cursor = last.seq;
    seen.count += rows.length;
    await walk.onPage(sound, cursor);
  }
  marks.end(last.seq);
  return { ...seen, last };
}

/** @returns whether it is as it was written, and stands where it was written */
function checkEvent(row: Row, seq: number, last: Link, findings: Findings): boolean {
  const name = `Event ${seq} (${row.action}${row.subject === null ? '' : ` ${row.subject}`})`;
  if (seq !== last.seq + 1) {
    const from = last.seq + 1;
    const what =
      seq > from
        ? `${seq - from === 1 ? `Event ${from} is` : `Events ${from} to ${seq - 1} are`} missing: event ${seq} follows on ${last.seq}.`
        : `${name} stands before the first event: it was put in.`;
    findings.add('event', Math.min(from, seq), what, row.subject);
    // What it was linked to is gone: its own link cannot be held against anything.
    return seq > from;
  }
  if (row.data !== null && !row.payload_hash.equals(payloadHashOf(row.data))) {
    findings.add('event', seq, `${name}: its data was changed after it was written.`, row.subject);
    return false;
  }
  if (!isLinked(row, seq, last)) {
    const why = 'it was changed, put in or moved after it was written, and does not fit the event before it.';
    findings.add('event', seq, `${name}: ${why}`, row.subject);
    return false;
  }
  return true;
}

function isLinked(row: Row, seq: number, last: Link): boolean {
  // `infinity` comes as a number: no time that this program wrote.
  if (!(row.at instanceof Date)) return false;
  return row.chain.equals(chainOf(last.chain, leafOf({ ...row, seq }, row.payload_hash)));
}

/** The chain against what was signed of it. */
class Marks {
  readonly #ahead: Mark[];
  readonly #findings: Findings;
  #lastGood = 0;
  /** Where a finding before would explain a mark that does not fit. */
  #countAtGood = 0;

  constructor(marks: readonly Mark[], findings: Findings) {
    this.#ahead = [...marks];
    this.#findings = findings;
    this.#countAtGood = findings.count;
  }

  pass({ seq, chain }: Link): void {
    for (;;) {
      const mark = this.#ahead[0];
      if (mark === undefined || mark.seq > seq) return;
      this.#ahead.shift();
      if (mark.seq < seq) continue; // its event is missing, which was said
      if (mark.chain === chain.toString('hex')) {
        this.#lastGood = seq;
        this.#countAtGood = this.#findings.count;
      } else if (this.#findings.count === this.#countAtGood) {
        const from = this.#lastGood + 1;
        const which = from === seq ? `Event ${seq} was` : `One or more of the events ${from} to ${seq} were`;
        const message = `${which} rewritten, the chain with it: it is not what ${mark.source} says.`;
        this.#findings.add('event', from, message);
        this.#countAtGood = -1;
      }
    }
  }

  /** Marks beyond the last event: the tail is cut off. */
  end(last: number): void {
    const mark = this.#ahead.at(-1);
    if (mark === undefined) return;
    const which = mark.seq === last + 1 ? `Event ${mark.seq} is` : `Events ${last + 1} to ${mark.seq} are`;
    this.#findings.add('event', last + 1, `${which} cut off from the end: ${mark.source} knows of them.`);
  }
}
