/**
 * All processes on one database go by its clock: what is due, what has ended and when something was done is decided by it, also where
 * a process must know at once and cannot ask. So each looks now and then how far its own machine's clock is from it.
 */
import { setClockAhead } from '../kernel/clock.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { type Repeat, repeat } from '../kernel/repeat.ts';
import type { Database } from './client.ts';

type KeepTimeDeps = { db: Pick<Database, 'pool'>; log: Logger };

const everyMs = 5_000;
/** Less changes nothing, in milliseconds: times of one process shall not go back and forth with how fast the database answers. */
const noticeableMs = 250;

/** How far the database's clock is ahead of this machine's, in milliseconds; 0 where they may agree. */
export async function readAhead(pool: Pick<Database['pool'], 'query'>): Promise<number> {
  const asked = Date.now();
  const { rows } = await pool.query<{ at: Date }>('SELECT clock_timestamp() AS at');
  const answered = Date.now();
  const [row] = rows;
  if (!row) throw new Error('A SELECT without FROM gives one row');
  const at = row.at.getTime();
  return at > answered ? at - answered : Math.min(0, at - asked);
}

/** Puts this process's clock right, and from its start on every few seconds. */
export async function keepTime({ db, log }: KeepTimeDeps): Promise<Repeat> {
  let ahead = 0;
  const look = async () => {
    const present = await readAhead(db.pool);
    if (Math.abs(present - ahead) < noticeableMs) return;
    ahead = Math.abs(present) < noticeableMs ? 0 : present;
    log.warn(
      { ms: ahead },
      'this process goes by the database’s clock, which is so far ahead of this machine’s',
    );
    setClockAhead(ahead);
  };
  await look();
  return repeat(look, {
    everyMs,
    pausesFirst: true,
    onTrouble: (error, isNews) => {
      if (isNews) log.warn(`the database's clock could not be looked at: ${messageOf(error)}`);
    },
  });
}
