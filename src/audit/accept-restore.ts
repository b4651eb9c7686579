/**
 * A restore is an event of its own: the chain goes on from the moment that was restored, in a new epoch, and what had been
 * stated after that moment no longer counts. Only who has the signing key and the home can say so.
 */
import type { Database } from '../database/client.ts';
import { newId } from '../kernel/ids.ts';
import type { Vault } from '../vault/vault.ts';
import { appendEvents } from './append-events.ts';
import { insertCheckpoint, readLastCheckpoint } from './checkpoints.ts';
import { headStatement, nextStatement } from './seal-head.ts';
import { openSigningKey } from './signing-key.ts';
import { announceHead, appendToWitness, confirmHead, readWitness } from './witness.ts';

export type Restore = {
  actor: string;
  /** Where the data came from, for whoever reads the audit log: `the backup of 2026-11-22`. */
  reason: string;
};

/**
 * Takes the database as it stands now for the one that counts. Called after a restore, before the VM works on it.
 *
 * @returns how many events there were outside and are not in the restored database
 */
export async function acceptRestore(
  { db, vault, home }: { db: Database; vault: Vault; home: string },
  { actor, reason }: Restore,
): Promise<{ epoch: number; seq: number; lost: number }> {
  const key = await openSigningKey({ db, vault });
  const seal = { vault, key };
  const { lines, head: outside } = await readWitness(home);
  const statements = [...lines, ...(outside ? [outside] : [])].map(({ statement }) => statement);
  let done: ReturnType<typeof stateOf> | undefined;
  await appendEvents(db.pool, vault.vaultId, async (client, { after }) => {
    done = stateOf(after);
    const { epoch, lost } = done;
    const last = await readLastCheckpoint(client, { vaultId: vault.vaultId, publicKey: key.publicKey });
    const signed = nextStatement(seal, 'restored', { ...after, epoch }, last);
    done.signed = signed;
    await client.query('UPDATE audit_head SET epoch = $1', [epoch]);
    await insertCheckpoint(client, signed);
    await client.query(
      `INSERT INTO audit_inbox (id, actor, action, data) VALUES ($1, $2, 'database.restored', $3)`,
      [newId(), actor, { epoch, seq: after.seq, lost, reason }],
    );
  });
  if (!done?.signed) throw new Error('The restore was not written down');
  const { signed, after, epoch, lost } = done;
  await appendToWitness(home, [signed]);
  await announceHead(home, headStatement(seal, { ...after, epoch }, signed.statement));
  await confirmHead(home);
  return { epoch, seq: after.seq, lost };

  function stateOf(now: Awaited<ReturnType<typeof appendEvents>>['after']) {
    const epoch = Math.max(now.epoch, ...statements.map((one) => one.epoch)) + 1;
    const lost = Math.max(0, (outside?.statement.seq ?? 0) - now.seq);
    return { after: now, epoch, lost, signed: undefined as ReturnType<typeof nextStatement> | undefined };
  }
}
