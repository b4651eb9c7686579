/** Every sealed value of the database, with its place and the label under which it is redacted. */
import type { Database, Transaction } from '../database/client.ts';
import { keyringRows } from './config-rows.ts';
import type { Place } from './place.ts';
import { sealedPrefix } from './seal.ts';

/** The columns that hold sealed values, of the whole database. */
export const sealedColumns = [
  ['config', 'value'],
  ['connections', 'config'],
  ['skills', 'trigger_secret'],
  ['notice_channels', 'secrets'],
] as const;

export type SealedPlace = { place: Place; sealed: string; label: string };

export async function findSealedPlaces(db: Database['prisma'] | Transaction): Promise<SealedPlace[]> {
  const [config, connections, skills, channels] = await Promise.all([
    db.config.findMany({ where: { value: { startsWith: sealedPrefix }, key: { notIn: [...keyringRows] } } }),
    db.connection.findMany({ select: { id: true, name: true, config: true } }),
    db.skill.findMany({
      where: { triggerSecret: { not: null } },
      select: { id: true, slug: true, triggerSecret: true },
    }),
    db.noticeChannel.findMany({ select: { id: true, name: true, secrets: true } }),
  ]);
  return [
    ...config.map(({ key, value }) => ({
      place: { table: 'config', rowId: key, pointer: '/value' },
      sealed: value,
      label: key,
    })),
    ...connections.flatMap((row) =>
      [...leavesOf(row.config, '/config')].map(({ pointer, field, sealed }) => ({
        place: { table: 'connections', rowId: row.id, pointer },
        sealed,
        label: `${row.name}.${field}`,
      })),
    ),
    ...skills.map((row) => ({
      place: { table: 'skills', rowId: row.id, pointer: '/trigger_secret' },
      sealed: row.triggerSecret ?? '',
      label: `${row.slug}.trigger_secret`,
    })),
    ...channels.flatMap((row) =>
      [...leavesOf(row.secrets, '/secrets')].map(({ pointer, field, sealed }) => ({
        place: { table: 'notice_channels', rowId: row.id, pointer },
        sealed,
        label: channelSecretLabel(row.name, field),
      })),
    ),
  ];
}

function* leavesOf(
  value: unknown,
  pointer: string,
): Generator<{ pointer: string; field: string; sealed: string }> {
  if (typeof value === 'string' && value.startsWith(sealedPrefix)) {
    yield { pointer, field: fieldOf(pointer), sealed: value };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value))
      yield* leavesOf(inner, `${pointer}/${escapePointer(key)}`);
  }
}

/** A copy of a column's JSON in which each sealed text is what `change` makes of it. */
export function mapSealed(
  value: unknown,
  pointer: string,
  change: (pointer: string, sealed: string) => string,
): unknown {
  if (typeof value === 'string') return value.startsWith(sealedPrefix) ? change(pointer, value) : value;
  if (Array.isArray(value)) return value.map((inner, at) => mapSealed(inner, `${pointer}/${at}`, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      mapSealed(inner, `${pointer}/${escapePointer(key)}`, change),
    ]),
  );
}

const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** The last part of a pointer, as a person writes it. */
const fieldOf = (pointer: string): string =>
  pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');

/** What stands for a secret of a channel of notices: a connection of its name has names of its own. */
export const channelSecretLabel = (name: string, field: string): string => `notice ${name}.${field}`;

/** The first few places, for a sentence. */
export const showPlaces = (places: readonly SealedPlace[]): string =>
  places
    .slice(0, 3)
    .map(({ label }) => label)
    .join(', ') + (places.length > 3 ? ', …' : '');
