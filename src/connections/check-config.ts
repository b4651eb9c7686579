/** What must hold of an `mcp_stdio` config beyond its shape, and what a person should know of it. */
import path from 'node:path';
import type { FieldError } from '../kernel/errors.ts';
import { secretInArgument } from './config-secrets.ts';
import { protectedEntries } from './stdio/sandbox.ts';

/** Secrets may stand here in any form: as given, sealed, or marked. */
export type CheckedConfig = {
  command: string;
  args: string[];
  env: Record<string, unknown>;
  secrets: Record<string, unknown>;
  cwd?: string | undefined;
  sandbox: 'off' | 'default' | 'strict';
  network?: boolean | string[] | undefined;
  paths?: string[] | undefined;
};

/**
 * Variables that decide which code runs. As secrets they would stand outside what a person approves.
 */
const decidesCode =
  /^(PATH|NODE_OPTIONS|NODE_PATH|BASH_ENV|ENV|IFS|PYTHON(PATH|HOME|STARTUP)|PERL5(LIB|OPT)|RUBY(LIB|OPT)|JAVA_TOOL_OPTIONS|LD_.*|DYLD_.*|GIT_SSH.*)$/;
/** Variables that say where a server sends things. */
const namesHost = /URL|URI|HOST|ENDPOINT|SERVER|PROXY|ADDRESS|DOMAIN/i;
/** Ours, in every server. */
const reserved = /^ALFRED_/;
/** Values below this many characters are not redacted wherever they appear. */
const redactedFrom = 8;

/** Why `config` cannot be kept; empty when it can. */
export function configProblems(config: CheckedConfig, { home }: { home: string }): FieldError[] {
  const { env, secrets, cwd, paths = [], network } = config;
  return [
    ...Object.entries(env).flatMap(([name, value]) => variableProblems(name, value)),
    ...missingSecrets(config).map((name) => ({
      field: `/config/secrets/${name}`,
      message: 'is named by an argument and missing',
    })),
    ...Object.entries(secrets).flatMap(([name, value]) =>
      value === '' ? [{ field: `/config/secrets/${name}`, message: 'is empty' }] : [],
    ),
    ...[config.command, ...config.args].flatMap((text) =>
      text.includes('\0') ? [{ field: '/config/args', message: 'holds a NUL character' }] : [],
    ),
    ...[config.command, ...config.args, cwd ?? '', ...paths].flatMap((text) =>
      text.startsWith('encrypted:')
        ? [{ field: '/config', message: 'no text but a sealed value begins with encrypted:' }]
        : [],
    ),
    ...(cwd === undefined ? [] : folderProblems('/config/cwd', cwd, home)),
    ...paths.flatMap((folder, index) => folderProblems(`/config/paths/${index}`, folder, home)),
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

/** What should be said to whoever saves `config`. Secrets that are given now stand in it as text. */
export function configWarnings(config: CheckedConfig): string[] {
  const named = secretsInArguments(config);
  const short = [...Object.entries(config.env), ...Object.entries(config.secrets)]
    .filter(([, value]) => typeof value === 'string' && value.length < redactedFrom)
    .map(([name]) => name);
  return [
    ...(named.length === 0
      ? []
      : [
          `Other processes on this machine can read ${list(named)} in the command line; use "env" if the server can.`,
        ]),
    ...(short.length === 0
      ? []
      : [
          `${list(short)} is shorter than ${redactedFrom} characters, too short to be found and redacted in results.`,
        ]),
  ];
}

/** Whether a variable that stands open decides what runs, or where it sends what it knows. */
export const decidesDestination = (name: string, value: string): boolean =>
  decidesCode.test(name) || namesHost.test(name) || value.includes('://');

export const secretsInArguments = ({ args }: Pick<CheckedConfig, 'args'>): string[] => [
  ...new Set(args.flatMap((arg) => [...arg.matchAll(secretInArgument)].map((match) => match[1] ?? ''))),
];

const missingSecrets = (config: CheckedConfig) =>
  secretsInArguments(config).filter((name) => !Object.hasOwn(config.secrets, name));

function variableProblems(name: string, value: unknown): FieldError[] {
  const field = `/config/env/${name}`;
  if (reserved.test(name)) return [{ field, message: 'names that begin with ALFRED_ are ours' }];
  const isPlain = typeof value === 'object' && value !== null && 'plain' in value;
  if (decidesCode.test(name) && !isPlain) {
    return [
      {
        field,
        message: 'decides which code runs: give it as {"plain": …}, so that it is approved with the command',
      },
    ];
  }
  if (value === '') return [{ field, message: 'is empty; for an empty variable use {"plain": ""}' }];
  const text = isPlain ? value.plain : value;
  if (typeof text !== 'string') return [];
  if (isPlain && text.startsWith('encrypted:'))
    return [{ field, message: 'no text but a sealed value begins with encrypted:' }];
  return text.includes('\0') ? [{ field, message: 'holds a NUL character' }] : [];
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

const list = (names: string[]) => names.join(', ');
