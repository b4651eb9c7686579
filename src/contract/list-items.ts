/** Lists of the API, page by page. */
import type { CallOptions } from './client.ts';

/** The longest page that the server gives. */
const pageSize = 200;

export type Page<Item> = { items: Item[]; nextCursor: string | null };

/** What a list is asked for: its parameters and its filters, without what goes through its pages. */
type Asked<Sent> =
  NonNullable<Sent> extends { query?: infer Query }
    ? Omit<NonNullable<Sent>, 'query'> & { query?: Omit<NonNullable<Query>, 'limit' | 'cursor'> }
    : never;

/**
 * The items of a keyset-paged list, in the server's order: all of them, or the first `max`.
 *
 * @param list the operation that gives a page: `api.listSkills`
 */
export async function listItems<Item, Sent>(
  list: (sent: Sent, options: CallOptions) => Promise<Page<Item>>,
  asked: Asked<Sent>,
  { max = Number.POSITIVE_INFINITY, signal }: { max?: number; signal?: AbortSignal } = {},
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(pageSize, max - items.length);
    // Every list takes these two beside what it filters by.
    const sent = { ...asked, query: { ...asked.query, limit, cursor } } as unknown as Sent;
    const page = await list(sent, { signal });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && items.length < max);
  return items;
}
