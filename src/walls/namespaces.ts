/** Walls out of user and mount namespaces, by `unshare`, `mount` and `setpriv` of util-linux, which every Linux has. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { installation } from '../kernel/installation.ts';
import { flagsAt, type Mount, readMounts } from './mounts.ts';
import { asFound, type Command, contains, filePowers, isRoot, type Place, type View } from './view.ts';

/**
 * `root`: root with the power to mount; `container-root`: root that only has it in a namespace of its own; `user`: anybody else, who
 * is made themselves again in a second namespace.
 */
export type NamespaceKind = 'root' | 'container-root' | 'user';

export const namespaceKinds = (): NamespaceKind[] => (isRoot() ? ['root', 'container-root'] : ['user']);

const script = path.join(installation, 'src/walls/namespaces.sh');
/** What the script itself needs where there is nothing else. */
const itsTools = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
const buildingPlace = '/tmp';

/** The arguments of `setpriv` that build `view` and run `command` in it, ended when we end. */
export function namespacesArgs(kind: NamespaceKind, view: View, { program, args, cwd }: Command): string[] {
  return [
    ...['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child'],
    ...(kind === 'root' ? [] : ['--map-root-user']),
    ...(view.network ? [] : ['--net']),
    ...(view.isolated ? ['--ipc', '--uts'] : []),
    ...['--', '/bin/sh', script, ...actsOf(view, readMounts()), '--', cwd],
    ...withoutPowers(kind, view),
    ...[program, ...args],
  ];
}

function withoutPowers(kind: NamespaceKind, { keepsFilePowers }: View): string[] {
  if (kind === 'user') return ['ourselves', String(process.getuid?.() ?? 0), String(process.getgid?.() ?? 0)];
  const powers = keepsFilePowers ? Object.keys(filePowers).map((name) => `+${name}`) : [];
  return ['root', ['-all', ...powers].join(','), '-'];
}

/** What namespaces.sh does, in its order. */
function actsOf(view: View, mounts: readonly Mount[]): string[] {
  return view.base === 'machine' ? machineActs(view, mounts) : bareActs(view, mounts);
}

function machineActs(view: View, mounts: readonly Mount[]): string[] {
  const written = view.places.filter(({ is }) => is === 'write').map(({ place }) => place);
  const devices = view.devices === 'all' ? ['/dev'] : [];
  const stays = (place: string) => [...written, ...devices, '/proc'].some((each) => contains(each, place));
  const sealed = new Map(
    mounts.filter(({ place }) => !stays(place)).map(({ place, flags }) => [place, flags]),
  );
  return [
    ...[...sealed].flatMap(([place, flags]) =>
      flags.includes('ro') ? [] : flagsAct(place, ['ro', ...flags]),
    ),
    ...(view.devices === 'few' ? ['devices'] : []),
    'processes',
    ...(view.ownTmp ? ['scratch', '/tmp'] : []),
    ...placeActs(view.places, mounts),
  ];
}

/** A root of its own, built where there is a folder on every machine, and then entered. */
function bareActs(view: View, mounts: readonly Mount[]): string[] {
  const shown = new Set(view.places.map(({ place }) => place));
  const tools = itsTools.filter((tool) => !shown.has(tool)).flatMap(asFound);
  return [
    ...['root', buildingPlace, 'devices', 'processes'],
    ...(view.ownTmp ? ['scratch', '/tmp'] : []),
    ...placeActs([...tools, ...view.places], mounts, buildingPlace),
    ...['enter', ...flagsAct('/', ['ro', 'nosuid', 'nodev'])],
  ];
}

/** @param covered the folder that something is mounted over, and is the working folder */
function placeActs(places: readonly Place[], mounts: readonly Mount[], covered?: string): string[] {
  const isBare = covered !== undefined;
  let working = covered;
  const acts = places.flatMap((one) => {
    const { place } = one;
    if (one.is === 'link') return ['link', one.to, place];
    if (one.is === 'hidden') {
      if (!isFolder(place)) return ['mask', place];
      if (!isBare) working = place;
      return ['cover', place];
    }
    const isCovered = working !== undefined && contains(working, place);
    const source = isCovered && working !== undefined ? `./${path.relative(working, place)}` : place;
    return ['bind', source, place, ...modeActs(one.is, place, mounts)];
  });
  const hidden = places.filter((one) => one.is === 'hidden' && isFolder(one.place));
  return [...acts, ...hidden.flatMap(({ place }) => flagsAct(place, ['ro', 'nosuid', 'nodev']))];
}

/** What was read-only before stays so; what comes along within a folder that is to be read is made so too. */
function modeActs(is: 'read' | 'write', place: string, mounts: readonly Mount[]): string[] {
  const flags = flagsAt(mounts, place);
  if (is === 'write') return flagsAct(place, flags.includes('ro') ? flags : ['rw', ...flags]);
  const within = mounts.filter((mount) => mount.place !== place && contains(place, mount.place));
  return [{ place, flags }, ...within].flatMap((each) => flagsAct(each.place, ['ro', ...each.flags]));
}

const flagsAct = (place: string, flags: readonly string[]): string[] => [
  ...['flags', [...new Set(flags)].join(','), place],
];

const isFolder = (place: string): boolean => statSync(place).isDirectory();
