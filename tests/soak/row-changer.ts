/** Changes one column of one row as the database's own role, and puts it back. */
import pg from 'pg';
import { plainPrefix, rowNames } from '../../src/vault/config-rows.ts';
import { guardedRows } from '../../src/vault/guarded-rows.ts';
import { type Lures, type Row, randomFor, tellingFor } from './row-values.ts';
import { connect } from './watch-claims.ts';

export type Change = {
  table: string;
  column: string;
  /** Of the row, by the columns of its primary key; as it is after the change. */
  key: Record<string, string>;
  before: string | null;
  after: string | null;
  /** Whether the verifier has to name the row. */
  isGuarded: boolean;
  /** The row of which execution it is, and of which connection. */
  executionId: string | undefined;
};

type Column = { name: string; type: string; isKey: boolean };

const uniqueViolation = '23505';

const quote = (name: string) => pg.escapeIdentifier(name);
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const guarded = new Map(
  Object.entries(guardedRows).map(([table, { id, columns }]) => [
    table,
    new Set([...id, ...columns, ...(table === 'config' ? [] : ['mac'])].map(snake)),
  ]),
);

/** Columns by which a row is over: once they say so, it admits and directs nobody, and has no MAC to check. */
function isOver(table: string, row: Row): boolean {
  if (table === 'access_tokens' || table === 'sessions') return row.revoked_at !== null;
  if (table === 'sign_in_links') return row.used_at !== null;
  if (table === 'execution_steps') return row.status !== 'done';
  if (table === 'approvals') return !['pending', 'approved', 'denied'].includes(row.status ?? '');
  return false;
}

/** Plain entries are listed; sealed ones are bound to their place, and the vault's own are proved by the keyring. */
function isListed({ key, value }: Row): boolean {
  const own: (string | null | undefined)[] = [rowNames.vaultId, rowNames.fingerprint, rowNames.keyring];
  return value?.startsWith(plainPrefix) === true && !own.includes(key);
}

function isNamedWhenChanged(table: string, column: string, before: Row, after: Row): boolean {
  const isOfMac = guarded.get(table)?.has(column) === true;
  if (table === 'config') return isOfMac && (isListed(before) || isListed(after));
  // Who was shown out and is there again is found by the MAC that the row lost.
  if (isOver(table, before)) return !isOver(table, after);
  return isOfMac && !isOver(table, after);
}

export class RowChanger {
  readonly #client: pg.Client;
  readonly #superuser: pg.Client;
  readonly #lures: Lures;
  readonly #below: (below: number) => number;
  readonly #tables: Map<string, Column[]>;

  private constructor(
    clients: [pg.Client, pg.Client],
    tables: Map<string, Column[]>,
    lures: Lures,
    below: (below: number) => number,
  ) {
    [this.#client, this.#superuser] = clients;
    this.#tables = tables;
    this.#lures = lures;
    this.#below = below;
  }

  /** @param below gives a random whole number from 0 on */
  static async open(home: string, lures: Lures, below: (below: number) => number): Promise<RowChanger> {
    const client = await connect(home);
    const { host, database } = client;
    const superuser = new pg.Client({ host, port: client.port, database, user: 'postgres' });
    await superuser.connect();
    await superuser.query('SET session_replication_role = replica');
    const { rows } = await client.query<{ table: string; name: string; type: string; isKey: boolean }>(
      `SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
         coalesce(a.attnum = ANY(i.indkey), false) AS "isKey"
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
         AND c.relname NOT LIKE 'audit%' ORDER BY 1, a.attnum`,
    );
    const tables = new Map<string, Column[]>();
    for (const { table, ...column } of rows) tables.set(table, [...(tables.get(table) ?? []), column]);
    return new RowChanger([client, superuser], tables, lures, below);
  }

  query = (text: string, values: unknown[] = []) => this.#client.query<Row>(text, values);

  #one<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T;
  }

