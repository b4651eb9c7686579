/**
 * A logical dump: gzipped lines of JSON.
 *   first         {format, createdAt, server, migrations}     the migrations that the data is a state of
 *   then, per table
 *                 {table, columns: [{name, type}]}
 *                 [value, …] for each row                      each value in PostgreSQL's own text form, or null
 *   last          {rows: {table: count}}                       without which a dump is cut off
 * Text forms go back in on any PostgreSQL from 14 on. Secrets in it are sealed, as they are in the database.
 */
import { z } from 'zod';

export const dumpFormat = 'alfred-dump/1';

export const headerSchema = z.object({
  format: z.literal(dumpFormat),
  createdAt: z.string(),
  server: z.string(),
  migrations: z.array(z.string()),
});
export type DumpHeader = z.infer<typeof headerSchema>;

export const tableLineSchema = z.object({
  table: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
});
export const rowLineSchema = z.array(z.string().nullable());
export const lastLineSchema = z.object({ rows: z.record(z.string(), z.int()) });
export const lineSchema = z.union([rowLineSchema, tableLineSchema, lastLineSchema]);

/** So that a value's text form is the same whatever the server's settings are, and can be read back by any. */
export const textForms = `SET LOCAL TimeZone = 'UTC';
  SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1`;
