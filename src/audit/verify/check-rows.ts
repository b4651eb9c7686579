/** The rows that direct or admit: each under its MAC, and none that an act on record says is over. */
import { z } from 'zod';
import type { Database, Transaction } from '../../database/client.ts';
import { type GuardedTable, guardedRows } from '../../vault/guarded-rows.ts';
import { findAltered, hashOfEntry, isListed } from '../../vault/plain-rows.ts';
import { rowGuardOf, type Signed } from '../../vault/row-guard.ts';
import type { Findings } from './findings.ts';

/** Rows read at once. */
const pageSize = 500;

const altered = (findings: Findings, table: string, name: string, what = 'is not as this VM wrote it') =>
  findings.add('row', null, `The row ${table}/${name} ${what}.`, `${table}/${name}`);

/** @throws what the database throws */
export async function checkRows(db: Database, findings: Findings): Promise<void> {
  const { prisma } = db;
  for (const key of await findAltered(prisma)) altered(findings, 'config', key);
  const byId = { orderBy: { id: 'asc' } } as const;
  const byStep = () => ({ orderBy: [{ executionId: 'asc' as const }, { stepId: 'asc' as const }] });
  const check = checkTable(prisma, findings);
  await check('connections', (page) => prisma.connection.findMany({ ...page, ...byId }));
  // What is revoked, closed, used or expired lets nobody in, whatever else it says.
  await check('access_tokens', (page) =>
    prisma.accessToken.findMany({ ...page, ...byId, where: { revokedAt: null } }),
  );
  await check('sessions', (page) =>
    prisma.session.findMany({ ...page, ...byId, where: { revokedAt: null } }),
  );
  await check('sign_in_links', (page) =>
    prisma.signInLink.findMany({ ...page, ...byId, where: { usedAt: null } }),
  );
  await check('skills', (page) => prisma.skill.findMany({ ...page, ...byId }));
  await check('skill_versions', (page) =>
    prisma.skillVersion.findMany({ ...page, orderBy: [{ skillId: 'asc' }, { version: 'asc' }] }),
  );
  await check('executions', (page) =>
    prisma.execution.findMany({ ...page, ...byId, omit: { input: true, output: true, trace: true } }),
  );
  await check('execution_steps', (page) =>
    prisma.executionStep.findMany({
      ...page,
      ...byStep(),
      where: { status: 'done', execution: { purgedAt: null } },
    }),
  );
  // One that expired or was cancelled is called by nobody; of a purged run nothing is.
  await check('approvals', (page) =>
    prisma.approval.findMany({
      ...page,
      ...byId,
      where: { status: { in: ['pending', 'approved', 'denied'] }, execution: { purgedAt: null } },
    }),
  );
  await check('step_sessions', (page) => prisma.stepSession.findMany({ ...page, ...byStep() }));
  await db.transaction((tx) => checkAgainstActs(tx, findings), {
    isolation: 'RepeatableRead',
    timeoutMs: 600_000,
  });
}

function checkTable(db: Database['prisma'], findings: Findings) {
  const guard = rowGuardOf(db);
  return async <Table extends Exclude<GuardedTable, 'config'>>(
    table: Table,
    read: (page: { skip: number; take: number }) => Promise<Signed<Table>[]>,
  ): Promise<void> => {
    for (let skip = 0; ; skip += pageSize) {
      const rows = await read({ skip, take: pageSize });
      for (const row of rows) {
        if (guard.isIntact(table, row)) continue;
        const values = new Map<string, unknown>(Object.entries(row));
        const name = guardedRows[table].id.map((column) => values.get(column)).join(' ');
        altered(findings, table, name);
      }
      if (rows.length < pageSize) return;
    }
  };
}

type Act = { subject: string; action: string; actor: string; data: Record<string, unknown> | null };

/** The last of the acts of these kinds for each subject; those that are not chained yet count as well. */
const lastActs = (tx: Transaction, actions: string[], by = 'subject'): Promise<Act[]> =>
  tx.$queryRawUnsafe<Act[]>(
    `SELECT DISTINCT ON (by) by AS subject, action, actor, data FROM (
       SELECT ${by} AS by, seq, NULL::uuid AS id, action, actor, data FROM audit_events WHERE action = ANY($1)
       UNION ALL SELECT ${by}, NULL, id, action, actor, data FROM audit_inbox WHERE action = ANY($1)) AS act
     WHERE by IS NOT NULL ORDER BY by, seq DESC NULLS FIRST, id DESC`,
    actions,
  );

/**
 * A MAC says that this VM wrote a row, and not that it is the last that it wrote: an older row put back has its own. The last
 * act on record about it tells. All of it is read in one moment.
 */
async function checkAgainstActs(tx: Transaction, findings: Findings): Promise<void> {
  await checkAdmission(tx, findings);
  await checkConnections(tx, findings);
  await checkSkills(tx, findings);
  await checkConfig(tx, findings);
  await checkApprovals(tx, findings);
}

const idsOf = (acts: readonly Act[]): string[] =>
  acts.map(({ subject }) => subject).filter((subject) => z.guid().safeParse(subject).success);

