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

export const coreMigrationsFolder = path.join(installation, 'core/prisma/migrations');

/** @throws AlfredError E_DATABASE when it cannot be reached */
export async function openCoreDatabase(url: string, connections = 10): Promise<CoreDatabase> {
  const pool = await openPool(url, { connections, variable: 'CORE_DATABASE_URL' });
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
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
