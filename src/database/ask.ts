/** Statements that run either within a transaction of Prisma's or on a connection of pg's, which keeps them prepared. */
import type pg from 'pg';
import type { Transaction } from './client.ts';

/** A statement of fixed text: its name stands for it on every connection that has prepared it. */
export type Statement = { name: string; text: string };

/** Asks within one transaction. */
export type Ask = <Row extends object>(statement: Statement, values: readonly unknown[]) => Promise<Row[]>;

export const askPrisma =
  (tx: Pick<Transaction, '$queryRawUnsafe'>): Ask =>
  <Row>({ text }: Statement, values: readonly unknown[]) =>
    tx.$queryRawUnsafe<Row[]>(text, ...values);

export const askPg =
  (client: Pick<pg.ClientBase, 'query'>): Ask =>
  async <Row extends object>({ name, text }: Statement, values: readonly unknown[]) =>
    (await client.query<Row>({ name, text, values: [...values] })).rows;
