import type { AuditFinding, AuditVerification } from '../contract/audit.ts';
import { anchorsSchema } from '../contract/core.ts';
import { vmOperations } from '../contract/core-api/vms.ts';
import { messageOf } from '../kernel/errors.ts';
import { isAnchoring } from './anchor-head.ts';
import { type BearerCache, callAsVm } from './call-as-vm.ts';
import { lineOf } from './call-core.ts';
import { readLink } from './link-state.ts';
import type { CoreDeps } from './link-to-core.ts';

/**
 * Holds the chain against what Core has of it, when the owner has switched anchoring on: the chain must have come at least
 * as far, through the very same heads. A Core that does not answer is a warning.
 */
export async function checkAnchors(
  deps: CoreDeps & { bearer: BearerCache },
  verified: AuditVerification,
): Promise<AuditVerification> {
  const { db } = deps;
  const link = await readLink(db.prisma);
  if (!link || !(await isAnchoring(db.prisma))) return verified;
  let anchors: { epoch: number; seq: number; head: string }[];
  try {
    const answer = await callAsVm(deps, link, lineOf(vmOperations.listAnchors, link));
    anchors = anchorsSchema.parse(answer).items;
  } catch (error) {
    const warning = `What Core has of the chain could not be looked at: ${messageOf(error)}`;
    return { ...verified, warnings: [...verified.warnings, warning] };
  }
  // What was stated behind the moment that a database was set back to does not count any more: that restore is on record.
  const { rows: restores } = await db.pool.query<{ epoch: number; seq: string }>(
    `SELECT epoch, seq FROM audit_checkpoints WHERE kind = 'restored'`,
  );
  const counted = anchors.filter(
    ({ epoch, seq }) => !restores.some((restore) => restore.epoch > epoch && seq > Number(restore.seq)),
  );
  const { rows: events } = await db.pool.query<{ seq: string; chain: Buffer }>(
    'SELECT seq, chain FROM audit_events WHERE seq = ANY($1::bigint[])',
    [counted.map(({ seq }) => seq)],
  );
  const chains = new Map(events.map(({ seq, chain }) => [Number(seq), chain.toString('hex')]));
  const found = counted
    .filter(({ seq, head }) => chains.get(seq) !== head)
    .sort((a, b) => a.seq - b.seq)
    .map(
      ({ seq }): AuditFinding => ({
        seq,
        kind: 'head',
        subject: null,
        message: chains.has(seq)
          ? `Core was told of another event ${seq}: the chain was rewritten at it or before.`
          : `Core was told of event ${seq}, which is not there: the chain was cut off.`,
      }),
    );
  if (found.length === 0) return verified;
  const findings = [...verified.findings, ...found].sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0)).slice(0, 20);
  return {
    ...verified,
    ok: false,
    findings,
    findingCount: verified.findingCount + found.length,
    firstBad: findings[0] ?? null,
  };
}
