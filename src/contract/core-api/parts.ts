/** What several operations of Core's API have in common. */
import { z } from 'zod';

export const idParams = z.object({ id: z.guid().lowercase() });
export const itemsOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) });
export const nothing = { 204: z.undefined() };
