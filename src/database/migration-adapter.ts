/**
 * The schema engine's way to PostgreSQL. `@prisma/adapter-pg` runs a migration by cutting it at every semicolon, within a
 * function's body too, and each piece for itself, so that a failure leaves half a migration. Here a migration is one
 * message to the server, which runs it whole or not at all; as Prisma's native engine does.
 */
import { randomBytes } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
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
    connect: () => connectTo(pool),
    connectToShadowDb: () => connectToShadow(pool),
  };
}

async function connectTo(pool: pg.Pool): Promise<SqlDriverAdapter> {
  const adapter: SqlDriverAdapter = await new PrismaPg(disguisingCharacters(pool)).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    const columnTypes = result.columnTypes.map((type) =>
      type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type,
    );
    return { ...result, columnTypes };
  };
  adapter.executeScript = async (script) => {
    try {
      // No parameters: the simple protocol, where several statements make one transaction.
      await pool.query(script);
    } catch (error) {
      // Another error than the server's own (a broken connection) goes on as it is.
      throw error instanceof pg.DatabaseError ? new DriverAdapterError(describe(error, script)) : error;
    }
  };
  return adapter;
}

/**
 * The engine reads PostgreSQL's catalogues, which have columns of the one-byte type "char". The adapter refuses that
 * type, and has no way to say the engine's `Character` but within an array of them: so these columns are called such an
 * array on their way into the adapter (here), and by their right type on their way out (`queryRaw` above).
 */
function disguisingCharacters(pool: pg.Pool): pg.Pool {
  const query = pool.query.bind(pool) as (config: pg.QueryConfig) => Promise<pg.QueryArrayResult>;
  const disguised: pg.Pool = Object.create(pool, {
    query: {
      async value(config: pg.QueryConfig): Promise<pg.QueryArrayResult> {
        const result = await query(config);
        for (const field of result.fields) {
          if (field.dataTypeID === pg.types.builtins.CHAR) field.dataTypeID = characterArray;
        }
        return result;
      },
    },
  });
  return disguised;
}

/** The type number of "char"[] in every PostgreSQL. */
const characterArray = 1002;

/** A database of its own for a moment, in which the engine tries migrations (`prisma migrate dev`, `migrate diff`). */
async function connectToShadow(pool: pg.Pool): Promise<SqlDriverAdapter> {
  const name = `alfred_shadow_${randomBytes(6).toString('hex')}`;
  await pool.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(pool.options.connectionString ?? '');
  url.pathname = `/${name}`;
  const shadow = new pg.Pool({ connectionString: url.href, max: 1, idleTimeoutMillis: 0 });
  const adapter = await connectTo(shadow);
  adapter.dispose = async () => {
    await shadow.end();
    await pool.query(`DROP DATABASE ${name}`);
  };
  return adapter;
}

/** The engine makes words of its own of some codes, without the server's message: so the code goes into the message. */
function describe(error: pg.DatabaseError, script: string): DriverAdapterError['cause'] {
  const line = error.position ? `, line ${script.slice(0, Number(error.position)).split('\n').length}` : '';
  return {
    kind: 'postgres',
    code: 'XX000',
    severity: error.severity ?? 'ERROR',
    message: `${error.message} (${error.code}${line})`,
    detail: error.detail,
    column: error.column,
    hint: error.hint,
  };
}
