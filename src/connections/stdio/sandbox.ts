/**
 * Sandboxes for servers, with bubblewrap (bwrap) where it works.
 *
 * `default` leaves a server the machine (to be read; writable.ts) and the network, but not the VM: $ALFRED_HOME is empty but for the server's own
 * folder and the shared ones, other hidden paths are empty too, and our processes cannot be seen (from /proc of one, any
 * process of the same user could read its memory). `strict` leaves the system's programs, the server's own program and folder,
 * and what the connection declares. In both, everything the server starts ends with it.
 */
import { execFile } from 'node:child_process';
import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import { resolveCommand } from './resolve-command.ts';
import { type NamedPlaces, writablePlaces } from './writable.ts';

export type SandboxMode = 'off' | 'default' | 'strict';

export type SandboxSupport = { works: true; file: string } | { works: false; reason: string };

/** Folders of $ALFRED_HOME that a server may use, beside its own: they hold the owner's files, never ours. */
export const sharedFolders = ['samples', 'files'];

/** What a server is given of $ALFRED_HOME under no circumstances. */
export const protectedEntries = ['keys', 'cli-token', 'postgres', 'backups', 'runs'];

const run = promisify(execFile);
const probeTimeoutMs = 10_000;
const readOnlySystem = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store'];
const readOnlySettings = [
  ...['alternatives', 'ca-certificates', 'ca-certificates.conf', 'gai.conf', 'group', 'host.conf', 'hosts'],
  ...[
    'ld.so.cache',
    'ld.so.conf',
    'ld.so.conf.d',
    'localtime',
    'nsswitch.conf',
    'passwd',
    'pki',
    'protocols',
  ],
  ...['resolv.conf', 'services', 'ssl', 'timezone'],
].map((name) => `/etc/${name}`);

/** Tries bubblewrap out as a server's sandbox would use it: that it is installed does not mean that it may run. */
export const probeSandbox = (searchPath: string): Promise<SandboxSupport> =>
  tryBubblewrap(searchPath, [
    ...isolation,
    ...defaultView({ home: '', declared: [], words: [] }),
    ...[...ownProc, '--tmpfs', '/tmp', '--remount-ro', '/tmp', '--', 'true'],
  ]);

/** Runs bubblewrap once with `args`, and says whether it may. */
export async function tryBubblewrap(searchPath: string, args: readonly string[]): Promise<SandboxSupport> {
  if (process.platform !== 'linux') return { works: false, reason: 'bubblewrap exists for Linux alone' };
  try {
    const file = await resolveCommand('bwrap', { path: searchPath, cwd: '/' });
    await run(file, args, { timeout: probeTimeoutMs });
    return { works: true, file };
  } catch (error) {
    return {
      works: false,
      reason:
        error instanceof AlfredError
          ? 'bubblewrap (bwrap) is not installed'
          : `bwrap cannot run here: ${lastLineOf(error)}`,
    };
  }
}

/** Own process list, nobody's parent but ours, no capability to undo any of it; gone when we are. */
export const isolation = ['--unshare-pid', '--cap-drop', 'ALL', '--die-with-parent'];

/** A list of its own processes; the kernel's settings in it are to be read alone, by root too. */
export const ownProc = ['--proc', '/proc', '--ro-bind', '/proc/sys', '/proc/sys'];

const lastLineOf = (error: unknown) => messageOf(error).trim().split('\n').at(-1) ?? '';

export type SandboxRequest = {
  mode: SandboxMode;
  /** Absolute path of the program, and its arguments. */
  program: string;
  args: string[];
  cwd: string;
  /** The server's own folder. */
  ownFolder: string;
  /** Folders and files that the connection declares. */
  paths: string[];
  /** What was approved of it word for word: folders named there may be written in the default sandbox. */
  words: string[];
  /** The home of the user that it runs as. */
  userHome: string;
  network: boolean;
};

export type Wrapped = { program: string; args: string[]; level: 'none' | 'default' | 'strict' };

export class Sandbox {
  readonly #home: string;
  readonly #hide: string[];
  readonly #searchPath: string;
  #support: Promise<SandboxSupport> | undefined;

  /** @param options.hide more paths that hold secrets: sockets and key files outside `home` */
  constructor(options: { home: string; hide: string[]; searchPath: string }) {
    this.#home = realpathSync(options.home);
    this.#hide = options.hide;
    this.#searchPath = options.searchPath;
  }

  /** Whether bubblewrap works here; tried once. */
  support(): Promise<SandboxSupport> {
    this.#support ??= probeSandbox(this.#searchPath);
    return this.#support;
  }

