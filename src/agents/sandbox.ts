/**
 * The agent's own process behind walls, where they can be built: it sees its program, its folder, the model proxy's socket and
 * the system's libraries. No home, no key, no other process, no network: what it might be talked into reading is not there.
 */
import { existsSync } from 'node:fs';
import { chooseWalls, type WallsFound } from '../walls/choose-walls.ts';
import { asFound, type Place, type View } from '../walls/view.ts';

export type AgentSpawn = {
  command: string;
  args: string[];
  env: Record<string, string | undefined>;
};

/** Where the system's libraries are: no programs, no settings but those of the loader and of OpenSSL, which fails where it may not see whether it has any. */
const libraries = ['/usr/lib', '/usr/lib64', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store'];
const settings = ['/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld.so.conf.d', '/etc/ssl/openssl.cnf'];

const viewOf = (program: string, own: readonly string[]): View => ({
  base: 'nothing',
  devices: 'few',
  ownTmp: false,
  isolated: true,
  network: false,
  keepsFilePowers: false,
  places: [
    ...libraries.flatMap(asFound),
    ...[...settings.filter((file) => existsSync(file)), program].map(
      (place): Place => ({ is: 'read', place }),
    ),
    ...own.map((place): Place => ({ is: 'write', place })),
  ],
});

/** Tries walls out with a program that is linked as the agent's is. */
export const chooseAgentWalls = (searchPath: string): Promise<WallsFound> =>
  chooseWalls(searchPath, {
    view: viewOf(process.execPath, []),
    command: { program: process.execPath, args: ['--version'], cwd: '/' },
  });

export class AgentSandbox {
  readonly #searchPath: string;
  #walls: Promise<WallsFound> | undefined;

  constructor(searchPath: string) {
    this.#searchPath = searchPath;
  }

  /** The walls that can be built here; tried once. */
  walls(): Promise<WallsFound> {
    this.#walls ??= chooseAgentWalls(this.#searchPath);
    return this.#walls;
  }

  /**
   * How to start an agent: behind walls where they can be built, else as it is.
   *
   * @param folder its own, and the only one that it may write to
   */
  async wrapping(folder: string): Promise<(spawn: AgentSpawn) => Pick<AgentSpawn, 'command' | 'args'>> {
    const walls = await this.walls();
    if (walls.kind === 'none') return ({ command, args }) => ({ command, args });
    return ({ command, args, env }) => {
      const { ANTHROPIC_UNIX_SOCKET: socket } = env;
      const own = [folder, ...(socket === undefined ? [] : [socket])];
      return {
        command: walls.file,
        args: walls.around(viewOf(command, own), { program: command, args, cwd: folder }),
      };
    };
  }
}
