/** The rows that direct or admit: each under its MAC, and none that an act on record says is over. */
import type { Database } from '../../database/client.ts';
import { type GuardedTable, guardedRows } from '../../vault/guarded-rows.ts';
import { findAltered, hashOfEntry, isListed } from '../../vault/plain-rows.ts';
import { rowGuardOf, type Signed } from '../../vault/row-guard.ts';
import { checkApprovals } from './check-approvals.ts';
import type { Findings } from './findings.ts';
import { type Act, altered, lastActs, type Pool } from './last-acts.ts';

/** Rows read at once. */
const pageSize = 500;

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
  await check('passwords', (page) => prisma.password.findMany({ ...page, ...byId }));
  await check('passkeys', (page) => prisma.passkey.findMany({ ...page, ...byId }));
  await check('app_grants', (page) =>
    prisma.appGrant.findMany({ ...page, ...byId, where: { revokedAt: null } }),
  );
  await check('app_tokens', (page) => prisma.appToken.findMany({ ...page, ...byId }));
  await check('skills', (page) => prisma.skill.findMany({ ...page, ...byId }));
  await check('skill_versions', (page) =>
    prisma.skillVersion.findMany({ ...page, orderBy: [{ skillId: 'asc' }, { version: 'asc' }] }),
  );
  await check('executions', (page) =>
    prisma.execution.findMany({
      ...page,
      ...byId,
      omit: { input: true, output: true, trace: true, definition: true },
    }),
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
  await check('conversations', (page) =>
    prisma.conversation.findMany({ ...page, ...byId, where: { deletedAt: null } }),
  );
  await check('messages', (page) =>
    prisma.message.findMany({ ...page, ...byId, where: { execution: { purgedAt: null } } }),
  );
  await check('conversation_summaries', (page) =>
    prisma.conversationSummary.findMany({ ...page, ...byId, where: { text: { not: '' } } }),
  );
  await check('proposals', (page) =>
    prisma.proposal.findMany({ ...page, ...byId, where: { status: 'open' } }),
  );
  await checkNotices(prisma, check);
  await checkAgainstActs(db, findings);
}

