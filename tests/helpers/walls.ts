/** The kinds of walls that can be built on this machine, each as on one where nothing better is installed. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resolveCommand } from '../../src/processes/resolve-command.ts';
import { chooseServerWalls, type WallsFound } from '../../src/walls/choose-walls.ts';

type Kind = WallsFound['kind'];
export type KindHere = { kind: Kind; searchPath: string };

const tools: Record<Kind, string[]> = {
  bubblewrap: ['bwrap'],
  namespaces: ['unshare', 'setpriv'],
  landlock: ['perl'],
  none: [],
};

const folder = mkdtempSync(path.join(tmpdir(), 'alfred-tools-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

async function kindHere(kind: Kind): Promise<KindHere[]> {
  const searchPath = mkdtempSync(path.join(folder, `${kind}-`));
  for (const tool of tools[kind]) {
    const file = await resolveCommand(tool, { path: systemPath, cwd: '/' }).catch(() => undefined);
    if (file === undefined) return [];
    symlinkSync(file, path.join(searchPath, tool));
  }
  return (await chooseServerWalls(searchPath)).kind === kind ? [{ kind, searchPath }] : [];
}

const systemPath = `${process.env.PATH ?? ''}:/usr/bin:/bin`;

/** `none` is always among them. */
export const kindsHere = async (): Promise<KindHere[]> =>
  (await Promise.all((Object.keys(tools) as Kind[]).map(kindHere))).flat();
