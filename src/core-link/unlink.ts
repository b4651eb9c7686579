import { recordAudit } from '../audit/record-audit.ts';
import { renewAuthSecret } from './auth-secret.ts';
import { linkKeys, notLinked, readLink } from './link-state.ts';
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
    const link = await readLink(tx);
    if (!link) throw notLinked();
    await tx.config.deleteMany({ where: { key: { in: Object.values(linkKeys) } } });
    await renewAuthSecret(tx, vault);
    const { count } = await tx.metricReport.updateMany({
      where: { acknowledgedAt: null, abandonedAt: null },
      data: { abandonedAt: new Date() },
    });
    await recordAudit(tx, {
      action: 'core.unlinked',
      actor,
      subject: link.vmId,
      data: { url: link.url, abandonedReports: count },
    });
    return count;
  });
}
