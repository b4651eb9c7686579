/** Which operations of a large document become tools. */
import { type JsonObject, listOf, own, textOf } from './json.ts';

/** True when `text` fits a pattern in which `*` stands for anything. Linear: no regular expression made of input. */
function fits(text: string, pattern: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return text === pattern;
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const next = text.indexOf(part, at);
    if (next === -1) return false;
    at = next + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** @param include operationIds, tags, or `GET /path`; empty: everything */
export function selects(
  include: string[],
  { method, path, operation }: { method: string; path: string; operation: JsonObject },
): boolean {
  if (include.length === 0) return true;
  const tags = listOf(own(operation, 'tags')).filter((tag) => typeof tag === 'string');
  const names = [textOf(own(operation, 'operationId')) ?? '', `${method} ${path}`, path, ...tags];
  return include.some((pattern) => names.some((name) => fits(name, pattern)));
}
