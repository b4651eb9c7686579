/** The secrets of a connection: which field each stands in, when it was set, and when it was used last. */
import { queryOptions } from '@tanstack/react-query';
import type { AuditEvent } from '../../src/contract/audit.ts';
import type { Connection } from '../../src/contract/connections.ts';
import { listItems } from '../../src/contract/list-items.ts';
import { api } from '../api/api.ts';
import { draftOf, type Entry } from './connection-draft.ts';

export type SecretField = { part: Entry['part'] | 'auth'; name: string };

/** Every field that is sealed and can be typed anew; what a sign-in left is none of them. */
export function secretFieldsOf(connection: Pick<Connection, 'type' | 'config'>): SecretField[] {
  const { entries, auth } = draftOf(connection);
  return [
    ...entries.filter(({ kind }) => kind === 'sealed').map(({ part, name }) => ({ part, name })),
    ...Object.keys(auth).map((name) => ({ part: 'auth' as const, name })),
  ];
}

type Acts = readonly Pick<AuditEvent, 'at' | 'data'>[];

/**
 * When a secret was written last, by what is on record; undefined where that is not on record any more, or is under another name.
 *
 * @param acts on the connection, the newest first
 */
export const setAt = (acts: Acts, label: string): string | undefined =>
  acts.find(({ data }) =>
    [data?.secretsWritten, data?.secrets].some((labels) => Array.isArray(labels) && labels.includes(label)),
  )?.at;

export type SecretTimes = { setAt: string | undefined; lastUsedAt: string | null };

/** By the field's name. */
export const secretTimesQuery = (connection: string) =>
  queryOptions({
    queryKey: ['connections', connection, 'secret-times'],
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, SecretTimes>> => {
      const [secrets, acts] = await Promise.all([
        listItems(api.listSecretUses, {}, { signal }),
        api.listAudit({ query: { action: 'connection', subject: connection, limit: 200 } }, { signal }),
      ]);
      const own = secrets.filter(({ secret }) => secret.startsWith(`${connection}.`));
      return new Map(
        own.map(({ secret, lastUsedAt }) => [
          secret.slice(connection.length + 1),
          { setAt: setAt(acts.items, secret), lastUsedAt },
        ]),
      );
    },
  });
