import type { Logger } from '../kernel/log.ts';
import { endProcesses } from './end-processes.ts';
import { homeMark, markOfHome, ownerMark } from './marks.ts';
import { ancestorsOf, hasVariable } from './process-list.ts';

/**
 * Ends the servers and agents of this home whose worker is gone.
 *
 * @param options.living ids of the workers whose processes are left alone: everybody who lives, the caller included. With
 *   none, everything that carries this home's mark is ended
 * @returns how many processes were ended
 */
export async function endStragglers(
  home: string,
  { log, living = [] }: { log: Logger; living?: readonly string[] },
): Promise<number> {
  const mark = markOfHome(home);
  // A VM started from a tool of itself would carry its own mark.
  const spared = ancestorsOf(process.pid).add(process.pid);
  const isAbandoned = (pid: number) =>
    !spared.has(pid) &&
    hasVariable(pid, homeMark, mark) &&
    !living.some((worker) => hasVariable(pid, ownerMark, worker));
  const { found, left } = await endProcesses({
    find: (all) => all.filter(({ pid }) => isAbandoned(pid)),
    graceMs: 1_000,
  });
  if (found > 0)
    log.warn({ found, left: left.map(({ pid }) => pid) }, 'ended servers that an earlier start left behind');
  return found - left.length;
}
