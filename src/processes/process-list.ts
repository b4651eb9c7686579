/** Which processes there are, and how they belong together. Not on Linux the list is empty, and only groups can be ended. */
import { type ProcessStat, processNumbers, readEnvironment, readStat } from './proc.ts';

export type ProcessInfo = Pick<ProcessStat, 'name' | 'parent' | 'group' | 'session' | 'startedAt'> & {
  pid: number;
  isZombie: boolean;
};

/** Every process that can be seen, in the order of /proc. */
export const listProcesses = (): ProcessInfo[] => processNumbers().flatMap((pid) => readProcess(pid) ?? []);

/** One process, or undefined when there is none of that pid. */
export function readProcess(pid: number): ProcessInfo | undefined {
  const stat = readStat(pid);
  if (stat === undefined) return undefined;
  const { name, letter, parent, group, session, startedAt } = stat;
  return { pid, name, isZombie: letter === 'Z' || letter === 'X', parent, group, session, startedAt };
}

/** True when the process was started with `name=value` in its environment; false also when that cannot be read. */
export function hasVariable(pid: number, name: string, value: string): boolean {
  const environment = readEnvironment(pid);
  return environment !== undefined && `\0${environment}\0`.includes(`\0${name}=${value}\0`);
}

/** The processes of `all` that descend from `root`, without it. */
export function descendantsOf(root: number, all: ProcessInfo[]): ProcessInfo[] {
  const found = new Set([root]);
  let size = 0;
  while (size !== found.size) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => pid !== root && found.has(pid));
}

/** The pids of `pid`'s parents, up to the first process. */
export function ancestorsOf(pid: number): Set<number> {
  const found = new Set<number>();
  for (let at = readProcess(pid); at !== undefined && at.parent > 0; at = readProcess(at.parent)) {
    found.add(at.parent);
  }
  return found;
}
