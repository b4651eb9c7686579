/** What a worker sees to again and again: whatever dead workers, lost jobs and forgetful people have left lying about. */
import type { Database } from '../database/client.ts';
import { expireApprovals } from '../executions/expire-approvals.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { type Repeat, repeat } from '../kernel/repeat.ts';
import type { Settings } from '../kernel/settings.ts';
import { tidySpend } from '../money/spend/tidy-spend.ts';
import { removeLeftovers } from './leftovers.ts';
import type { Roster } from './roster.ts';
import { sweep } from './sweep.ts';

type TidyDeps = StartDeps & {
  db: Database;
  roster: Roster;
  log: Logger;
  settings: Pick<Settings, 'home'>;
};

/** @throws what the database throws */
export async function tidy(deps: TidyDeps): Promise<void> {
  const { db, queue, log } = deps;
  await removeLeftovers(deps.settings.home, await deps.roster.living(), { log });
  const late = await expireApprovals(deps);
  if (late > 0) log.warn({ runs: late }, 'nobody decided about the calls of runs that waited');
  const found = await sweep({ db, queue });
  if (found && found.resent + found.removed + found.drawnIn > 0)
    log.warn(found, 'rows and jobs were brought together');
  const lost = await tidySpend({ db });
  if (lost > 0)
    log.warn({ calls: lost }, 'model calls of dead workers count with all that they may have cost');
}

/** Tidies every `everyMs` from its start on; `soon` when somebody has died. */
export const keepTidy = (deps: TidyDeps, everyMs: number): Repeat =>
  repeat(() => tidy(deps), {
    everyMs,
    pausesFirst: true,
    onTrouble: (error) => deps.log.warn(`could not sweep: ${messageOf(error)}`),
  });
