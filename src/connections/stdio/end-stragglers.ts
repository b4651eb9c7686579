import type { Logger } from '../../kernel/log.ts';
import { endProcesses } from './end-processes.ts';
import { homeMark, markOfHome } from './marks.ts';
import { ancestorsOf, hasVariable } from './process-list.ts';

/**
 * Ends the servers that a killed VM of this home left behind. To be called at start, with the home's lock held and before
 * any connection is opened: by then nothing that carries this home's mark has an owner.
 *
 * @returns how many processes were ended
 */
export async function endStragglers(home: string, { log }: { log: Logger }): Promise<number> {
  const mark = markOfHome(home);
  // A VM started from a tool of itself would carry its own mark.
  const spared = ancestorsOf(process.pid).add(process.pid);
  const { found, left } = await endProcesses({
    find: (all) => all.filter(({ pid }) => !spared.has(pid) && hasVariable(pid, homeMark, mark)),
    graceMs: 1_000,
  });
  if (found > 0)
    log.warn({ found, left: left.map(({ pid }) => pid) }, 'ended servers that an earlier start left behind');
  return found - left.length;
}
