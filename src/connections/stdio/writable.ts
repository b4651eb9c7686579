/**
 * What a server in the default sandbox may write to. The machine is read-only to it but for what servers need, and what a
 * person approved: folders that the connection names. What starts programs when its owner signs in is never among them, nor
 * is the VM's own installation (docs/security.md, "What a server may write").
 */
import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { installation } from '../../kernel/installation.ts';

/** The VM's program with its modules. */
const ownProgram = realpathSync(installation);

/** Caches of launchers (npx, uvx and the like), below the user's home. */
const caches = ['.npm', '.cache', '.mcp-auth', '.local/share/uv', '.bun/install', '.deno', '.cargo/registry'];
/** Those that a launcher would make at its first start. */
const usualCaches = ['.npm', '.cache'];

/** What runs when the user signs in or opens a shell, below the home: read-only even where the home itself is named. */
const startFiles = [
  ...['.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.bash_aliases', '.profile', '.inputrc'],
  ...['.zshrc', '.zshenv', '.zprofile', '.zlogin', '.zlogout', '.oh-my-zsh', '.pam_environment'],
  ...[
    '.xprofile',
    '.xsession',
    '.xsessionrc',
    '.xinitrc',
    '.ssh',
    '.gnupg',
    '.gitconfig',
    '.npmrc',
    '.local/bin',
  ],
  ...[
    '.local/share/systemd',
    '.config/autostart',
    '.config/systemd',
    '.config/environment.d',
    '.config/fish',
  ],
  ...['.config/git', '.config/nushell', '.config/xonsh', '.config/plasma-workspace', '.nvm', '.volta', 'bin'],
];

/** Never writable by being named in an argument: the system's own folders. */
const system =
  /^\/(bin|boot|dev|etc|lib|lib32|lib64|libx32|nix|proc|run|sbin|sys|usr|var\/(lib|spool|log))(\/|$)/;

/** Files that are a program rather than data: their folder is no place to write to. */
const isProgram = /\.(m?js|cjs|ts|mts|py|sh|rb|php|jar|exe|pl|lua)$/;

export type NamedPlaces = {
  /** The user's home. */
  home: string;
  /** Folders that are bound to be written: the server's own, its working folder, and those that it declares. */
  declared: readonly string[];
  /** What a person approved word for word: arguments, and values that stand open. */
  words: readonly string[];
};

/** What may be written, in an order in which bubblewrap can mount it, and what of it may not. */
export function writablePlaces({ home: given, declared, words }: NamedPlaces): {
  write: string[];
  keep: string[];
} {
  const hasHome = path.isAbsolute(given) && given !== '/' && existsSync(given);
  const home = hasHome ? realpathSync(given) : '/nonexistent';
  if (hasHome) for (const name of usualCaches) makeFolder(path.join(home, name));
  const places = [
    ...['/tmp', '/var/tmp'],
    ...(hasHome ? caches.map((name) => path.join(home, name)) : []),
    ...words.flatMap((word) => placeNamedBy(word, home)),
    ...declared,
  ];
  return {
    write: realOnes(places),
    keep: realOnes([ownProgram, ...(hasHome ? startFiles.map((name) => path.join(home, name)) : [])]),
  };
}

/** Those that exist, each once, behind their links (bubblewrap mounts on none), outer ones first. */
const realOnes = (places: readonly string[]): string[] =>
  [...new Set(places.filter((place) => existsSync(place)).map((place) => realpathSync(place)))].sort(
    (one, other) => one.length - other.length,
  );

/** The folder that an argument names: itself, or for a file of data the one it lies in. */
function placeNamedBy(word: string, home: string): string[] {
  const place = /(?:^|=)(\/.+)$/s.exec(word)?.[1];
  if (place === undefined || !existsSync(place)) return [];
  const real = realpathSync(place);
  const isFolder = statSync(real).isDirectory();
  if (!isFolder && isProgram.test(real)) return [];
  const folder = isFolder ? real : path.dirname(real);
  if (folder === '/' || (system.test(folder) && !contains(home, folder))) return [];
  if (isFolder) return [folder];
  // A file beside the start files, or among hidden ones, brings nothing but itself along.
  const inHome = path.relative(home, folder);
  const isHidden = inHome === '' || contains(folder, home) || /(^|\/)\.[^./]/.test(inHome);
  return [isHidden ? real : folder];
}

const contains = (folder: string, place: string): boolean =>
  folder === place || folder === '/' || place.startsWith(`${folder}/`);

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // A home that may not be written has no caches; a launcher that needs one says so itself.
  }
}
