/** What is mounted on this machine, as far as walls must know it (proc_pid_mountinfo(5)). */
import { readFileSync } from 'node:fs';
import { contains } from './view.ts';

export type Mount = {
  place: string;
  /** Those of its options that a user's namespace may not take away, and whether it is read-only. */
  flags: string[];
};

const kept = ['ro', 'nosuid', 'nodev', 'noexec'];

export function readMounts(): Mount[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, , , , place, options] = line.split(' ');
      if (place === undefined || options === undefined) return [];
      return [
        { place: withoutOctals(place), flags: options.split(',').filter((each) => kept.includes(each)) },
      ];
    });
}

/** The flags of what `place` lies on; of mounts on one place the last is on top. */
export const flagsAt = (mounts: readonly Mount[], place: string): string[] =>
  mounts
    .filter((mount) => contains(mount.place, place))
    .sort((one, other) => one.place.length - other.place.length)
    .at(-1)?.flags ?? [];

/** The kernel writes blanks and the like as three octal digits. */
const withoutOctals = (place: string): string =>
  place.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
