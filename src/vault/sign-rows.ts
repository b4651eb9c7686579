/**
 * Signs the rows that are older than the key of their MACs: once in the life of a VM, as they are found. That it was done
 * stands in the sealed keyring, where the database alone cannot undo it; and in a file of the home, so that an older keyring
 * put in its place is no second first time.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { GuardedTable } from './guarded-rows.ts';
import { listAllRows } from './plain-rows.ts';
import type { KeySettings } from './root-key.ts';
import { type RowGuard, rowGuardOf, type Signed } from './row-guard.ts';
import { writeMacs } from './write-macs.ts';

/** How many rows of each table were signed. */
export type SignedRows = Partial<Record<GuardedTable, number>>;

const pageSize = 500;

/** Records of what is done, which the database lets nobody change; their MACs are added to them. */
const immutable = [
  ['skill_versions', 'skill_versions_immutable_row'],
  ['executions', 'executions_final_immutable'],
  ['execution_steps', 'execution_steps_done_immutable'],
] as const;

/** Signs every row that may still direct or admit, within `tx`. */
export async function signRows(tx: Transaction): Promise<SignedRows> {
  const guard = rowGuardOf(tx);
  const triggers = async (verb: 'DISABLE' | 'ENABLE') => {
    for (const [table, trigger] of immutable) {
      await tx.$executeRawUnsafe(`ALTER TABLE "${table}" ${verb} TRIGGER "${trigger}"`);
    }
  };
  await triggers('DISABLE');
  const byId = { orderBy: { id: 'asc' } } as const;
  const byStep = () => ({ orderBy: [{ executionId: 'asc' as const }, { stepId: 'asc' as const }] });
  const signed: SignedRows = {
    config: await listAllRows(tx),
    connections: await signTable(tx, guard, 'connections', (page) =>
      tx.connection.findMany({ ...page, ...byId }),
    ),
    access_tokens: await signTable(tx, guard, 'access_tokens', (page) =>
      tx.accessToken.findMany({ ...page, ...byId, where: { revokedAt: null } }),
    ),
    sessions: await signTable(tx, guard, 'sessions', (page) =>
      tx.session.findMany({ ...page, ...byId, where: { revokedAt: null } }),
    ),
    sign_in_links: await signTable(tx, guard, 'sign_in_links', (page) =>
      tx.signInLink.findMany({ ...page, ...byId, where: { usedAt: null } }),
    ),
    skills: await signTable(tx, guard, 'skills', (page) => tx.skill.findMany({ ...page, ...byId })),
    skill_versions: await signTable(tx, guard, 'skill_versions', (page) =>
      tx.skillVersion.findMany({ ...page, orderBy: [{ skillId: 'asc' }, { version: 'asc' }] }),
    ),
    executions: await signTable(tx, guard, 'executions', (page) =>
      tx.execution.findMany({
        ...page,
        ...byId,
        omit: { input: true, output: true, trace: true },
      }),
    ),
    execution_steps: await signTable(tx, guard, 'execution_steps', (page) =>
      tx.executionStep.findMany({
        ...page,
        ...byStep(),
        where: { status: 'done', execution: { purgedAt: null } },
      }),
    ),
    approvals: await signTable(tx, guard, 'approvals', (page) =>
      tx.approval.findMany({ ...page, ...byId, where: { execution: { purgedAt: null } } }),
    ),
    step_sessions: await signTable(tx, guard, 'step_sessions', (page) =>
      tx.stepSession.findMany({ ...page, ...byStep() }),
    ),
    conversations: await signTable(tx, guard, 'conversations', (page) =>
      tx.conversation.findMany({ ...page, ...byId, where: { deletedAt: null } }),
    ),
    messages: await signTable(tx, guard, 'messages', (page) =>
      tx.message.findMany({ ...page, ...byId, where: { execution: { purgedAt: null } } }),
    ),
    conversation_summaries: await signTable(tx, guard, 'conversation_summaries', (page) =>
      tx.conversationSummary.findMany({ ...page, ...byId, where: { text: { not: '' } } }),
    ),
    proposals: await signTable(tx, guard, 'proposals', (page) =>
      tx.proposal.findMany({ ...page, ...byId, where: { status: 'open' } }),
    ),
  };
  await triggers('ENABLE');
  return signed;
}

/** In pages: what a home has run in years is not in memory at once. @returns how many */
async function signTable<Table extends Exclude<GuardedTable, 'config'>>(
  tx: Transaction,
  guard: RowGuard,
  table: Table,
  read: (page: { skip: number; take: number }) => Promise<Signed<Table>[]>,
): Promise<number> {
  for (let count = 0; ; ) {
    const rows = await read({ skip: count, take: pageSize });
    if (rows.length === 0) return count;
    await writeMacs(tx, guard, table, rows);
    count += rows.length;
  }
}

const markerFile = ({ home }: Pick<KeySettings, 'home'>): string => path.join(home, 'keys', 'rows-signed');

/**
 * Refuses to sign a second time: whoever can write to the database could have all that they wrote signed by it.
 *
 * @throws AlfredError E_ROW_ALTERED
 */
export async function refuseSecondSigning(settings: KeySettings, vaultId: string): Promise<void> {
  const file = markerFile(settings);
  const known = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  if (!known.split('\n').includes(vaultId)) return;
  throw new AlfredError(
    'E_ROW_ALTERED',
    'The row config/vm_encryption_secret of the database is an older keyring: the rows of this VM were signed before, and it knows no key of theirs.',
    {
      remedy: `If you restored a backup of before then, look that it is yours, remove the file ${file}, and start again. If you did not, somebody else wrote to the database: restore a backup.`,
    },
  );
}

/** Notes outside the database that the rows of this vault are signed. */
export async function noteSigning(settings: KeySettings, vaultId: string): Promise<void> {
  const file = markerFile(settings);
  const known = await readFile(file, 'utf8').catch(() => ''); // not there yet
  if (known.split('\n').includes(vaultId)) return;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${vaultId}\n`, { flag: 'a', mode: 0o600 });
}
