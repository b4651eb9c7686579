/**
 * The agent's own process in a sandbox, where bubblewrap works: it sees its program, its folder, the model proxy's socket and
 * the system's libraries. No home, no key, no other process, no network: what it might be talked into reading is not there.
 */
import {
  bindSystem,
  isolation,
  ownProc,
  type SandboxSupport,
  tryBubblewrap,
} from '../connections/stdio/sandbox.ts';

export type AgentSpawn = {
  command: string;
  args: string[];
  env: Record<string, string | undefined>;
};

/** Where the system's libraries are: no programs, no settings but those of the loader. */
const libraries = ['/usr/lib', '/usr/lib64', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store'];
const loaderSettings = ['/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld.so.conf.d'];

const view = () => [
  ...isolation,
  ...['--unshare-net', '--unshare-ipc', '--unshare-uts'],
  ...libraries.flatMap(bindSystem),
  ...loaderSettings.flatMap((file) => ['--ro-bind-try', file, file]),
  ...['--dev', '/dev', ...ownProc],
];

/** Tries it out with a program that is linked as the agent's is. */
export const probeAgentSandbox = (searchPath: string): Promise<SandboxSupport> =>
  tryBubblewrap(searchPath, [
    ...view(),
    ...['--ro-bind', process.execPath, process.execPath, '--remount-ro', '/'],
    ...['--', process.execPath, '--version'],
  ]);

export class AgentSandbox {
  readonly #searchPath: string;
  #support: Promise<SandboxSupport> | undefined;

  constructor(searchPath: string) {
    this.#searchPath = searchPath;
  }

  /** Whether it works here; tried once. */
  support(): Promise<SandboxSupport> {
    this.#support ??= probeAgentSandbox(this.#searchPath);
    return this.#support;
  }

  /**
   * How to start an agent: in the sandbox where it works, else as it is.
   *
   * @param folder its own, and the only one that it may write to
   */
  async wrapping(folder: string): Promise<(spawn: AgentSpawn) => Pick<AgentSpawn, 'command' | 'args'>> {
    const support = await this.support();
    if (!support.works) return ({ command, args }) => ({ command, args });
    return ({ command, args, env }) => {
      // A conversation that is gone on with, the SDK puts into another folder.
      const { CLAUDE_CONFIG_DIR: config = folder, ANTHROPIC_UNIX_SOCKET: socket } = env;
      return {
        command: support.file,
        args: [
          ...view(),
          ...['--ro-bind', command, command],
          ...[...new Set([folder, config])].flatMap((own) => ['--bind', own, own]),
          ...(socket === undefined ? [] : ['--bind', socket, socket]),
          ...['--remount-ro', '/', '--chdir', folder, '--', command, ...args],
        ],
      };
    };
  }
}
