/** Which process is which, also after its number was used again. Linux says enough for that; elsewhere nothing is known. */
import { existsSync, readFileSync, readlinkSync } from 'node:fs';

const bootFile = '/proc/sys/kernel/random/boot_id';

/** Names the boot and the process namespace: processes of one machine can be told apart. Null where the system does not say. */
export function machineOf(): string | null {
  if (!existsSync(bootFile)) return null;
  try {
    return `${readFileSync(bootFile, 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // A system that hides namespaces: then nobody can say who else is on it.
    return null;
  }
}

/** Names a process of this machine. */
export const identityOf = (pid: number): string => `${pid}:${startOf(pid) ?? ''}`;

/** Whether a process that `identityOf` named on this machine is still there. */
export const isProcessThere = (identity: string): boolean =>
  identity === identityOf(Number(identity.split(':')[0]));

/** When it started, in clock ticks after boot; undefined when it is gone, also one that only waits to be buried. */
function startOf(pid: number): string | undefined {
  try {
    // The name (field 2) may hold blanks and parentheses: count from its end. State is field 3, start time field 22.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