  /**
   * The command line that runs `request` in its sandbox. Where bubblewrap does not work, `default` runs without one.
   *
   * @throws AlfredError E_CONNECTION_FAILED for `strict` where bubblewrap does not work
   */
  async wrap(request: SandboxRequest): Promise<Wrapped> {
    const plain: Wrapped = { program: request.program, args: request.args, level: 'none' };
    if (request.mode === 'off') return plain;
    const support = await this.support();
    if (!support.works) {
      if (request.mode === 'default') return plain;
      throw new AlfredError(
        'E_CONNECTION_FAILED',
        `The strict sandbox cannot be set up: ${support.reason}.`,
        {
          remedy:
            'Install bubblewrap (apt install bubblewrap), or set the connection\'s sandbox to "default".',
        },
      );
    }
    const { userHome, words, paths, cwd } = request;
    const view =
      request.mode === 'strict'
        ? strictView(request)
        : defaultView({ home: userHome, declared: [...paths, cwd], words });
    await mkdir(request.ownFolder, { recursive: true, mode: 0o700 });
    return {
      program: support.file,
      args: [
        ...isolation,
        ...view,
        ...ownProc,
        ...this.#hidden(request),
        ...(request.mode === 'strict' && !request.network ? ['--unshare-net'] : []),
        ...['--chdir', request.cwd, '--', request.program, ...request.args],
      ],
      level: request.mode,
    };
  }

  /** Empties $ALFRED_HOME, puts back what the server may have of it, and empties the other hidden paths. */
  #hidden({ ownFolder, paths, cwd, mode }: SandboxRequest): string[] {
    const shared = mode === 'default' ? sharedFolders.map((name) => path.join(this.#home, name)) : [];
    const back = [...shared, ...paths, cwd, ownFolder].filter(
      (entry) => existsSync(entry) && this.#isInside(entry),
    );
    return [
      ...['--tmpfs', this.#home],
      ...back.flatMap((entry) => ['--bind', entry, entry]),
      // What is missing shall be missed: without this, writing to a hidden folder would seem to work.
      ...['--remount-ro', this.#home],
      ...this.#hide.flatMap((entry) => this.#hideOne(entry, mode)),
    ];
  }

  #isInside(entry: string): boolean {
    const real = realpathSync(entry);
    const inside = path.relative(this.#home, real);
    return (
      inside !== '' && !inside.startsWith('..') && !protectedEntries.includes(inside.split(path.sep)[0] ?? '')
    );
  }

  #hideOne(entry: string, mode: SandboxMode): string[] {
    // bubblewrap makes the places it mounts on, which outside an empty root would be on the real disk.
    if (mode === 'strict' || !existsSync(entry)) return [];
    const real = realpathSync(entry);
    if (real.startsWith(`${this.#home}${path.sep}`)) return [];
    return statSync(real).isDirectory() ? ['--tmpfs', real] : ['--ro-bind', '/dev/null', real];
  }
}

/**
 * The machine as it is, to be read; writable is what servers need and what their connection names. Root would find the hidden
 * files on the disk's device, and ways out in /sys: it gets neither, and of its powers those over other users' files, which
 * it is used to.
 */
function defaultView(named: NamedPlaces): string[] {
  const { write, keep } = writablePlaces(named);
  const places = [
    ...write.flatMap((place) => ['--bind', place, place]),
    ...keep.flatMap((place) => ['--ro-bind', place, place]),
  ];
  if (process.getuid?.() !== 0) return ['--ro-bind', '/', '/', '--dev-bind', '/dev', '/dev', ...places];
  return [
    ...['--ro-bind', '/', '/', '--dev', '/dev', ...places],
    ...['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER'].flatMap((capability) => ['--cap-add', capability]),
  ];
}

/** An empty root with the system's programs, the server's own, and what is declared. */
function strictView({ program, args, paths, cwd, ownFolder }: SandboxRequest): string[] {
  const programs = [program, ...args.filter((arg) => path.isAbsolute(arg) && isFile(arg))].flatMap(
    foldersOfProgram,
  );
  return [
    ...readOnlySystem.flatMap(bindSystem),
    ...readOnlySettings.flatMap((file) => ['--ro-bind-try', file, file]),
    ...['--dev', '/dev', '--tmpfs', '/tmp', '--unshare-ipc', '--unshare-uts'],
    ...[...new Set(programs)].flatMap((folder) => ['--ro-bind', folder, folder]),
    ...[...paths, cwd].filter((entry) => existsSync(entry)).flatMap((entry) => ['--bind', entry, entry]),
    ...['--bind-try', ownFolder, ownFolder],
  ];
}

/** On many systems /bin and the like are links into /usr. */
export function bindSystem(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return lstatSync(folder).isSymbolicLink()
    ? ['--symlink', readlinkSync(folder), folder]
    : ['--ro-bind', folder, folder];
}

/** What a program needs beside itself: the packages it stands among or its folder, and no more of the disk than that. */
function foldersOfProgram(file: string): string[] {
  return [...new Set([file, realpathSync(file)])].flatMap((place) => {
    const packages = place.indexOf('/node_modules/');
    if (packages !== -1) return [place.slice(0, packages + '/node_modules'.length)];
    const folder = path.dirname(place);
    // The root, /tmp, /root, /home/somebody: a script that lies there does not bring all of it along.
    if (/^(\/[^/]*|\/(home|Users)\/[^/]*)$/.test(folder)) return [place];
    const library = path.join(folder, '../lib/node_modules');
    return path.basename(folder) === 'bin' && existsSync(library) ? [folder, library] : [folder];
  });
}

const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
