/** Signing every row anew under the key of the MACs in use, page by page, while others write. */
import type { Prisma, Transaction } from '../database/client.ts';
import type { GuardedTable } from '../vault/guarded-rows.ts';
import { resignList } from '../vault/plain-rows.ts';
import { rowGuardOf, type Signed } from '../vault/row-guard.ts';
import { writeMacs } from '../vault/write-macs.ts';
import type { KeyDeps } from './keyring-at-hand.ts';
import type { Sweep } from './reseal-values.ts';

const hasMac = { mac: { not: null } };

/** Rows are walked by their primary keys: others come and go meanwhile. */
const byId = (take: number, last: { id: string } | undefined) =>
  ({
    take,
    orderBy: { id: 'asc' },
    where: { ...hasMac, ...(last ? { id: { gt: last.id } } : {}) },
  }) as const;

type StepKey = { executionId: string; stepId: number };
const byStep = (take: number, last: StepKey | undefined) => ({
  take,
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

const byVersion = (take: number, last: { skillId: string; version: number } | undefined) =>
  ({
    take,
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
  take: number,
  last: Signed<Table> | undefined,
) => Promise<Signed<Table>[]>;

/** The next `take` rows of each table behind `last`. */
const readers: { [Table in SignedTable]: Reader<Table> } = {
  connections: (tx, take, last) => tx.connection.findMany(byId(take, last)),
  access_tokens: (tx, take, last) => tx.accessToken.findMany(byId(take, last)),
  sessions: (tx, take, last) => tx.session.findMany(byId(take, last)),
  sign_in_links: (tx, take, last) => tx.signInLink.findMany(byId(take, last)),
  passwords: (tx, take, last) => tx.password.findMany(byId(take, last)),
  passkeys: (tx, take, last) => tx.passkey.findMany(byId(take, last)),
  app_grants: (tx, take, last) => tx.appGrant.findMany(byId(take, last)),
  app_tokens: (tx, take, last) => tx.appToken.findMany(byId(take, last)),
  skills: (tx, take, last) => tx.skill.findMany(byId(take, last)),
  skill_versions: (tx, take, last) => tx.skillVersion.findMany(byVersion(take, last)),
  executions: (tx, take, last) =>
    tx.execution.findMany({ ...byId(take, last), omit: { input: true, output: true, trace: true } }),
  execution_steps: (tx, take, last) => tx.executionStep.findMany(byStep(take, last)),
  approvals: (tx, take, last) => tx.approval.findMany(byId(take, last)),
  step_sessions: (tx, take, last) => tx.stepSession.findMany(byStep(take, last)),
  conversations: (tx, take, last) => tx.conversation.findMany(byId(take, last)),
  messages: (tx, take, last) => tx.message.findMany(byId(take, last)),
  conversation_summaries: (tx, take, last) => tx.conversationSummary.findMany(byId(take, last)),
  proposals: (tx, take, last) => tx.proposal.findMany(byId(take, last)),
  approval_links: (tx, take, last) => tx.approvalLink.findMany(byId(take, last)),
  notice_channels: (tx, take, last) => tx.noticeChannel.findMany(byId(take, last)),
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
export async function resignRows(
  { db }: Pick<KeyDeps, 'db'>,
  { signal, batchRows, onBatch }: Sweep,
): Promise<number> {
  await db.transaction((tx) => resignList(tx));
  let count = 0;
  for (const table of tables) count += await resignTable(table);
  return count;

  async function resignTable<Table extends SignedTable>(table: Table): Promise<number> {
    let changed = 0;
    for (let last: Signed<Table> | undefined; ; ) {
      signal.throwIfAborted();
      const page = await readers[table](db.prisma, batchRows, last);
      const guard = rowGuardOf(db.prisma);
      const former = page.filter((row) => !guard.isCurrent(table, row) && guard.isIntact(table, row));
      if (former.length > 0) changed += await db.transaction((tx) => writeMacs(tx, guard, table, former));
      onBatch(page.length);
      if (page.length < batchRows) return changed;
      last = page.at(-1);
    }
  }
}