/** Who was shown out is out. */
async function checkAdmission(tx: Transaction, findings: Findings): Promise<void> {
  const revoked = idsOf(await lastActs(tx, ['token.revoked']));
  const tokens = await tx.accessToken.findMany({
    where: { id: { in: revoked }, revokedAt: null },
    select: { id: true },
  });
  for (const { id } of tokens) altered(findings, 'access_tokens', id, 'was revoked, and is there again');
  const closed = idsOf(await lastActs(tx, ['session.closed']));
  const sessions = await tx.session.findMany({
    where: { id: { in: closed }, revokedAt: null },
    select: { id: true },
  });
  for (const { id } of sessions) altered(findings, 'sessions', id, 'was closed, and is open again');
}

async function checkConnections(tx: Transaction, findings: Findings): Promise<void> {
  const kinds = ['created', 'changed', 'approved', 'removed'].map((kind) => `connection.${kind}`);
  const acts = await lastActs(tx, kinds);
  const rows = await tx.connection.findMany({ select: { name: true, approvedHash: true } });
  const byName = new Map(rows.map((row) => [row.name, row]));
  for (const { subject, action, data } of acts) {
    const row = byName.get(subject);
    if (action === 'connection.removed') {
      if (row) altered(findings, 'connections', subject, 'was removed, and is there again');
    } else if (!row) altered(findings, 'connections', subject, 'is gone, and nobody removed it');
    else if (data?.approvedHash !== undefined && data.approvedHash !== hexOf(row.approvedHash)) {
      altered(findings, 'connections', subject, 'is not what was approved last');
    }
  }
}

async function checkSkills(tx: Transaction, findings: Findings): Promise<void> {
  const kinds = ['created', 'changed', 'removed'].map((kind) => `skill.${kind}`);
  const acts = await lastActs(tx, kinds, "data ->> 'id'");
  const rows = await tx.skill.findMany({ select: { id: true, slug: true, version: true } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const { subject, action, data } of acts) {
    const row = byId.get(subject);
    if (action === 'skill.removed') {
      if (row) altered(findings, 'skills', row.slug, 'was removed, and is there again');
    } else if (!row) altered(findings, 'skills', subject, 'is gone, and nobody removed it');
    else if (row.version !== data?.version)
      altered(findings, 'skills', row.slug, 'is not the version saved last');
  }
}

async function checkConfig(tx: Transaction, findings: Findings): Promise<void> {
  const rows = new Map((await tx.config.findMany()).map((row) => [row.key, row]));
  for (const { subject, action, data } of await lastActs(tx, ['config.changed', 'config.removed'])) {
    // Core's key is set by the link as well, whose acts have other names.
    if (subject === 'alfred_core_public_key') continue;
    const row = rows.get(subject);
    if (action === 'config.removed') {
      if (row && isListed(row)) altered(findings, 'config', subject, 'was removed, and is there again');
    } else if (!row) altered(findings, 'config', subject, 'is gone, and nobody removed it');
    else if (data?.sha256 !== undefined && data.sha256 !== hashOfEntry(row.value)) {
      altered(findings, 'config', subject, 'is not what was set last');
    }
  }
  const switches = [
    ['stopped', 'stop_all.requested', 'stop_all.ended'],
    ['core_url', 'core.linked', 'core.unlinked'],
  ] as const;
  for (const [key, on, off] of switches) {
    const [last] = await lastActs(tx, [on, off], "'one'");
    if (last && (last.action === on) !== rows.has(key)) {
      altered(findings, 'config', key, `is not as the last act says (${last.action})`);
    }
  }
}

/** Every decision is the one that was made, and none was made that is not on record. */
async function checkApprovals(tx: Transaction, findings: Findings): Promise<void> {
  const decided = new Map((await lastActs(tx, ['approval.decided'])).map((act) => [act.subject, act]));
  const others = await lastActs(tx, ['approval.requested', 'approval.expired']);
  const ids = new Set([...decided.keys(), ...others.map(({ subject }) => subject)]);
  const known = new Set<string>();
  for (let skip = 0; ; skip += pageSize) {
    const rows = await tx.approval.findMany({ skip, take: pageSize, orderBy: { id: 'asc' } });
    for (const row of rows) {
      known.add(row.id);
      const what = whatIsWrong(row, decided.get(row.id), ids.has(row.id));
      if (what !== undefined) altered(findings, 'approvals', row.id, what);
    }
    if (rows.length < pageSize) break;
  }
  for (const id of ids) {
    if (!known.has(id)) altered(findings, 'approvals', id, 'is gone, and it was asked for');
  }
}

type ApprovalRow = Awaited<ReturnType<Transaction['approval']['findMany']>>[number];

function whatIsWrong(row: ApprovalRow, act: Act | undefined, isKnown: boolean): string | undefined {
  if (!isKnown) return 'was put in: no event says that it was asked for';
  const isDecided = row.status === 'approved' || row.status === 'denied';
  if (!act) return isDecided ? 'was decided by nobody: no event says so' : undefined;
  const { decision, argumentsHash, connection, tool } = act.data ?? {};
  const isSame =
    isDecided &&
    row.decidedBy === act.actor &&
    (act.data === null ||
      ((row.status === 'approved') === (decision === 'approve') &&
        hexOf(row.argumentsHash) === argumentsHash &&
        row.connection === connection &&
        row.tool === tool));
  return isSame ? undefined : 'is not what was decided';
}

const hexOf = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString('hex');
