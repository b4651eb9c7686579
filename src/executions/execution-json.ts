import { Readable } from 'node:stream';
import pg from 'pg';
import type { Execution } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { getExecution } from './get-execution.ts';

/** From here on a trace is passed on while the rest of it is still read. */
const pieceBytes = 256 * 1024;

/**
 * An execution, whole, as JSON: all at once, or as a stream where its trace is long. Its messages are passed on as the text that
 * PostgreSQL writes, as they come: reading many megabytes and writing them again would take longer than fetching them.
 *
 * @throws AlfredError E_NOT_FOUND
 */
export async function executionJson({ db }: { db: Database }, id: string): Promise<Buffer | Readable> {
  const { trace: _apart, ...shown } = await getExecution({ db }, id, { trace: 'none' });
  const pieces = tracePieces(db, shown, `${JSON.stringify(shown).slice(0, -1)},"trace":[`);
  const first = await pieces.next();
  if (first.done === true) return first.value;
  return Readable.from(whole(first.value, pieces), { objectMode: false });
}

async function* whole(first: Buffer, pieces: AsyncGenerator<Buffer, Buffer, undefined>) {
  yield first;
  for (;;) {
    const next = await pieces.next();
    yield next.value;
    if (next.done === true) return;
  }
}

/** Gives what there is in pieces of some size, and returns the last one. */
async function* tracePieces(
  db: Pick<Database, 'pool'>,
  execution: Pick<Execution, 'id' | 'completedAt' | 'purgedAt'>,
  before: string,
): AsyncGenerator<Buffer, Buffer, undefined> {
  let parts = [before];
  let size = 0;
  let isFirst = true;
  for await (const messages of messagesOf(db, execution)) {
    for (const message of messages) {
      if (!isFirst) parts.push(',');
      isFirst = false;
      parts.push(message);
      size += message.length;
    }
    if (size < pieceBytes) continue;
    yield Buffer.from(parts.join(''));
    parts = [];
    size = 0;
  }
  return Buffer.from([...parts, ']}'].join(''));
}

/** The messages in order, as many at a time as have come. */
async function* messagesOf(
  db: Pick<Database, 'pool'>,
  { id, completedAt, purgedAt }: Pick<Execution, 'id' | 'completedAt' | 'purgedAt'>,
): AsyncGenerator<string[], void, undefined> {
  if (purgedAt !== null) return;
  const client = await db.pool.connect();
  let came: string[] = [];
  let isDone = false;
  let hasLeft = false;
  let trouble: Error | undefined;
  let wake = () => {};
  const config: pg.QueryArrayConfig = {
    text:
      completedAt === null
        ? `SELECT data::text FROM all_events WHERE execution_id = $1 AND kind = 'message' ORDER BY seq`
        : 'SELECT jsonb_array_elements(trace)::text FROM executions WHERE id = $1',
    values: [id],
    rowMode: 'array',
  };
  const query = new pg.Query<[string]>(config);
  query.on('row', (row) => {
    if (!hasLeft) came.push(row[0]);
    wake();
  });
  // The connection goes back as soon as PostgreSQL is done: whoever reads slowly keeps none.
  const end = (error?: Error) => {
    isDone = true;
    trouble = error;
    client.release(error);
    wake();
  };
  query.on('error', end);
  query.on('end', () => end());
  client.query(query);
  try {
    while (came.length > 0 || !isDone) {
      const messages = came;
      came = [];
      yield messages;
      if (came.length === 0 && !isDone) await new Promise<void>((resolve) => (wake = resolve));
    }
    if (trouble !== undefined) throw trouble;
  } finally {
    hasLeft = true;
  }
}
