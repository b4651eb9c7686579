/** A connection's config as a form has it, and the change that the form makes of it. Secrets are never in it: only that they are there. */
import { connectionTypes } from '../../src/contract/connection-types.ts';
import type { Connection } from '../../src/contract/connections.ts';
import { isRecord } from '../../src/contract/is-record.ts';

const parts = ['env', 'headers', 'secrets'] as const;
type EntryPart = (typeof parts)[number];

export type Entry = {
  part: EntryPart;
  name: string;
  /** `new` was not there before; `sealed` is kept unless something is typed. */
  kind: 'sealed' | 'plain' | 'new';
  value: string;
  isRemoved: boolean;
};

export type ConnectionDraft = {
  /** Fields of one line, those alone that this type of connection has. */
  texts: Record<string, string>;
  /** One a line; undefined where one of them has a line break, and for servers that are not started. */
  args: string | undefined;
  sandbox: string | undefined;
  allowPrivateNetwork: boolean | undefined;
  /** Undefined where it has no such choice. */
  oneAtATime: boolean | undefined;
  entries: Entry[];
  /** What is typed for the secrets of `auth`, each kept when nothing is. */
  auth: Record<string, string>;
};

export function draftOf({ type, config }: Pick<Connection, 'type' | 'config'>): ConnectionDraft {
  const { form, isStarted } = connectionTypes[type];
  const options: readonly string[] = connectionTypes[type].options;
  const args = isStarted ? listOf(config.args) : undefined;
  const { auth } = config;
  return {
    texts: Object.fromEntries(Object.keys(form).map((field) => [field, textOf(config[field])])),
    args: args?.some((arg) => arg.includes('\n')) ? undefined : args?.join('\n'),
    sandbox: options.includes('sandbox') ? textOf(config.sandbox ?? 'default') : undefined,
    oneAtATime: options.includes('oneAtATime') ? config.oneAtATime === true : undefined,
    allowPrivateNetwork: options.includes('privateNetwork') ? config.allowPrivateNetwork === true : undefined,
    entries: parts.flatMap((part) =>
      Object.entries(isRecord(config[part]) ? config[part] : {}).map(([name, value]): Entry => {
        const plain = isRecord(value) && typeof value.plain === 'string' ? value.plain : undefined;
        const kind = plain === undefined ? 'sealed' : 'plain';
        return { part, name, kind, value: plain ?? '', isRemoved: false };
      }),
    ),
    auth: isRecord(auth)
      ? Object.fromEntries(
          Object.entries(auth)
            .filter(([, value]) => isRecord(value))
            .map(([name]) => [name, '']),
        )
      : {},
  };
}

/** The JSON merge patch of `config` that makes it what the draft says: what was left alone is not in it. */
export function patchOf(
  connection: Pick<Connection, 'type' | 'config'>,
  draft: ConnectionDraft,
): Record<string, unknown> {
  const before = draftOf(connection);
  const patch: Record<string, unknown> = {};
  for (const [field, text] of Object.entries(draft.texts)) {
    if (text !== before.texts[field]) patch[field] = text === '' ? null : text;
  }
  if (draft.args !== before.args) patch.args = draft.args === '' ? [] : draft.args?.split('\n');
  for (const field of ['sandbox', 'allowPrivateNetwork', 'oneAtATime'] as const) {
    if (draft[field] !== before[field]) patch[field] = draft[field];
  }
  for (const part of parts) {
    const changes = draft.entries
      .filter((entry) => entry.part === part)
      .flatMap((entry) => changeOf(entry, before));
    if (changes.length > 0) patch[part] = Object.fromEntries(changes);
  }
  const typed = Object.entries(draft.auth).filter(([, value]) => value !== '');
  if (typed.length > 0) patch.auth = Object.fromEntries(typed);
  return patch;
}

function changeOf(
  { part, name, kind, value, isRemoved }: Entry,
  before: ConnectionDraft,
): [string, unknown][] {
  const former = before.entries.find((entry) => entry.part === part && entry.name === name);
  if (isRemoved) return former === undefined ? [] : [[name, null]];
  if (kind === 'new') return name === '' ? [] : [[name, value]];
  if (kind === 'plain') return value === former?.value ? [] : [[name, { plain: value }]];
  return value === '' ? [] : [[name, value]];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