/** Where what happens is told, and who decides by what was told. */
async function checkNotices(prisma: Database['prisma'], check: ReturnType<typeof checkTable>): Promise<void> {
  const byId = { orderBy: { id: 'asc' } } as const;
  await check('approval_links', (page) =>
    prisma.approvalLink.findMany({ ...page, ...byId, where: { usedAt: null } }),
  );
  await check('notice_channels', (page) => prisma.noticeChannel.findMany({ ...page, ...byId }));
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

/**
 * A MAC says that this VM wrote a row, and not that it is the last that it wrote: an older row put back has its own. The last
 * act on record about it tells.
 */
async function checkAgainstActs({ pool }: Database, findings: Findings): Promise<void> {
  await checkAdmission(pool, findings);
  await checkConnections(pool, findings);
  await checkSkills(pool, findings);
  await checkChannels(pool, findings);
  await checkConfig(pool, findings);
  await checkApprovals(pool, findings);
}

/** Who was shown out is out. */
async function checkAdmission(pool: Pool, findings: Findings): Promise<void> {
  for (const [table, action, what] of [
    ['access_tokens', 'token.revoked', 'was revoked, and is there again'],
    ['sessions', 'session.closed', 'was closed, and is open again'],
    ['passkeys', 'passkey.removed', 'was removed, and is there again'],
    ['app_grants', 'app.revoked', 'was revoked, and is there again'],
    ['passwords', 'password.removed', 'was removed, and is there again'],
  ] as const) {
    const isThere = table === 'passkeys' || table === 'passwords' ? 'true' : 'revoked_at IS NULL';
    const { rows } = await pool.query<{ id: string }>(
      `SELECT id::text FROM ${table} WHERE ${isThere}
       AND id::text IN (SELECT subject FROM ${lastActs([action])} AS act)`,
    );
    for (const { id } of rows) altered(findings, table, id, what);
  }
}

async function checkConnections(pool: Pool, findings: Findings): Promise<void> {
  const acts = lastActs(['created', 'changed', 'approved', 'removed'].map((kind) => `connection.${kind}`));
  const { rows } = await pool.query<Act & { name: string; there: boolean; hash: string | null }>(
    `SELECT subject AS name, action, actor, data, c.id IS NOT NULL AS there, encode(c.approved_hash, 'hex') AS hash
     FROM ${acts} AS act LEFT JOIN connections c ON c.name = subject`,
  );
  for (const { name, action, data, there, hash } of rows) {
    if (action === 'connection.removed') {
      if (there) altered(findings, 'connections', name, 'was removed, and is there again');
    } else if (!there) altered(findings, 'connections', name, 'is gone, and nobody removed it');
    else if (data?.approvedHash !== undefined && data.approvedHash !== hash)
      altered(findings, 'connections', name, 'is not what was approved last');
  }
}

async function checkSkills(pool: Pool, findings: Findings): Promise<void> {
  const acts = lastActs(
    ['created', 'changed', 'removed'].map((kind) => `skill.${kind}`),
    "data ->> 'id'",
  );
  const { rows } = await pool.query<Act & { id: string; slug: string | null; version: number | null }>(
    `SELECT subject AS id, action, actor, data, s.slug, s.version
     FROM ${acts} AS act LEFT JOIN skills s ON s.id::text = subject`,
  );
  for (const { id, action, data, slug, version } of rows) {
    if (action === 'skill.removed') {
      if (slug !== null) altered(findings, 'skills', slug, 'was removed, and is there again');
    } else if (slug === null) altered(findings, 'skills', id, 'is gone, and nobody removed it');
    else if (version !== data?.version) altered(findings, 'skills', slug, 'is not the version saved last');
  }
}

async function checkChannels(pool: Pool, findings: Findings): Promise<void> {
  const acts = lastActs(
    ['created', 'changed', 'removed'].map((kind) => `channel.${kind}`),
    "data ->> 'id'",
  );
  const { rows } = await pool.query<Act & { id: string; name: string | null }>(
    `SELECT subject AS id, action, c.name FROM ${acts} AS act LEFT JOIN notice_channels c ON c.id::text = subject`,
  );
  for (const { id, action, name } of rows) {
    if (action === 'channel.removed') {
      if (name !== null) altered(findings, 'notice_channels', name, 'was removed, and is there again');
    } else if (name === null) altered(findings, 'notice_channels', id, 'is gone, and nobody removed it');
  }
}

async function checkConfig(pool: Pool, findings: Findings): Promise<void> {
  const { rows } = await pool.query<Act & { key: string; value: string | null }>(
    `SELECT subject AS key, action, actor, data, c.value
     FROM ${lastActs(['config.changed', 'config.removed'])} AS act LEFT JOIN config c ON c.key = subject`,
  );
  for (const { key, action, data, value } of rows) {
    // Core's key is set by the link as well, whose acts have other names.
    if (key === 'alfred_core_public_key') continue;
    if (action === 'config.removed') {
      if (value !== null && isListed({ key, value }))
        altered(findings, 'config', key, 'was removed, and is there again');
    } else if (value === null) altered(findings, 'config', key, 'is gone, and nobody removed it');
    else if (data?.sha256 !== undefined && data.sha256 !== hashOfEntry(value))
      altered(findings, 'config', key, 'is not what was set last');
  }
  for (const [key, on, off] of [
    ['stopped', 'stop_all.requested', 'stop_all.ended'],
    ['core_url', 'core.linked', 'core.unlinked'],
  ] as const) {
    const found = await pool.query<{ action: string; there: boolean }>(
      `SELECT action, EXISTS (SELECT FROM config WHERE key = '${key}') AS there FROM ${lastActs([on, off], "'one'")} AS act`,
    );
    const [last] = found.rows;
    if (last && (last.action === on) !== last.there)
      altered(findings, 'config', key, `is not as the last act says (${last.action})`);
  }
}
