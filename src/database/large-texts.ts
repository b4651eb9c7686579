/**
 * Texts of megabytes in a statement. The client writes all parameters into one JSON text and reads them out of it again, as UTF-16;
 * one of these goes past it to PostgreSQL, as the bytes that it is. A name stands in its place until then.
 */
import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
type Transaction = Awaited<ReturnType<Adapter['startTransaction']>>;
type Query = Parameters<Transaction['queryRaw']>[0];

/** By their names, of the statements under way. */
const texts = new Map<string, Uint8Array>();

/**
 * @param utf8 what the text is
 * @param work runs one statement of a transaction, in which the parameter that it is given stands as `::text`
 */
export async function withLargeText<T>(
  utf8: Uint8Array,
  work: (parameter: string) => Promise<T>,
): Promise<T> {
  // One that nobody can guess: no value of another statement is taken for it.
  const name = randomUUID();
  texts.set(name, utf8);
  try {
    return await work(name);
  } finally {
    texts.delete(name);
  }
}

export class LargeTextAdapter extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (isolationLevel) => withTextsInPlace(await start(isolationLevel));
    return adapter;
  }
}

function withTextsInPlace(transaction: Transaction): Transaction {
  const query = transaction.queryRaw.bind(transaction);
  transaction.queryRaw = (given) => query(inPlace(given));
  return transaction;
}

function inPlace(query: Query): Query {
  if (texts.size === 0) return query;
  const args = query.args.map((arg) => (typeof arg === 'string' ? (texts.get(arg) ?? arg) : arg));
  return { ...query, args };
}
