/** Walls by bubblewrap (bwrap), where it is installed and may run. */
import { statSync } from 'node:fs';
import { type Command, filePowers, isRoot, type Place, type View } from './view.ts';

/** The arguments of `bwrap` that build `view` and run `command` in it. */
export function bubblewrapArgs(view: View, { program, args, cwd }: Command): string[] {
  const isBare = view.base === 'nothing';
  const hidden = view.places.filter((one) => one.is === 'hidden' && isFolder(one.place));
  return [
    // Own process list, nobody's parent but ours, no power to undo any of it; gone when we are.
    ...['--unshare-pid', '--cap-drop', 'ALL', '--die-with-parent'],
    ...(view.keepsFilePowers && isRoot() ? powers : []),
    ...(view.network ? [] : ['--unshare-net']),
    ...(view.isolated ? ['--unshare-ipc', '--unshare-uts'] : []),
    ...(isBare ? [] : ['--ro-bind', '/', '/']),
    ...(view.devices === 'all' ? ['--dev-bind', '/dev', '/dev'] : ['--dev', '/dev']),
    // The kernel's settings are to be read alone, by root too.
    ...['--proc', '/proc', '--ro-bind', '/proc/sys', '/proc/sys'],
    ...(view.ownTmp ? ['--tmpfs', '/tmp'] : []),
    ...view.places.flatMap(mountOf),
    // What is missing shall be missed: without this, writing to a hidden folder would seem to work.
    ...hidden.flatMap(({ place }) => ['--remount-ro', place]),
    ...(isBare ? ['--remount-ro', '/'] : []),
    ...['--chdir', cwd, '--', program, ...args],
  ];
}

const powers = Object.keys(filePowers).flatMap((name) => ['--cap-add', `CAP_${name.toUpperCase()}`]);

function mountOf(one: Place): string[] {
  switch (one.is) {
    case 'read':
      return ['--ro-bind', one.place, one.place];
    case 'write':
      return ['--bind', one.place, one.place];
    case 'link':
      return ['--symlink', one.to, one.place];
    case 'hidden':
      return isFolder(one.place) ? ['--tmpfs', one.place] : ['--ro-bind', '/dev/null', one.place];
  }
}

const isFolder = (place: string): boolean => statSync(place).isDirectory();
