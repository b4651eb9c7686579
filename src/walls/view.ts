/**
 * What a program finds of the machine behind its walls, in words that say nothing of how they are built. bubblewrap.ts, namespaces.ts
 * and landlock.ts each build them by other means; docs/security.md, "The walls", says what differs between them.
 */
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** A folder or a file; later ones count over earlier ones that they contain. All of them exist, behind their links. */
export type Place =
  | { is: 'read' | 'write' | 'hidden'; place: string }
  /** On many systems /bin and the like are links into /usr. */
  | { is: 'link'; place: string; to: string };

export type View = {
  /** `machine`: all of it, to be read, but for `places`; `nothing`: `places` alone, in a root that may not be written. */
  base: 'machine' | 'nothing';
  places: readonly Place[];
  /** `few`: those that every program needs (null, zero, random, terminals), and no disk. */
  devices: 'all' | 'few';
  /** An empty /tmp of its own. */
  ownTmp: boolean;
  /** Own host name and shared memory. */
  isolated: boolean;
  network: boolean;
  /** As root: keep the powers over other users' files, which root is used to. No other power is kept, by nobody. */
  keepsFilePowers: boolean;
};

export type Command = { program: string; args: readonly string[]; cwd: string };

/** What root may keep (View.keepsFilePowers): name and number of each capability. */
export const filePowers = { chown: 0, dac_override: 1, fowner: 3 } as const;

export const isRoot = (): boolean => process.getuid?.() === 0;

/** Whether `place` is `folder` or within it. */
export const contains = (folder: string, place: string): boolean =>
  folder === place || place.startsWith(folder.endsWith(path.sep) ? folder : `${folder}${path.sep}`);

/** A folder of the system as it is on this machine: a folder, a link to one, or not there. */
export function asFound(folder: string): Place[] {
  if (!existsSync(folder)) return [];
  return lstatSync(folder).isSymbolicLink()
    ? [{ is: 'link', place: folder, to: readlinkSync(folder) }]
    : [{ is: 'read', place: folder }];
}
