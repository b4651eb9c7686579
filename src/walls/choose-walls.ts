/**
 * Which walls can be built here, found out by building them: that a tool is installed does not mean that it may work, and that it works
 * does not mean that it holds. A trial is one program in one view, which fails if it can do what it should not.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { WallKind } from '../contract/connections.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { resolveCommand } from '../processes/resolve-command.ts';
import { bubblewrapArgs } from './bubblewrap.ts';
import { landlockArgs } from './landlock.ts';
import { namespaceKinds, namespacesArgs } from './namespaces.ts';
import type { Command, View } from './view.ts';

type Walls = {
  kind: Exclude<WallKind, 'none'>;
  /** The absolute path of the program that builds them. */
  file: string;
  /** Names of processes that are part of the walls, and not of what runs in them. */
  helpers: readonly string[];
  /** The arguments of `file`. */
  around(view: View, command: Command): string[];
  /** Why not better ones. */
  reasons: string[];
};
type NoWalls = { kind: 'none'; reasons: string[] };
export type WallsFound = Walls | NoWalls;

/** A view, and a program that ends well if it is as it should be. */
export type Trial = { view: View; command: Command };

const run = promisify(execFile);
const trialTimeoutMs = 10_000;

/** The best walls in which `trial` goes well, out of the programs in `searchPath`. Looks, and changes nothing. */
export async function chooseWalls(searchPath: string, trial: Trial): Promise<WallsFound> {
  const reasons: string[] = [];
  if (process.platform !== 'linux') return { kind: 'none', reasons: ['the walls are built by Linux alone'] };
  for (const candidate of candidates()) {
    const failure = await tryOut(candidate, searchPath, trial);
    if (typeof failure === 'string') reasons.push(failure);
    else return { ...candidate, ...failure, reasons: unique(reasons) };
  }
  return { kind: 'none', reasons: unique(reasons) };
}

const unique = (reasons: string[]) => [...new Set(reasons)];

type Candidate = Pick<Walls, 'kind' | 'helpers' | 'around'> & { tool: string };

const candidates = (): Candidate[] => [
  { kind: 'bubblewrap', tool: 'bwrap', helpers: ['bwrap'], around: bubblewrapArgs },
  ...namespaceKinds().map((kind) => ({
    kind: 'namespaces' as const,
    tool: 'setpriv',
    helpers: ['setpriv', 'unshare'],
    around: (view: View, command: Command) => namespacesArgs(kind, view, command),
  })),
  { kind: 'landlock', tool: 'perl', helpers: [], around: landlockArgs },
];

/** Where its program is, or why it cannot be used. */
async function tryOut(
  { kind, tool, around }: Candidate,
  searchPath: string,
  { view, command }: Trial,
): Promise<{ file: string } | string> {
  try {
    const file = await resolveCommand(tool, { path: searchPath, cwd: '/' });
    await run(file, around(view, command), { timeout: trialTimeoutMs, env: { PATH: searchPath } });
    return { file };
  } catch (error) {
    return error instanceof AlfredError
      ? `${tool} is not installed`
      : `${kind} cannot be used here: ${lastLineOf(error)}`;
  }
}

const lastLineOf = (error: unknown) => messageOf(error).trim().split('\n').at(-1) ?? '';

/** Tries the walls out as a server's would be used: a folder that is read, in it one that is hidden and one that is written. */
export async function chooseServerWalls(searchPath: string): Promise<WallsFound> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'alfred-walls-')));
  const [hidden, own] = [path.join(folder, 'hidden'), path.join(folder, 'own')];
  try {
    for (const each of [hidden, own]) await mkdir(each);
    await writeFile(path.join(hidden, 'secret'), 'hidden');
    return await chooseWalls(searchPath, {
      view: {
        base: 'machine',
        devices: 'few',
        ownTmp: false,
        isolated: false,
        network: true,
        keepsFilePowers: true,
        places: [
          { is: 'read', place: folder },
          { is: 'hidden', place: hidden },
          { is: 'write', place: own },
        ],
      },
      command: { program: '/bin/sh', args: ['-c', assertions, folder], cwd: own },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const assertions =
  '! true <"$0/hidden/secret" && ! true >"$0/x" && true >"$0/own/x" || { echo "they do not hold" >&2; exit 1; }';
