/**
 * Parts of definitions that many tools have in common: one value, whose size is worked out once and whose canonical JSON is written once
 * (definition-writer.ts). A part is shared by whoever made it, and nobody changes it after that.
 */
import { sizeOf } from './size-of.ts';

const sizes = new WeakMap<object, number>();

/** Says of a value that it stands in many others, as it is. */
export function share<Value extends object>(value: Value): Value {
  if (!sizes.has(value)) sizes.set(value, sizeWithShared(value));
  return value;
}

export const isShared = (value: object): boolean => sizes.has(value);

/** What `sizeOf` says of it. */
export const sizeWithShared = (value: unknown): number => sizeOf(value, (part) => sizes.get(part));
