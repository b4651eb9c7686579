/** What must hold of an `mcp_stdio` config beyond its shape, and what a person should know of it. */
import path from 'node:path';
import type { SecretInput } from '../../contract/common.ts';
import type { StdioConfigInput } from '../../contract/stdio-connections.ts';
import type { FieldError } from '../../kernel/errors.ts';
import { sealedPrefix } from '../../vault/seal.ts';
import { hasKeyInAddress } from '../open-secrets/lift-address.ts';
import { protectedEntries } from '../stdio/sandbox.ts';
import { homeIn } from './typed-config.ts';

/**
 * Variables that decide which code runs. As secrets they would stand outside what a person approves. Those of the dynamic
 * linker by name (ld.so(8)): `LD_ACCESS_TOKEN` is LaunchDarkly's.
 */
export const decidesCode =
  /^(PATH|NODE_OPTIONS|NODE_PATH|BASH_ENV|ENV|IFS|PYTHON(PATH|HOME|STARTUP)|PERL5(LIB|OPT)|RUBY(LIB|OPT)|JAVA_TOOL_OPTIONS|LD_(PRELOAD|LIBRARY|AUDIT|DEBUG|PROFILE|BIND|ORIGIN|OPTIONS|CONFIG|ELF|HWCAP|DYNAMIC|TRACE|USE|VERBOSE|WARN|SHOW|POINTER|PREFER)\w*|DYLD_.*|GIT_SSH.*)$/;
/** Variables that say where a server sends things. */
const namesHost = /URL|URI|HOST|ENDPOINT|SERVER|PROXY|ADDRESS|DOMAIN/i;
/** Variables that hold nothing but such a place: one that is sealed would be sent to unseen. */
const isHost =
  /(^|_)(URL|URI|HOST|HOSTNAME|ENDPOINT|BASE|SERVER|PROXY|ADDRESS|ADDR|DOMAIN|ORIGIN)S?$|(URL|HOST|ENDPOINT|PROXY)$/i;
/** What says that such a place is a secret all the same: to know the address is to be let in. */
const isSecretPlace = /WEBHOOK|SECRET|TOKEN|KEY|PASS|CREDENTIAL|DSN|CONNECTION|DATABASE|_DB_/i;
/** Ours, in every server. */
const reserved = /^ALFRED_/;

/** Why `config` cannot be kept; empty when it can. */
export function stdioProblems(config: StdioConfigInput, home: string): FieldError[] {
  const { env, cwd, paths = [], network } = config;
  return [
    ...Object.entries(env).flatMap(([name, value]) => variableProblems(name, value)),
    ...[config.command, ...config.args].flatMap((text) =>
      text.includes('\0') ? [{ field: '/config/args', message: 'holds a NUL character' }] : [],
    ),
    ...(cwd === undefined ? [] : folderProblems('/config/cwd', homeIn(cwd, home), home)),
    ...paths.flatMap((folder, index) => folderProblems(`/config/paths/${index}`, homeIn(folder, home), home)),
    ...(Array.isArray(network)
      ? [
          {
            field: '/config/network',
            message: 'single hosts cannot be enforced for a process yet; use true or false',
          },
        ]
      : []),
  ];
}

/** Whether a variable that stands open decides what runs, or where it sends what it knows. */
export const decidesDestination = (name: string, value: string): boolean =>
  decidesCode.test(name) || namesHost.test(name) || value.includes('://');

function variableProblems(name: string, value: SecretInput): FieldError[] {
  const field = `/config/env/${name}`;
  if (reserved.test(name)) return [{ field, message: 'names that begin with ALFRED_ are ours' }];
  const isPlain = typeof value === 'object';
  if (decidesCode.test(name) && !isPlain) {
    return [
      {
        field,
        message: 'decides which code runs: give it as {"plain": …}, so that it is approved with the command',
      },
    ];
  }
  if (!isPlain && !value.startsWith(sealedPrefix) && isPlainPlace(name, value)) {
    return [
      {
        field,
        message:
          'says where the server sends things: give it as {"plain": …}, so that it is approved with the command',
      },
    ];
  }
  if (value === '') return [{ field, message: 'is empty; for an empty variable use {"plain": ""}' }];
  const text = isPlain ? value.plain : value;
  return text.includes('\0') ? [{ field, message: 'holds a NUL character' }] : [];
}

/** Whether a value is a place to send things to and no secret itself, as one with a user, a password or a query may be. */
export function isPlainPlace(name: string, value: string): boolean {
  if (isSecretPlace.test(name)) return false;
  if (!value.includes('://')) return isHost.test(name);
  const url = URL.parse(value);
  if (url === null) return true;
  return url.username === '' && url.password === '' && url.search === '' && !hasKeyInAddress(value);
}

function folderProblems(field: string, folder: string, home: string): FieldError[] {
  if (!path.isAbsolute(folder)) return [{ field, message: 'use an absolute path' }];
  const inside = path.relative(home, path.resolve(folder));
  const isInHome = !inside.startsWith('..') && !path.isAbsolute(inside);
  if (isInHome && (inside === '' || protectedEntries.includes(inside.split(path.sep)[0] ?? ''))) {
    return [{ field, message: 'is where the VM keeps its own; no server may have it' }];
  }
  return [];
}
