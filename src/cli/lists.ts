/** Lists of the API, page by page. */

const pageSize = 100;

type Page<Item> = { items: Item[]; nextCursor: string | null };
/**
 * Up to `max` items of a keyset-paged list, newest page first as the server gives them.
 *
 * @param list the operation that gives a page: `api.listSkills`
 */
export async function listItems<Item, Query extends object>(
  list: (sent: { query: Query }) => Promise<Page<Item>>,
  { query, max = Number.POSITIVE_INFINITY }: { query?: Omit<Query, 'limit' | 'cursor'>; max?: number } = {},
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(pageSize, max - items.length);
    // Every list takes these two beside what it filters by.
    const answer = await list({ query: { ...query, limit, cursor } as unknown as Query });
    items.push(...answer.items);
    cursor = answer.nextCursor ?? undefined;
  } while (cursor !== undefined && items.length < max);
  return items;
}
