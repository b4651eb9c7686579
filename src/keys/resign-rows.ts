/** Signing every row anew under the key of the MACs in use, page by page, while others write. */
import type { Prisma, Transaction } from '../database/client.ts';
import type { GuardedTable } from '../vault/guarded-rows.ts';
import { resignList } from '../vault/plain-rows.ts';
import { rowGuardOf, type Signed } from '../vault/row-guard.ts';
import { writeMacs } from '../vault/write-macs.ts';
import type { KeyDeps } from './keyring-at-hand.ts';
import type { Sweep } from './reseal-values.ts';

const pageSize = 500;
const hasMac = { mac: { not: null } };

/** Rows are walked by their primary keys: others come and go meanwhile. */
const byId = (last: { id: string } | undefined) =>
  ({
    take: pageSize,
    orderBy: { id: 'asc' },
    where: { ...hasMac, ...(last ? { id: { gt: last.id } } : {}) },
  }) as const;

type StepKey = { executionId: string; stepId: number };
const byStep = (last: StepKey | undefined) => ({
  take: pageSize,
  orderBy: [{ executionId: 'asc' as const }, { stepId: 'asc' as const }],
  where: {
    ...hasMac,
    ...(last
      ? {
          OR: [
            { executionId: { gt: last.executionId } },
            { executionId: last.executionId, stepId: { gt: last.stepId } },
          ],
        }
      : {}),
  },
});

const byVersion = (last: { skillId: string; version: number } | undefined) =>
  ({
    take: pageSize,
    orderBy: [{ skillId: 'asc' }, { version: 'asc' }],
    where: {
      ...hasMac,
      ...(last
        ? {
            OR: [{ skillId: { gt: last.skillId } }, { skillId: last.skillId, version: { gt: last.version } }],
          }
        : {}),
    },
  }) satisfies Prisma.SkillVersionFindManyArgs;

type SignedTable = Exclude<GuardedTable, 'config'>;
type Reader<Table extends SignedTable> = (
  tx: Transaction,
  last: Signed<Table> | undefined,
) => Promise<Signed<Table>[]>;

/** The next page of each table behind `last`. */
const readers: { [Table in SignedTable]: Reader<Table> } = {
  connections: (tx, last) => tx.connection.findMany(byId(last)),
  access_tokens: (tx, last) => tx.accessToken.findMany(byId(last)),
  sessions: (tx, last) => tx.session.findMany(byId(last)),
  sign_in_links: (tx, last) => tx.signInLink.findMany(byId(last)),
  passwords: (tx, last) => tx.password.findMany(byId(last)),
  passkeys: (tx, last) => tx.passkey.findMany(byId(last)),
  app_grants: (tx, last) => tx.appGrant.findMany(byId(last)),
  app_tokens: (tx, last) => tx.appToken.findMany(byId(last)),
  skills: (tx, last) => tx.skill.findMany(byId(last)),
  skill_versions: (tx, last) => tx.skillVersion.findMany(byVersion(last)),
  executions: (tx, last) =>
    tx.execution.findMany({ ...byId(last), omit: { input: true, output: true, trace: true } }),
  execution_steps: (tx, last) => tx.executionStep.findMany(byStep(last)),
  approvals: (tx, last) => tx.approval.findMany(byId(last)),
  step_sessions: (tx, last) => tx.stepSession.findMany(byStep(last)),
  conversations: (tx, last) => tx.conversation.findMany(byId(last)),
  messages: (tx, last) => tx.message.findMany(byId(last)),
  conversation_summaries: (tx, last) => tx.conversationSummary.findMany(byId(last)),
  proposals: (tx, last) => tx.proposal.findMany(byId(last)),
  approval_links: (tx, last) => tx.approvalLink.findMany(byId(last)),
  notice_channels: (tx, last) => tx.noticeChannel.findMany(byId(last)),
};

const tables = Object.keys(readers) as SignedTable[];

/** How many rows there are to look at. */
export async function countSignedRows({ db }: Pick<KeyDeps, 'db'>): Promise<number> {
  const counts = tables.map((table) => `(SELECT count(*) FROM "${table}" WHERE mac IS NOT NULL)`);
  const { rows } = await db.pool.query<{ count: string }>(`SELECT ${counts.join(' + ')} AS count`);
  return Number(rows[0]?.count ?? 0);
}

/**
 * Signs anew what a former key signed. What is not as this VM wrote it is signed by nobody, now or then.
 *
 * @returns how many rows were signed anew
 */
export async function resignRows({ db }: Pick<KeyDeps, 'db'>, { signal, onBatch }: Sweep): Promise<number> {
  await db.transaction((tx) => resignList(tx));
  let count = 0;
  for (const table of tables) count += await resignTable(table);
  return count;

  async function resignTable<Table extends SignedTable>(table: Table): Promise<number> {
    let changed = 0;
    for (let last: Signed<Table> | undefined; ; ) {
      signal.throwIfAborted();
      const page = await readers[table](db.prisma, last);
      const guard = rowGuardOf(db.prisma);
      const former = page.filter((row) => !guard.isCurrent(table, row) && guard.isIntact(table, row));
      if (former.length > 0) changed += await db.transaction((tx) => writeMacs(tx, guard, table, former));
      onBatch(page.length);
      if (page.length < pageSize) return changed;
      last = page.at(-1);
    }
  }
}
