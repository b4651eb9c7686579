/**
 * Walls by Landlock, which keeps a program's files to what is allowed, without namespaces: where containers and distributions forbid
 * these. It knows no "all but": what is next to a hidden place is allowed piece by piece, as it is at the start.
 */
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { installation } from '../kernel/installation.ts';
import { type Command, contains, filePowers, isRoot, type Place, type View } from './view.ts';

export type Rule = { access: 'read' | 'write' | 'list'; place: string };

const script = path.join(installation, 'src/walls/landlock.pl');
/** linux/socket.h */
const family = { unix: 1, inet: 2, inet6: 10, packet: 17, vsock: 40 };
const usualDevices = ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'ptmx', 'pts', 'shm'];

/** The arguments of `perl` that build `view` and run `command` in it, ended when we end. Of network and /tmp see docs/security.md. */
export function landlockArgs(view: View, { program, args }: Command): string[] {
  const rules = rulesOf(view).flatMap(({ access, place }) => [access, place]);
  const powers = view.keepsFilePowers && isRoot() ? Object.values(filePowers).join(',') : '-';
  // Landlock keeps nobody from a socket that has a path: the database, D-Bus and Docker listen there. Who is shown one may have any.
  const showsSocket = view.places.some(({ is, place }) => is === 'write' && typeOf(place) === 'socket');
  const refused = [
    ...(showsSocket ? [] : [family.unix]),
    ...(view.network ? [] : [family.inet, family.inet6, family.packet, family.vsock]),
  ];
  return [script, process.arch, powers, refused.join(',') || '-', ...rules, '--', program, ...args];
}

type Access = 'read' | 'write' | 'hidden';
const rank = { hidden: 0, read: 1, write: 2 };

/** What Landlock is to allow so that nothing of what `view` hides can be read, and nothing written that it does not say. */
export function rulesOf(view: View): Rule[] {
  const order: { access: Access; place: string }[] = [
    { access: view.base === 'machine' ? 'read' : 'hidden', place: '/' },
    ...(view.devices === 'all' ? [{ access: 'write' as const, place: '/dev' }] : fewDevices()),
    ...(view.base === 'machine' ? [] : [{ access: 'read' as const, place: '/proc' }]),
    ...view.places.flatMap((one: Place) => (one.is === 'link' ? [] : [{ access: one.is, place: one.place }])),
  ];
  const accessOf = (place: string): Access =>
    order.findLast((each) => contains(each.place, place))?.access ?? 'hidden';
  const deeper = (place: string) =>
    order
      .filter((each) => each.place !== place && contains(place, each.place))
      .map((each) => ({ place: each.place, access: accessOf(each.place) }));

  const walk = (place: string): Rule[] => {
    const access = accessOf(place);
    const within = deeper(place);
    const own: Rule[] = access === 'hidden' ? [] : [{ access, place }];
    if (within.every((each) => rank[each.access] >= rank[access])) {
      return [
        ...own,
        ...within.filter((each) => rank[each.access] > rank[access]).flatMap((each) => walk(each.place)),
      ];
    }
    // Names can be listed all the same: whoever may list a folder may list what is in it.
    return [{ access: 'list', place }, ...entriesOf(place).flatMap(walk)];
  };
  return unique(walk('/'));
}

const fewDevices = () => [
  { access: 'hidden' as const, place: '/dev' },
  ...usualDevices.map((name) => ({ access: 'write' as const, place: `/dev/${name}` })),
];

/** What links point to is allowed, or not, where it is. */
const entriesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .map((name) => path.join(folder, name))
      .filter((entry) => !['link', 'nothing'].includes(typeOf(entry)));
  } catch {
    // A folder that may not be listed has nothing in it that could be allowed.
    return [];
  }
};

function typeOf(place: string): 'link' | 'socket' | 'other' | 'nothing' {
  const stats = lstatSync(place, { throwIfNoEntry: false });
  if (stats === undefined) return 'nothing';
  if (stats.isSymbolicLink()) return 'link';
  return stats.isSocket() ? 'socket' : 'other';
}

const unique = (rules: readonly Rule[]): Rule[] => [
  ...new Map(rules.map((rule) => [`${rule.access} ${rule.place}`, rule])).values(),
];
