/** Core's database: Prisma for accounts and the registry, the bare pool for the reports. */
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { Prisma, PrismaClient } from '../generated/core/client.ts';
import { openPool } from '../src/database/open-pool.ts';
import { installation } from '../src/kernel/installation.ts';

export { Prisma };

export type CoreDatabase = { prisma: PrismaClient; pool: pg.Pool; url: string; close(): Promise<void> };

export type CoreTransaction = Prisma.TransactionClient;

/** How long one may wait for a session, and take, in milliseconds: Prisma's own 5 s are too few where a machine is busy. */
const transactionMs = 30_000;

export const coreMigrationsFolder = path.join(installation, 'core/prisma/migrations');

/** @throws AlfredError E_DATABASE when it cannot be reached */
export async function openCoreDatabase(url: string, connections = 10): Promise<CoreDatabase> {
  const pool = await openPool(url, { connections, variable: 'CORE_DATABASE_URL' });
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    errorFormat: 'minimal',
    transactionOptions: { maxWait: transactionMs, timeout: transactionMs },
  });
  return {
    prisma,
    pool,
    url,
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}
