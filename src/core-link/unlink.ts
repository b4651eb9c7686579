import { recordAudit } from '../audit/record-audit.ts';
import type { Transaction } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import { isAlfredError } from '../kernel/errors.ts';
import { removeEntries } from '../vault/plain-rows.ts';
import { countAsReported, isToAskFirst } from './after-restore.ts';
import { renewAuthSecret } from './auth-secret.ts';
import { type LinkState, linkKeys, notLinked, readLink } from './link-state.ts';
import type { CoreDeps } from './link-to-core.ts';

/**
 * Ends the link: Core's key is trusted no more, nothing is sent any more, and `vm_auth_secret` is made anew. Reports that
 * Core had not acknowledged are abandoned: it may have them all the same, so another Core is not told them again.
 *
 * @returns how many reports were abandoned
 * @throws AlfredError E_NOT_LINKED
 */
export async function unlinkFromCore({ db, vault }: CoreDeps, actor: string): Promise<number> {
  return db.transaction(async (tx) => {
    const link = await linkToEnd(tx);
    // What this Core was told may be more than is known here, and is told no other one.
    if (link !== 'altered' && (await isToAskFirst(tx))) await countAsReported(tx, 'all');
    await removeEntries(tx, Object.values(linkKeys));
    await renewAuthSecret(tx, vault);
    const { count } = await tx.metricReport.updateMany({
      where: { acknowledgedAt: null, abandonedAt: null },
      data: { abandonedAt: timeNow() },
    });
    await recordAudit(tx, {
      action: 'core.unlinked',
      actor,
      ...(link === 'altered' ? {} : { subject: link.vmId }),
      data: { ...(link === 'altered' ? { altered: true } : { url: link.url }), abandonedReports: count },
    });
    return count;
  });
}

/** A link whose entries somebody else changed is ended as well: there is no other way out of it. @throws AlfredError E_NOT_LINKED */
async function linkToEnd(tx: Transaction): Promise<LinkState | 'altered'> {
  try {
    const link = await readLink(tx);
    if (link) return link;
  } catch (error) {
    if (isAlfredError(error, 'E_ROW_ALTERED')) return 'altered';
    throw error;
  }
  throw notLinked();
}
