/** The tables of the program as a database has them: what a dump holds and a restore fills. */
import type pg from 'pg';

export type Table = {
  name: string;
  /** Their names and types, in order. */
  columns: { name: string; type: string }[];
};

/** Prisma's record of migrations: a restore makes its own by applying them. */
export const migrationsTable = '_prisma_migrations';

/** All tables of the current schema, those that others refer to first. */
export async function readTables(client: pg.ClientBase): Promise<Table[]> {
  const columns = await client.query<{ table: string; name: string; type: string }>(
    `SELECT c.relname AS "table", a.attname AS "name", format_type(a.atttypid, a.atttypmod) AS "type"
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> $1
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     ORDER BY c.relname, a.attnum`,
    [migrationsTable],
  );
  const references = await client.query<{ from: string; to: string }>(
    `SELECT f.relname AS "from", t.relname AS "to"
     FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
     WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace AND f.oid <> t.oid`,
  );
  const byName = Map.groupBy(columns.rows, ({ table }) => table);
  return inOrder([...byName.keys()], references.rows).map((name) => ({
    name,
    columns: (byName.get(name) ?? []).map(({ name: column, type }) => ({ name: column, type })),
  }));
}

/** `names` so that a table comes after those it refers to. */
function inOrder(names: string[], references: { from: string; to: string }[]): string[] {
  const ordered: string[] = [];
  const visit = (name: string, path: string[]) => {
    if (ordered.includes(name)) return;
    if (path.includes(name))
      throw new Error(`Tables refer to each other in a circle: ${[...path, name].join(' → ')}`);
    for (const { to } of references.filter(({ from }) => from === name)) visit(to, [...path, name]);
    ordered.push(name);
  };
  for (const name of names) visit(name, []);
  return ordered;
}
