/**
 * The head of the audit chain, told to Core when the owner has switched it on (`core_anchor`): whoever can rewrite this whole
 * machine cannot rewrite what Core has. A request of its own to an endpoint of its own; the reports know nothing of it.
 */
import { readConfig } from '../config/read-config.ts';
import type { Anchor } from '../contract/core.ts';
import { vmOperations } from '../contract/core-api/vms.ts';
import type { Database, Transaction } from '../database/client.ts';
import { writePlain } from '../vault/plain-rows.ts';
import { type BearerCache, callAsVm } from './call-as-vm.ts';
import { lineOf } from './call-core.ts';
import { type LinkState, linkKeys } from './link-state.ts';
import type { CoreDeps } from './link-to-core.ts';

export const isAnchoring = async (db: Pick<Transaction, 'config'>): Promise<boolean> =>
  (await readConfig(db, 'core_anchor')).core_anchor;

async function readHead({ pool }: Pick<Database, 'pool'>): Promise<Anchor | undefined> {
  const { rows } = await pool.query<{ seq: string; chain: Buffer; epoch: number }>(
    'SELECT seq, chain, epoch FROM audit_head',
  );
  const [row] = rows;
  return row && { epoch: row.epoch, seq: Number(row.seq), head: row.chain.toString('hex') };
}

/**
 * Tells Core how far the chain has come, unless it is switched off or Core has it.
 *
 * @returns whether Core was told
 * @throws AlfredError E_CORE_UNREACHABLE, E_CORE_REFUSED
 */
export async function anchorHead(
  deps: CoreDeps & { bearer: BearerCache },
  link: LinkState,
): Promise<boolean> {
  const { db } = deps;
  if (!(await isAnchoring(db.prisma))) return false;
  const head = await readHead(db);
  if (head === undefined || head.seq === 0) return false;
  const mark = `${link.vmId} ${head.epoch} ${head.seq}`;
  if ((await readConfig(db.prisma, 'core_anchored')).core_anchored === mark) return false;
  const body = JSON.stringify(head);
  await callAsVm(deps, link, { ...lineOf(vmOperations.storeAnchor, link), body });
  await db.transaction((tx) => writePlain(tx, { [linkKeys.anchored]: mark }));
  return true;
}
