/** Delivers what is to be told: at least once, in order, with one id for all attempts at a message. */
import { messageOf } from '../../src/kernel/errors.ts';
import type { Logger } from '../../src/kernel/log.ts';
import type { CoreDatabase } from '../database.ts';
import { HalfTaken } from '../mail/mailer.ts';
import type { AlertLine, AlertsTold } from './alert-words.ts';
import type { Channel } from './channels.ts';

/** How many attempts a message has, in some three days, before it is given up. */
const mostAttempts = 20;
/** How long a claimed message is another process's: longer than any attempt takes, so that one is taken over only from a process that was killed. */
const lease = "interval '2 minutes'";
/** How much of an error is kept, in characters. */
const longestError = 200;
/** How many items a message lists of each kind of news. */
const mostListed = 200;

type Claimed = { id: string; channel: string; attempts: number; createdAt: Date };

export type DeliverDeps = { db: CoreDatabase; channels: readonly Channel[]; url: string; log: Logger };

/** Delivers all that is due. A message that fails is tried again later, and those behind it on the same channel wait for it. */
export async function deliverAlerts({ db, channels, url, log }: DeliverDeps): Promise<void> {
  for (;;) {
    const message = await claim(db);
    if (!message) return;
    const channel = channels.find(({ name }) => name === message.channel);
    if (!channel) {
      await note(db, message, { error: 'this way is not set any more', isLast: true });
      continue;
    }
    try {
      await channel.send(message.id, await tellingOf(db, message, url));
      await db.pool.query(`UPDATE alert_messages SET delivered_at = now(), last_error = '' WHERE id = $1`, [
        message.id,
      ]);
    } catch (error) {
      const why = messageOf(error);
      if (error instanceof HalfTaken) {
        await db.pool.query(`UPDATE alert_messages SET delivered_at = now(), last_error = $2 WHERE id = $1`, [
          message.id,
          why.slice(0, longestError),
        ]);
        log.error({ channel: channel.name }, `an alert reached some of its receivers only: ${why}`);
        continue;
      }
      const isLast = message.attempts >= mostAttempts;
      log.warn(
        { channel: channel.name, attempt: message.attempts, isLast },
        `an alert was not taken: ${why}`,
      );
      await note(db, message, { error: why, isLast });
    }
  }
}

/** What is due now. Columns hold milliseconds, rounded: compared with a time that is not, what is due at once would be due later. */
const now = 'now()::timestamptz(3)';

/** Claims the next message that is due and has none before it on its channel. */
async function claim({ pool }: CoreDatabase): Promise<Claimed | undefined> {
  const { rows } = await pool.query<Claimed>(
    `UPDATE alert_messages SET attempts = attempts + 1, next_at = now() + ${lease}
     WHERE id = (
       SELECT m.id FROM alert_messages m
       WHERE m.delivered_at IS NULL AND m.given_up_at IS NULL AND m.next_at <= ${now}
         AND NOT EXISTS (SELECT FROM alert_messages e WHERE e.channel = m.channel AND e.delivered_at IS NULL
           AND e.given_up_at IS NULL AND (e.created_at, e.id) < (m.created_at, m.id))
       ORDER BY m.created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING id, channel, attempts, created_at AS "createdAt"`,
  );
  return rows[0];
}

/** The pause before the next attempt: half a minute, a minute, … six hours. */
const pauseSeconds = (attempts: number): number => Math.min(6 * 3600, 30 * 2 ** (attempts - 1));

async function note(
  { pool }: CoreDatabase,
  { id, attempts }: Claimed,
  { error, isLast }: { error: string; isLast: boolean },
): Promise<void> {
  await pool.query(
    `UPDATE alert_messages SET last_error = $2, next_at = now() + make_interval(secs => $3),
       given_up_at = CASE WHEN $4 THEN now() END WHERE id = $1`,
    [id, error.slice(0, longestError), pauseSeconds(attempts), isLast],
  );
}

type Row = AlertLine & { event: 'began' | 'ended' };

async function tellingOf(
  { pool }: CoreDatabase,
  { id, createdAt }: Claimed,
  url: string,
): Promise<AlertsTold> {
  const { rows } = await pool.query<Row>(
    `SELECT t.event, v.id AS "vmId", v.label, coalesce(u.customer_number, '') AS "customerNumber", a.kind,
       to_char(a.began_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
       to_char(v.last_report_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "lastReportAt"
     FROM alert_tellings t JOIN alerts a ON a.id = t.alert_id JOIN vms v ON v.id = a.vm_id
       LEFT JOIN users u ON u.id = v.owner_id
     WHERE t.message_id = $1 ORDER BY lower(v.label), v.id, a.kind`,
    [id],
  );
  const linesOf = (event: Row['event']) =>
    rows.filter((row) => row.event === event).map(({ event: _, ...line }): AlertLine => line);
  const [began, ended] = [linesOf('began'), linesOf('ended')];
  return {
    type: 'fleet.alerts',
    timestamp: createdAt.toISOString(),
    data: {
      url,
      began: began.slice(0, mostListed),
      ended: ended.slice(0, mostListed),
      beganCount: began.length,
      endedCount: ended.length,
    },
  };
}
