/** CPU time of processes, in milliseconds, and their memory. */
import { readdirSync, readFileSync } from 'node:fs';

/** Of a process, from /proc: clock ticks of 10 ms, with its threads, without its children. */
export function cpuOf(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields?.[11]) + Number(fields?.[12])) * 10;
}

/** Of all processes under this one, those that have ended among them. */
export function cpuOfChildren(parent: number): number {
  const own = statOf(parent);
  const ended = (Number(own?.[13]) + Number(own?.[14])) * 10;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(statOf(Number(name))?.[1]) === parent)
    .reduce((sum, name) => sum + (cpuOf(Number(name)) || 0), ended);
}

/** The memory of a process, its share of what it has in common with others counted (PSS), in MiB; 0 when the process has gone. */
export function memoryOf(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) / 1024;
  } catch {
    return 0; // it ended between the listing and the look
  }
}

/** What stands behind the name in /proc/<pid>/stat: state, parent, …; undefined when the process has gone. */
function statOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return undefined; // it ended between the listing and the look
  }
}
