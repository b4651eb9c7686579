/** Writes the tables that documents take from the code (`npm run tables`). */
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './make-once.ts';
import { withTable, writtenTables } from './written-tables.ts';

for (const table of writtenTables) {
  const file = inRoot(table.document);
  writeFileSync(file, withTable(readFileSync(file, 'utf8'), table));
}
