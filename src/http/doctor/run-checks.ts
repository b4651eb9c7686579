/** What the server itself can say about its health. Every check reads, and none changes anything. */
import type { Finding } from '../../contract/doctor.ts';
import type { Database } from '../../database/client.ts';
import { readStop } from '../../executions/stop-state.ts';
import { messageOf } from '../../kernel/errors.ts';
import { readBudget } from '../../money/spend/read-budget.ts';
import { countOpenFiles, mostFiles } from '../../processes/open-files.ts';
import { readState } from '../metrics/read-state.ts';
import { checkBackups } from './check-backups.ts';
import { checkCopies } from './check-copies.ts';
import { checkOpenFiles } from './check-open-files.ts';
import { checkAudit, checkCore } from './check-records.ts';
import { checkSignIn } from './check-sign-in.ts';
import { checkBudget, checkStopped } from './check-spending.ts';
import { checkClock, checkLoad, checkQueue, checkSchedules } from './check-state.ts';
import { checkConnections, checkTriggers } from './check-work.ts';

type Check = (id: string) => Promise<Finding>;

/** The findings, in a fixed order. A check that fails is a finding as well, so that the others are still made. */
export async function runChecks(db: Database): Promise<Finding[]> {
  const state = readState(db);
  const stop = readStop(db.prisma);
  const checks: Record<string, Check> = {
    'database-load': async (id) => checkLoad(id, db, await state),
    'open-files': async (id) => checkOpenFiles(id, { open: countOpenFiles(), most: mostFiles() }),
    clock: (id) => checkClock(id, db),
    queue: async (id) => checkQueue(id, await state),
    schedules: async (id) => checkSchedules(id, await state, await stop),
    triggers: (id) => checkTriggers(id, db),
    connections: (id) => checkConnections(id, db),
    budget: async (id) => checkBudget(id, await readBudget({ db })),
    stopped: async (id) => checkStopped(id, await stop),
    copies: async (id) => checkCopies(id, db, await state),
    core: (id) => checkCore(id, db),
    audit: (id) => checkAudit(id, db),
    backups: (id) => checkBackups(id, db),
    'sign-in': (id) => checkSignIn(id, db),
  };
  return await Promise.all(
    Object.entries(checks).map(async ([id, check]): Promise<Finding> => {
      try {
        return await check(id);
      } catch (error) {
        return { id, state: 'bad', message: `could not be looked at: ${messageOf(error)}` };
      }
    }),
  );
}
