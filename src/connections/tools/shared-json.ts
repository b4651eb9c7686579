/**
 * Parts of definitions that many tools have in common: one value, whose size and canonical JSON are worked out once. A part is
 * shared by whoever made it, and nobody changes it after that.
 */
import { canonicalJson } from '../../kernel/hash.ts';
import { sizeOf } from './size-of.ts';

type Known = { size: number; text: string | undefined };

const parts = new WeakMap<object, Known>();

/** Says of a value that it stands in many others, as it is. */
export function share<Value extends object>(value: Value): Value {
  if (!parts.has(value)) parts.set(value, { size: sizeWithShared(value), text: undefined });
  return value;
}

/** What `sizeOf` says of it. */
export const sizeWithShared = (value: unknown): number => sizeOf(value, (part) => parts.get(part)?.size);

/** What `canonicalJson` says of it. */
export function canonicalWithShared(value: unknown): string {
  if (typeof value !== 'object' || value === null) return canonicalJson(value);
  const known = parts.get(value);
  if (known?.text !== undefined) return known.text;
  const text = Array.isArray(value)
    ? `[${value.map(canonicalWithShared).join(',')}]`
    : objectText(new Map(Object.entries(value)));
  if (known !== undefined) known.text = text;
  return text;
}

function objectText(fields: ReadonlyMap<string, unknown>): string {
  const names = [...fields.keys()].filter((name) => fields.get(name) !== undefined).sort();
  return `{${names.map((name) => `${canonicalJson(name)}:${canonicalWithShared(fields.get(name))}`).join(',')}}`;
}
