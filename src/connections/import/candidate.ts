/** One connection of an import, before it is saved: what it would be, and what was guessed about its values. */
import type { SecretInput } from '../../contract/common.ts';
import type { ConnectionPreview } from '../../contract/imports.ts';
import { guessSecret } from '../open-secrets/guess-secret.ts';
import { liftFromAddress } from '../open-secrets/lift-address.ts';
import { liftFromArguments } from '../open-secrets/lift-arguments.ts';
import { isPlaceholder, referencesIn } from '../open-secrets/placeholders.ts';
import { showCommand } from './preview.ts';

/** What our own export says beside what other programs know; each is checked when the connection is saved. */
export type Extras = { plain?: string[]; settings?: Record<string, unknown> };

type StdioTarget = {
  type: 'mcp_stdio';
  command: string;
  args: string[];
  cwd?: string;
  timeoutMs?: number;
};
type HttpTarget = { type: 'mcp_http'; url: string; allowPrivateNetwork?: true };

export type Candidate = {
  importedAs: string;
  target: StdioTarget | HttpTarget;
  /** `env` of a command, `headers` of an address. */
  values: Map<string, string>;
  warnings: string[];
  extras?: Extras;
  /** Values that the source says are secrets, by name. */
  sealed?: ReadonlySet<string>;
};

export type Refusal = { name: string; reason: string };

type Details = Pick<ConnectionPreview, 'values' | 'missing' | 'runs' | 'dials' | 'config' | 'warnings'>;

const fieldOf = (candidate: Candidate) => (candidate.target.type === 'mcp_stdio' ? 'env' : 'headers');

const guess = ({ extras, sealed }: Candidate, name: string, value: string) => {
  if (extras?.plain?.includes(name) === true)
    return { secret: false, why: 'the export says that it is none' };
  return sealed?.has(name) === true && value !== ''
    ? { secret: true, why: 'whoever made the server says so' }
    : guessSecret(name, value);
};

/** Whether a value is left out because the source does not say it. */
const isMissing = (candidate: Candidate, [name, value]: [string, string]) =>
  candidate.extras?.plain?.includes(name) !== true && isPlaceholder(value);

/** Values as a connection's config takes them: a bare string is sealed, `{plain}` is not. Placeholders stay out. */
function guessedValues(candidate: Candidate): Record<string, SecretInput> {
  const entries = [...candidate.values]
    .filter((entry) => !isMissing(candidate, entry))
    .map(([name, value]): [string, SecretInput] => [
      name,
      guess(candidate, name, value).secret ? value : { plain: value },
    ]);
  return Object.fromEntries(entries);
}

/** The config that would be saved, secrets included: for the vault, never for a screen. */
export function configOf(candidate: Candidate): Record<string, unknown> {
  const { shown, secrets } = liftedTarget(candidate.target);
  return {
    ...shown,
    ...candidate.extras?.settings,
    ...(secrets.size > 0 ? { secrets: Object.fromEntries(secrets) } : {}),
    [fieldOf(candidate)]: guessedValues(candidate),
  };
}

/** What a person is shown of a candidate: everything that would run or be dialled, and no secret. */
export function describeCandidate(candidate: Candidate): Details {
  const { target, extras } = candidate;
  const field = fieldOf(candidate);
  const { shown, secrets } = liftedTarget(target);
  const plain = Object.entries(guessedValues(candidate)).filter(([, value]) => typeof value !== 'string');
  const named = referencesIn([...(shown.args ?? []), shown.url ?? '']);
  return {
    ...(shown.command === undefined
      ? { dials: shown.url ?? '' }
      : { runs: showCommand([shown.command, ...(shown.args ?? [])]) }),
    config: { ...shown, ...extras?.settings, [field]: Object.fromEntries(plain) },
    values: [
      ...[...candidate.values]
        .filter((entry) => !isMissing(candidate, entry))
        .map(([name, value]) => ({ field: `/config/${field}/${name}`, ...guess(candidate, name, value) })),
      ...[...secrets.keys()].map((name) => ({
        field: `/config/secrets/${name}`,
        secret: true,
        why: 'it looks like a key',
      })),
    ],
    missing: [
      ...[...candidate.values]
        .filter((entry) => isMissing(candidate, entry))
        .map(([name]) => `/config/${field}/${name}`),
      ...named.filter((name) => !secrets.has(name)).map((name) => `/config/secrets/${name}`),
    ],
    warnings: [
      ...candidate.warnings,
      ...(target.type === 'mcp_stdio' && named.length > 0
        ? [
            `${named.join(', ')} will stand in the arguments of the command while it runs, where other processes can read it; use an environment variable if the server takes one`,
          ]
        : []),
      ...(extras?.settings?.sandbox === 'off' ? ['it would run without a sandbox'] : []),
    ],
  };
}

type Shown = {
  command?: string;
  args?: string[];
  cwd?: string;
  timeoutMs?: number;
  url?: string;
  allowPrivateNetwork?: true;
};

function liftedTarget(target: StdioTarget | HttpTarget): { shown: Shown; secrets: Map<string, string> } {
  const { type: _type, ...rest } = target;
  if (target.type === 'mcp_http') {
    const { url, secrets } = liftFromAddress(target.url);
    return { shown: { ...rest, url }, secrets };
  }
  const { words, secrets } = liftFromArguments(target.args);
  return { shown: { ...rest, args: words }, secrets };
}
