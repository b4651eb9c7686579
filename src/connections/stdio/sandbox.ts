/**
 * Sandboxes for servers: what each may see and do, behind the walls that can be built here (walls/).
 *
 * `default` leaves a server the machine (to be read; writable.ts) and the network, but not the VM: $ALFRED_HOME is empty but for the server's own
 * folder and the shared ones, other hidden paths are empty too (doors.ts), and our processes cannot be looked into (from /proc of one, any
 * process of the same user could read its memory). `strict` leaves the system's programs, the server's own program and folder,
 * and what the connection declares. Everything the server starts ends with it, but behind Landlock.
 */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AlfredError } from '../../kernel/errors.ts';
import { chooseServerWalls, type WallsFound } from '../../walls/choose-walls.ts';
import { asFound, contains, isRoot, type Place, type View } from '../../walls/view.ts';
import { doorsOutside } from './doors.ts';
import { writablePlaces } from './writable.ts';

export type SandboxMode = 'off' | 'default' | 'strict';

/** Folders of $ALFRED_HOME that a server may use, beside its own: they hold the owner's files, never ours. */
const sharedFolders = ['samples', 'files'];

/** What a server is given of $ALFRED_HOME under no circumstances. */
export const protectedEntries = ['keys', 'cli-token', 'postgres', 'backups', 'runs'];

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
  /** Variables, as `NAME=value`, that are the server's and not those of what builds its walls. */
  loaders: readonly string[];
  /** The home of the user that it runs as. */
  userHome: string;
  network: boolean;
};

/** What to start; `helpers` are names of processes that belong to the walls, which end when the server does. */
export type Wrapped = {
  program: string;
  args: string[];
  kind: WallsFound['kind'];
  helpers: readonly string[];
};

export class Sandbox {
  readonly #home: string;
  readonly #hide: string[];
  readonly #searchPath: string;
  #walls: Promise<WallsFound> | undefined;

  /** @param options.hide more paths that hold secrets: sockets and key files outside `home` */
  constructor(options: { home: string; hide: string[]; searchPath: string }) {
    this.#home = realpathSync(options.home);
    this.#hide = options.hide;
    this.#searchPath = options.searchPath;
  }

  /** The walls that can be built here; tried once, and again only when the VM is started again. */
  walls(): Promise<WallsFound> {
    this.#walls ??= chooseServerWalls(this.#searchPath);
    return this.#walls;
  }

  /**
   * The command line that runs `request` in its sandbox. Where no walls can be built, `default` runs without any.
   *
   * @throws AlfredError E_CONNECTION_FAILED for `strict` where there are no walls that can keep it
   */
  async wrap(request: SandboxRequest): Promise<Wrapped> {
    const { program, args, mode, ownFolder, cwd } = request;
    const plain: Wrapped = { program, args, kind: 'none', helpers: [] };
    if (mode === 'off') return plain;
    const walls = await this.walls();
    if (mode === 'strict' && !canBeStrict(walls)) {
      throw new AlfredError(
        'E_CONNECTION_FAILED',
        `The strict sandbox cannot be set up: ${whyNotStrict(walls)}.`,
        {
          remedy:
            'Install bubblewrap (apt install bubblewrap), or set the connection\'s sandbox to "default".',
        },
      );
    }
    if (walls.kind === 'none') return plain;
    await mkdir(ownFolder, { recursive: true, mode: 0o700 });
    const view = mode === 'strict' ? this.#strictView(request) : this.#defaultView(request);
    return {
      program: walls.file,
      args: walls.around(view, { ...withLoaders(request), cwd }),
      kind: walls.kind,
      helpers: walls.helpers,
    };
  }

  /**
   * The machine as it is, to be read; writable is what servers need and what their connection names. Root would find the hidden
   * files on the disk's device, and ways out in /sys: it gets neither, and of its powers those over other users' files, which
   * it is used to.
   */
  #defaultView(request: SandboxRequest): View {
    const { userHome, words, paths, cwd, program } = request;
    const { write, keep } = writablePlaces({ home: userHome, declared: [...paths, cwd], words });
    const shared = sharedFolders.map((name) => path.join(this.#home, name));
    const hide = [...this.#hide, ...doorsOutside({ program, words })].filter((place) => existsSync(place));
    return {
      base: 'machine',
      devices: isRoot() ? 'few' : 'all',
      ownTmp: false,
      isolated: false,
      network: true,
      keepsFilePowers: true,
      places: [
        ...write.map(asWritten),
        ...keep.map((place): Place => ({ is: 'read', place })),
        ...this.#emptiedHome(request, shared),
        ...hide
          .map((place) => realpathSync(place))
          .filter((place) => !contains(this.#home, place))
          .map(asHidden),
      ],
    };
  }

  /** The system's programs, the server's own, and what is declared. */
  #strictView(request: SandboxRequest): View {
    const { program, args, paths, cwd, network } = request;
    const programs = [program, ...args.filter((arg) => path.isAbsolute(arg) && isFile(arg))].flatMap(
      foldersOfProgram,
    );
    return {
      base: 'nothing',
      devices: 'few',
      ownTmp: true,
      isolated: true,
      network,
      keepsFilePowers: false,
      places: [
        ...readOnlySystem.flatMap(asFound),
        ...[...readOnlySettings.filter((file) => existsSync(file)), ...new Set(programs)].map(
          (place): Place => ({ is: 'read', place }),
        ),
        ...[...paths, cwd].filter((entry) => existsSync(entry)).map(asWritten),
        ...this.#emptiedHome(request, []),
      ],
    };
  }

  /** Empties $ALFRED_HOME, and puts back what the server may have of it. */
  #emptiedHome({ ownFolder, paths, cwd, mode }: SandboxRequest, shared: string[]): Place[] {
    const back = [...shared, ...paths, cwd, ownFolder].filter(
      (entry) => existsSync(entry) && this.#isInside(entry),
    );
    // In a root of its own there are no links that lead to what is shown: it stands where it was asked for.
    const isBare = mode === 'strict';
    return [asHidden(this.#home), ...back.map((entry) => asWritten(isBare ? entry : realpathSync(entry)))];
  }

  #isInside(entry: string): boolean {
    const real = realpathSync(entry);
    const inside = path.relative(this.#home, real);
    return (
      inside !== '' && !inside.startsWith('..') && !protectedEntries.includes(inside.split(path.sep)[0] ?? '')
    );
  }
}

const withLoaders = ({ loaders, program, args }: SandboxRequest) =>
  loaders.length === 0
    ? { program, args }
    : { program: '/usr/bin/env', args: [...loaders, program, ...args] };

const asWritten = (place: string): Place => ({ is: 'write', place });
const asHidden = (place: string): Place => ({ is: 'hidden', place });

/** Landlock cuts off no network, and has no /tmp for one alone. */
export const canBeStrict = ({ kind }: WallsFound): boolean => kind === 'bubblewrap' || kind === 'namespaces';

const whyNotStrict = (walls: WallsFound): string =>
  [...(walls.kind === 'landlock' ? ['Landlock alone cannot keep it'] : []), ...walls.reasons].join('; ');

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
