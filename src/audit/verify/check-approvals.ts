/** Decisions about calls, held against the acts on record. */
import type { Findings } from './findings.ts';
import { altered, lastActs, type Pool } from './last-acts.ts';

type ApprovalRow = {
  id: string;
  status: string | null;
  decidedBy: string | null;
  argumentsHash: string | null;
  connection: string | null;
  tool: string | null;
  isKnown: boolean;
  actor: string | null;
  data: Record<string, unknown> | null;
};

/** Every decision is the one that was made, and none was made that is not on record. */
export async function checkApprovals(pool: Pool, findings: Findings): Promise<void> {
  const { rows } = await pool.query<ApprovalRow>(
    `SELECT coalesce(a.id::text, asked.subject, decided.subject) AS id, a.status::text, a.decided_by AS "decidedBy",
       encode(a.arguments_hash, 'hex') AS "argumentsHash", a.connection, a.tool,
       coalesce(asked.subject, decided.subject) IS NOT NULL AS "isKnown", decided.actor, decided.data
     FROM approvals a FULL JOIN ${lastActs(['approval.requested'])} AS asked ON asked.subject = a.id::text
       FULL JOIN ${lastActs(['approval.decided'])} AS decided ON decided.subject = coalesce(a.id::text, asked.subject)`,
  );
  for (const row of rows) {
    const what = whatIsWrong(row);
    if (what !== undefined) altered(findings, 'approvals', row.id, what);
  }
}

function whatIsWrong(row: ApprovalRow): string | undefined {
  if (row.status === null) return 'is gone, and it was asked for';
  if (!row.isKnown) return 'was put in: no event says that it was asked for';
  const isDecided = row.status === 'approved' || row.status === 'denied';
  if (row.actor === null) return isDecided ? 'was decided by nobody: no event says so' : undefined;
  const { decision, argumentsHash, connection, tool } = row.data ?? {};
  const isSame =
    isDecided &&
    row.decidedBy === row.actor &&
    (row.data === null ||
      ((row.status === 'approved') === (decision === 'approve') &&
        row.argumentsHash === argumentsHash &&
        row.connection === connection &&
        row.tool === tool));
  return isSame ? undefined : 'is not what was decided';
}
