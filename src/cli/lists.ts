/** Lists of the API, page by page. */
import type { z } from 'zod';
import { pageOf } from '../contract/common.ts';
import type { Api, RequestOptions } from './api.ts';

const pageSize = 100;

/** Up to `max` items of a keyset-paged list, newest page first as the server gives them. */
export async function listItems<Item extends z.ZodType>(
  api: Api,
  item: Item,
  route: string,
  options: { query?: RequestOptions['query']; max?: number } = {},
): Promise<z.output<Item>[]> {
  const max = options.max ?? Number.POSITIVE_INFINITY;
  const page = pageOf(item);
  const items: z.output<Item>[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...options.query, limit: Math.min(pageSize, max - items.length), cursor };
    const answer = await api.get(page, route, { query });
    items.push(...answer.items);
    cursor = answer.nextCursor ?? undefined;
  } while (cursor !== undefined && items.length < max);
  return items;
}
