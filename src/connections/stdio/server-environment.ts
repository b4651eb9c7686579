import path from 'node:path';
import type { SandboxMode } from './sandbox.ts';

/** A strict sandbox has neither these folders nor anything in them. */
const namesOfFolders = ['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR'];

export type EnvironmentRequest = {
  /** What every server may have (settings.childEnvironment). */
  inherited: Record<string, string>;
  /** What the connection says, opened. */
  own: Record<string, string>;
  marks: Record<string, string>;
  /** It is a package manager, which runs what it fetches. */
  downloads: boolean;
  sandbox: SandboxMode;
  ownFolder: string;
};

/** The whole environment of a server: nothing of ours but an allow list, then the connection's own. */
export function serverEnvironment(request: EnvironmentRequest): Record<string, string> {
  const { inherited, own, marks, downloads, sandbox, ownFolder } = request;
  const base = { ...inherited, PATH: downloads ? fetchedPathOf(inherited) : searchPathOf(inherited) };
  const folders = sandbox === 'strict' ? { HOME: ownFolder, TMPDIR: '/tmp' } : {};
  const kept = Object.entries(base).filter(
    ([name]) => sandbox !== 'strict' || !namesOfFolders.includes(name),
  );
  return { ...Object.fromEntries(kept), ...folders, ...own, ...marks };
}

const ownNode = path.dirname(process.execPath);

/**
 * PATH with our own Node.js as its last resort, so that `node` is found on a machine that has no other. What is installed on the
 * machine goes by the machine's: with another its compiled parts do not load.
 */
export const searchPathOf = ({ PATH = '/usr/local/bin:/usr/bin:/bin' }: Record<string, string>): string =>
  [PATH, ownNode].join(path.delimiter);

/** PATH with our own Node.js first: what is fetched for a connection alone needs no older one, and often a newer. */
const fetchedPathOf = ({ PATH = '/usr/local/bin:/usr/bin:/bin' }: Record<string, string>): string =>
  [ownNode, PATH].join(path.delimiter);

/** What decides what a program loads, or a shell or Perl runs, before it does anything itself. */
const loaderNames =
  /^(LD_(PRELOAD|LIBRARY_PATH|AUDIT|DEBUG|DEBUG_OUTPUT|PROFILE|PROFILE_OUTPUT)|PERL5(LIB|OPT|DB)|PERLLIB|BASH_ENV|ENV|GCONV_PATH|GLIBC_TUNABLES)$/;

/**
 * An environment in two: of what builds the walls, which stands outside them, and must load nothing that a server could have put
 * somewhere; and what the server alone has beside it, as `NAME=value`.
 */
export function apartFromLoaders(env: Record<string, string>): {
  outside: Record<string, string>;
  loaders: string[];
} {
  const all = Object.entries(env);
  return {
    outside: Object.fromEntries(all.filter(([name]) => !loaderNames.test(name))),
    loaders: all.flatMap(([name, value]) => (loaderNames.test(name) ? [`${name}=${value}`] : [])),
  };
}
