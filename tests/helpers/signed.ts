/** Rows that a test wrote past the program, signed as the program would have. */
import type { Database } from '../../src/database/client.ts';
import { signRows } from '../../src/vault/sign-rows.ts';

/** Signs every row that is there. */
export const signAll = (db: Database): Promise<unknown> => db.transaction((tx) => signRows(tx));
