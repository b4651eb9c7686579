import type { Database } from '../database/client.ts';
import { storableText } from '../database/storable.ts';
import { newId } from '../kernel/ids.ts';
import type { Place } from '../vault/place.ts';

/** A secret by its place and by the name that stands for it when it is redacted. */
export type UsedSecret = { place: Place; label: string };

export type SecretUse = {
  secrets: readonly UsedSecret[];
  /** The host, or the command of a local server. */
  destination: string;
  /** The run that it was for, if it was for one. */
  executionId?: string | undefined;
  stepId?: number | undefined;
  /** How often; once when left out. */
  times?: number;
};

/**
 * Puts on record that secrets were opened for use: a row for each secret, execution, step and destination, which counts.
 * Called before the secret leaves.
 */
export async function recordSecretUses(db: Pick<Database, 'pool'>, use: SecretUse): Promise<void> {
  const { secrets, destination, executionId = null, stepId = null, times = 1 } = use;
  if (secrets.length === 0) return;
  await db.pool.query(
    `INSERT INTO secret_uses
       (id, place_table, place_row, place_pointer, label, execution_id, step_id, destination, uses)
     SELECT id, place_table, place_row, place_pointer, label, $6::uuid, $7::int, $8, $9
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
       AS used (id, place_table, place_row, place_pointer, label)
     -- Two that use the same secrets at once must lock their rows in one order.
     ORDER BY place_table, place_row, place_pointer
     ON CONFLICT (place_table, place_row, place_pointer,
       (coalesce(execution_id, '00000000-0000-0000-0000-000000000000'::uuid)), (coalesce(step_id, 0)), destination)
     DO UPDATE SET uses = secret_uses.uses + excluded.uses, last_used_at = now(), label = excluded.label`,
    [
      secrets.map(() => newId()),
      secrets.map(({ place }) => place.table),
      secrets.map(({ place }) => place.rowId),
      secrets.map(({ place }) => place.pointer),
      secrets.map(({ label }) => label),
      ...[executionId, stepId, storableText(destination).slice(0, 300), times],
    ],
  );
}
