/**
 * The schema engine's way to PostgreSQL. `@prisma/adapter-pg` runs a migration by cutting it at every semicolon, within a
 * function's body too, and each piece for itself, so that a failure leaves half a migration. Here a migration is one
 * message to the server, which runs it whole or not at all; as Prisma's native engine does.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import {
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** An adapter factory over `pool`, which stays the caller's to end. */
export function createMigrationAdapter(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  const inner = new PrismaPg(pool);
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    connect: async () => withWholeScripts(await inner.connect()),
    connectToShadowDb: async () => withWholeScripts(await inner.connectToShadowDb()),
  };
}

function withWholeScripts(adapter: SqlDriverAdapter & { underlyingDriver(): pg.Pool }): SqlDriverAdapter {
  adapter.executeScript = async (script) => {
    try {
      // No parameters: the simple protocol, where several statements make one transaction.
      await adapter.underlyingDriver().query(script);
    } catch (error) {
      throw error instanceof pg.DatabaseError ? new DriverAdapterError(describe(error, script)) : error;
    }
  };
  return adapter;
}

function describe(error: pg.DatabaseError, script: string): DriverAdapterError['cause'] {
  const line = error.position ? ` (line ${script.slice(0, Number(error.position)).split('\n').length})` : '';
  return {
    kind: 'postgres',
    code: error.code ?? 'XX000',
    severity: error.severity ?? 'ERROR',
    message: `${error.message}${line}`,
    detail: error.detail,
    column: error.column,
    hint: error.hint,
  };
}
