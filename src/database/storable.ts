/**
 * Text and JSON that PostgreSQL can hold: it takes no NUL, and jsonb takes no lone surrogate and no bottomless nesting.
 * Whatever a tool or a model sends passes here, so that it can never make a write fail.
 */

/** Stands for what cannot be stored: U+FFFD, the replacement character. */
const replacement = '\uFFFD';

/** Deeper values are replaced: PostgreSQL's parser recurses, and ours would. */
const deepest = 400;

/** `text` with NUL and lone surrogates replaced. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', replacement);

/**
 * `value` as JSON.stringify would have it (`toJSON` called, undefined and functions left out), every string and key
 * storable. BigInts become decimal text.
 */
export function storableJson<T>(value: T): T {
  // What has no JSON form (undefined, a function) is stored as null.
  return (convert(value, 0) ?? null) as T;
}

function convert(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') return undefined;
  if (depth === deepest) return `[nested more than ${deepest} levels deep]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return convert(value.toJSON(), depth + 1);
  if (Array.isArray(value)) return value.map((item) => convert(item, depth + 1) ?? null);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const converted = convert(item, depth + 1);
      return converted === undefined ? [] : [[storableText(key), converted]];
    }),
  );
}
