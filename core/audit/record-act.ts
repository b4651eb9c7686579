/**
 * Acts at Core on record, in the transaction of the act itself, each chained to the one before it as a VM chains its own
 * (docs/security.md, "The audit chain"). People act here a few times a day: the chain's head is locked meanwhile.
 */
import { chainOf, leafOf, payloadHashOf } from '../../src/audit/chain.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import { sha256 } from '../../src/kernel/hash.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { CoreTransaction } from '../database.ts';

/** Every act that is on record. Add, never rename: they are in the chain. */
type CoreAction =
  | 'token.replaced'
  | 'token.created'
  | 'token.ended'
  | 'user.created'
  | 'user.changed'
  | 'user.removed'
  | 'user.invited'
  | 'user.reset'
  | 'password.set'
  | 'passkey.added'
  | 'passkey.removed'
  | 'enrolment.created'
  | 'enrolment.withdrawn'
  | 'vm.enrolled'
  | 'vm.changed'
  | 'vm.retired'
  | 'vm.copied'
  | 'month.closed'
  | 'bill.corrected'
  | 'backup.created'
  | 'backup.failed'
  | 'backup.restored';

export type NewAct = {
  /** `file`, `operator`, `token:<id>`, `user:<id>`, `vm:<id>`; `core` by itself. */
  actor: string;
  action: CoreAction;
  /** An id, or a month. */
  subject?: string;
  /** What people at Core wrote or chose; nothing that a VM sent. */
  data?: Readonly<Record<string, string | number | boolean | null>>;
};

/** What the first act is linked to. */
export const coreGenesis = (): Buffer => sha256('alfred-core/acts/v1');

export const recordAct = (tx: CoreTransaction, act: NewAct): Promise<void> => recordActs(tx, [act]);

/** Several at once, in their order. */
export async function recordActs(tx: CoreTransaction, acts: readonly NewAct[]): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('acts', 0))`;
  const last = await tx.act.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true, chain: true } });
  let seq = Number(last?.seq ?? 0);
  let chain = Buffer.from(last?.chain ?? coreGenesis());
  const rows = acts.map(({ actor, action, subject, data = {} }) => {
    seq += 1;
    const event = { seq, id: newId(), at: timeNow(), actor, action, subject: subject ?? null };
    chain = Buffer.from(chainOf(chain, leafOf(event, payloadHashOf(data))));
    return { ...event, seq: BigInt(seq), data, chain: Uint8Array.from(chain) };
  });
  await tx.act.createMany({ data: rows });
}
