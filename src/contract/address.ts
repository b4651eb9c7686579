/** The address of one call of an operation. */
import type { Place } from './operation.ts';

/** Query parameters that are undefined or empty are left out. */
export type Query = Record<string, unknown>;

/** `/api/v1/skills/week?limit=5`: the route's path with what it names filled in. */
export function addressOf(
  { path }: Pick<Place, 'path'>,
  { params = {}, query = {} }: { params?: Record<string, unknown>; query?: Query } = {},
): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? filled : `${filled}?${text}`;
}
