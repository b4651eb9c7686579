/** Sees what began and what is over since the last look, and puts on record what is to be told of it, in one statement. */
import type { CoreDatabase } from '../database.ts';
import type { ChannelName } from './channels.ts';

/** When the last look is longer ago than this, Core itself was away, and VMs that could not reach it get time to come back. */
const gap = "interval '30 minutes'";
/** How much time they get: a VM whose reports wait tries again within six hours. */
const grace = "interval '7 hours'";
const silence = "interval '2 days'";

const look = `
  WITH seen AS (
    SELECT v.id AS vm_id, kind FROM vms v CROSS JOIN LATERAL (VALUES
      ('copied', v.copied_at IS NOT NULL),
      ('refused', v.refused_at > coalesce(v.last_report_at, '-infinity')),
      ('silent', v.last_report_at < now() - ${silence}),
      ('never', v.last_report_at IS NULL AND v.created_at < now() - ${silence})
    ) AS one (kind, holds)
    WHERE holds AND v.retired_at IS NULL AND v.suspended_at IS NULL
  ), ended AS (
    UPDATE alerts SET ended_at = now() WHERE ended_at IS NULL
      AND NOT EXISTS (SELECT FROM seen WHERE seen.vm_id = alerts.vm_id AND seen.kind = alerts.kind)
    RETURNING id
  ), began AS (
    INSERT INTO alerts (id, vm_id, kind)
    SELECT gen_random_uuid(), vm_id, kind FROM seen
    WHERE kind NOT IN ('silent', 'never') OR $2::timestamptz < now() - ${grace}
    ON CONFLICT (vm_id, kind) WHERE ended_at IS NULL DO NOTHING
    RETURNING id
  ), news AS (
    SELECT id, 'ended' AS event FROM ended UNION ALL SELECT id, 'began' FROM began
  ), message AS (
    INSERT INTO alert_messages (id, channel)
    SELECT gen_random_uuid(), channel FROM unnest($1::text[]) AS channel WHERE EXISTS (SELECT FROM news)
    RETURNING id
  )
  INSERT INTO alert_tellings (message_id, alert_id, event)
  SELECT message.id, news.id, news.event FROM message, news`;

/** How long alerts are kept that are over and were told. */
const kept = "interval '90 days'";

/** @param channels the ways by which it is to be told; alerts stand on the page without any */
export async function lookForAlerts({ pool }: CoreDatabase, channels: readonly ChannelName[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    // Only one of several processes looks at a time.
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('alerts', 0))`);
    const { rows } = await client.query<{ since: Date }>(
      `INSERT INTO alert_watch (id, since, looked_at) VALUES (1, now(), now())
       ON CONFLICT (id) DO UPDATE SET looked_at = now(),
         since = CASE WHEN alert_watch.looked_at < now() - ${gap} THEN now() ELSE alert_watch.since END
       RETURNING since`,
    );
    await client.query(look, [channels, rows[0]?.since]);
    await client.query(`DELETE FROM alert_messages WHERE created_at < now() - ${kept}`);
    await client.query(`DELETE FROM alerts WHERE ended_at < now() - ${kept}`);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
