/** One connection of an import, before it is saved: what it would be, and what was guessed about its values. */
import type { SecretInput } from '../../contract/common.ts';
import type { ConnectionPreview } from '../../contract/imports.ts';
import { guessSecret } from './guess-secret.ts';
import { liftFromAddress, liftFromArguments } from './lift-secrets.ts';
import { showCommand } from './preview.ts';

export type StdioTarget = {
  type: 'mcp_stdio';
  command: string;
  args: string[];
  cwd?: string;
  timeoutMs?: number;
};
export type HttpTarget = { type: 'mcp_http'; url: string };

export type Candidate = {
  importedAs: string;
  target: StdioTarget | HttpTarget;
  /** `env` of a command, `headers` of an address. */
  values: Map<string, string>;
  warnings: string[];
};

export type Refusal = { name: string; reason: string };

/** A placeholder of VS Code (`${input:id}`), a shell (`${NAME}`, `${NAME:-default}`) or a README (`<your-key>`). */
const placeholder =
  /\$\{(?:input|env):[^}]+\}|\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\}|<[^<>\s]{2,60}>|^your[-_ ]/i;

type Details = Pick<ConnectionPreview, 'values' | 'missing' | 'runs' | 'dials' | 'config'>;

const fieldOf = (candidate: Candidate) => (candidate.target.type === 'mcp_stdio' ? 'env' : 'headers');

/** Values as a connection's config takes them: a bare string is sealed, `{plain}` is not. Placeholders stay out. */
export function guessedValues(candidate: Candidate): Record<string, SecretInput> {
  const entries = [...candidate.values]
    .filter(([, value]) => !placeholder.test(value))
    .map(([name, value]): [string, SecretInput] => [
      name,
      guessSecret(name, value).secret ? value : { plain: value },
    ]);
  return Object.fromEntries(entries);
}

/** The config that would be saved, secrets included: for the vault, never for a screen. */
export function configOf(candidate: Candidate): Record<string, unknown> {
  const { shown, secrets } = liftedTarget(candidate.target);
  return {
    ...shown,
    ...(secrets.size > 0 ? { secrets: Object.fromEntries(secrets) } : {}),
    [fieldOf(candidate)]: guessedValues(candidate),
  };
}

/** What a person is shown of a candidate: everything that would run or be dialled, and no secret. */
export function describeCandidate(candidate: Candidate): Details & { warnings: string[] } {
  const { target } = candidate;
  const field = fieldOf(candidate);
  const { shown, secrets } = liftedTarget(target);
  const plain = Object.entries(guessedValues(candidate)).filter(([, value]) => typeof value !== 'string');
  const inArguments = target.type === 'mcp_stdio' && secrets.size > 0;
  return {
    ...(shown.command === undefined
      ? { dials: shown.url ?? '' }
      : { runs: showCommand([shown.command, ...(shown.args ?? [])]) }),
    config: { ...shown, [field]: Object.fromEntries(plain) },
    values: [
      ...[...candidate.values].map(([name, value]) => ({
        field: `/config/${field}/${name}`,
        ...guessSecret(name, value),
      })),
      ...[...secrets.keys()].map((name) => ({
        field: `/config/secrets/${name}`,
        secret: true,
        why: 'it looks like a key',
      })),
    ],
    missing: [...candidate.values]
      .filter(([, value]) => placeholder.test(value))
      .map(([name]) => `/config/${field}/${name}`),
    warnings: [
      ...candidate.warnings,
      ...(inArguments
        ? [
            `${[...secrets.keys()].join(', ')} will stand in the arguments of the command while it runs, where other processes can read it; use an environment variable if the server takes one`,
          ]
        : []),
    ],
  };
}

type Shown = { command?: string; args?: string[]; cwd?: string; timeoutMs?: number; url?: string };

function liftedTarget(target: StdioTarget | HttpTarget): { shown: Shown; secrets: Map<string, string> } {
  if (target.type === 'mcp_http') {
    const { url, secrets } = liftFromAddress(target.url);
    return { shown: { url }, secrets };
  }
  const { words, secrets } = liftFromArguments(target.args);
  const { type: _type, ...rest } = target;
  return { shown: { ...rest, args: words }, secrets };
}