  /** @returns why the database refused it, in words; undefined when there was nothing to change */
  async change(preferred: readonly string[]): Promise<Change | string | undefined> {
    const isAmongGuarded = this.#below(4) > 0;
    const table = this.#one(isAmongGuarded ? [...guarded.keys()] : [...this.#tables.keys()]);
    const columns = this.#tables.get(table) ?? [];
    const column = this.#one(columns);
    const rows = await this.#rowsOf(table, columns);
    if (rows.length === 0) return undefined;
    const near = rows.filter((row) => Object.values(row).some((value) => preferred.includes(value ?? '')));
    const row = this.#one(near.length > 0 && this.#below(3) > 0 ? near : rows);
    const before = row[column.name] ?? null;
    const after = this.#valueFor(table, column, row);
    if (after === before) return undefined;
    const keys = columns.filter(({ isKey }) => isKey).map(({ name }) => name);
    const keyOf = (of: Row) => Object.fromEntries(keys.map((name) => [name, of[name] ?? '']));
    try {
      const changed = await this.#set(this.#client, table, column, keyOf(row), after);
      if (changed === 0) return undefined;
    } catch (error) {
      // A type, a check, a reference or a trigger does not have it.
      if (error instanceof pg.DatabaseError) return `${table}.${column.name}: ${error.message}`;
      throw error;
    }
    // As the database has it: a number may be rounded, a time cut.
    const key = { ...keyOf(row), ...(column.isKey ? { [column.name]: after ?? '' } : {}) };
    const now = (await this.#rowsOf(table, columns, key))[0] ?? row;
    if (now[column.name] === before) return undefined;
    return {
      table,
      column: column.name,
      key,
      before,
      after: now[column.name] ?? null,
      isGuarded: isNamedWhenChanged(table, column.name, row, now),
      executionId: (table === 'executions' ? row.id : row.execution_id) ?? undefined,
    };
  }

  /** What the VM has written or removed itself meanwhile stays as it is. */
  async restore({ table, column, key, before, after }: Change): Promise<void> {
    const columns = this.#tables.get(table) ?? [];
    const type = columns.find(({ name }) => name === column);
    if (!type) throw new Error(`No column ${table}.${column}`);
    const [row] = await this.#rowsOf(table, columns, key);
    if (!row || row[column] !== after) return;
    // With no trigger in the way: some let a row go in one direction only.
    try {
      await this.#set(this.#superuser, table, type, key, before);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== uniqueViolation) throw error;
      // The VM has made the row anew where the changed one is missing.
      await this.#remove(table, key);
    }
  }

  async close(): Promise<void> {
    await this.#client.end();
    await this.#superuser.end();
  }

  async #rowsOf(table: string, columns: Column[], key: Record<string, string> = {}): Promise<Row[]> {
    const names = columns.map(({ name }) => `${quote(name)}::text`).join(', ');
    const where = Object.keys(key).map((name, index) => `${quote(name)}::text = $${index + 1}`);
    const { rows } = await this.#client.query<Row>(
      `SELECT ${names} FROM ${quote(table)} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}`,
      Object.values(key),
    );
    return rows;
  }

  async #remove(table: string, key: Record<string, string>): Promise<void> {
    const where = Object.keys(key).map((column, index) => `${quote(column)}::text = $${index + 1}`);
    const text = `DELETE FROM ${quote(table)} WHERE ${where.join(' AND ')}`;
    await this.#superuser.query(text, Object.values(key));
  }

  async #set(
    client: pg.Client,
    table: string,
    { name, type }: Column,
    key: Record<string, string>,
    value: string | null,
  ): Promise<number> {
    const where = Object.keys(key).map((column, index) => `${quote(column)}::text = $${index + 2}`);
    const { rowCount } = await client.query(
      `UPDATE ${quote(table)} SET ${quote(name)} = $1::text::${type} WHERE ${where.join(' AND ')}`,
      [value, ...Object.values(key)],
    );
    return rowCount ?? 0;
  }

  #valueFor(table: string, column: Column, row: Row): string | null {
    const telling = tellingFor(this.#lures, table, column.name, row);
    if (telling.length > 0 && this.#below(4) > 0) return this.#one(telling);
    return randomFor(column.type, row[column.name] ?? null, this.#below);
  }
}
