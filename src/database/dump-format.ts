/**
 * A logical dump: lines of text, compressed with zstd.
 *   first         {format, createdAt, server, migrations}     the migrations that the data is a state of
 *   then, per table
 *                 {table, columns: [{name, type}]}
 *                 a line for each row                          as PostgreSQL's COPY writes it in its text format
 *                 \.
 *   last          {rows: {table: count}}                       without which a dump is cut off
 * Text forms go back in on any PostgreSQL from 14 on. Secrets in it are sealed, as they are in the database.
 *
 * `alfred-dump/1`, which is still read, is compressed with gzip, has each row as a JSON list of texts and nulls, and no `\.`.
 */
import { z } from 'zod';

export const dumpFormat = 'alfred-dump/2';

/** What a dump's rows end with, on a line of its own: COPY writes no row like it. */
export const endOfRows = '\\.';

export const headerSchema = z.object({
  format: z.enum(['alfred-dump/1', dumpFormat]),
  createdAt: z.string(),
  server: z.string(),
  migrations: z.array(z.string()),
});
export type DumpHeader = z.infer<typeof headerSchema>;

const tableLineSchema = z.object({
  table: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
});
export const rowSchema = z.array(z.string().nullable());
const lastLineSchema = z.object({ rows: z.record(z.string(), z.int()) });
export const lineSchema = z.union([tableLineSchema, lastLineSchema]);

/** So that a value's text form is the same whatever the server's settings are, and can be read back by any. */
export const textForms = `SET LOCAL TimeZone = 'UTC';
  SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1`;
