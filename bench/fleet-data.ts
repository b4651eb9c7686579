/** The VMs of a measurement in Core's database: put there with months behind them, and held against what they sent. */
import type pg from 'pg';
import { openSigner } from '../core/keys/signer.ts';
import { issueBearer } from '../core/registry/tokens.ts';
import type { Vm } from './fleet-load.ts';

/** The public address of the Core that is measured. */
export const issuer = 'http://127.0.0.1:4281';

/** The VMs and their history, straight into the tables: months of reports would take months. */
export async function fill(
  db: pg.Pool,
  { vms, months }: { vms: number; months: number },
  home: string,
): Promise<Vm[]> {
  await db.query(
    `INSERT INTO vms (id, label, auth_secret_hash, created_at, last_report_at)
     SELECT gen_random_uuid(), 'VM ' || n, '$2b$10$' || repeat('a', 53), now() - make_interval(months => $2), now()
     FROM generate_series(1, $1::int) AS n`,
    [vms, months],
  );
  // For each of millions of rows closed months and keys are not looked at; the keys are for all of them, afterwards.
  await db.query(`ALTER TABLE daily_totals DISABLE TRIGGER USER, DROP CONSTRAINT daily_totals_vm_id_fkey,
    DROP CONSTRAINT daily_totals_pkey`);
  await db.query('DROP INDEX daily_totals_day_idx');
  await db.query(
    `INSERT INTO daily_totals (vm_id, day, billed_to, executions, duration_ms, tokens)
     SELECT id, day, '00000000-0000-0000-0000-000000000000', 12, 60000, 45000
     FROM vms, generate_series(current_date - make_interval(months => $1), current_date - 2, interval '1 day') AS day`,
    [months],
  );
  await db.query(`ALTER TABLE daily_totals ENABLE TRIGGER USER,
    ADD CONSTRAINT daily_totals_pkey PRIMARY KEY (vm_id, day, billed_to),
    ADD CONSTRAINT daily_totals_vm_id_fkey FOREIGN KEY (vm_id) REFERENCES vms (id) ON DELETE RESTRICT ON UPDATE NO ACTION`);
  await db.query('CREATE INDEX daily_totals_day_idx ON daily_totals (day)');
  await db.query('ANALYZE');
  const signer = await openSigner(home);
  const { rows } = await db.query<{ id: string }>('SELECT id FROM vms');
  return await Promise.all(
    rows.map(async ({ id }) => {
      const { token } = await issueBearer({ signer, issuer }, id);
      return { id, bearer: token, counter: 0, executions: 0, tokens: 0 };
    }),
  );
}

/** @throws Error for a VM of which Core has another total than it sent */
export async function compare(db: pg.Pool, vms: readonly Vm[]): Promise<void> {
  const { rows } = await db.query<{ id: string; executions: number; tokens: number; reports: number }>(
    `SELECT vm_id AS id, sum(executions)::float8 AS executions, sum(tokens)::float8 AS tokens FROM daily_totals
     WHERE day >= current_date - 1 GROUP BY vm_id`,
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  const wrong = vms.filter(
    ({ id, executions, tokens }) =>
      (found.get(id)?.executions ?? 0) !== executions || (found.get(id)?.tokens ?? 0) !== tokens,
  );
  if (wrong.length > 0) throw new Error(`of ${wrong.length} VMs Core has another total than they sent`);
  const sent = vms.reduce((sum, { counter }) => sum + counter, 0);
  console.log(`${sent} reports of ${vms.length} VMs, and the totals of every one are what it sent`);
}
