/** Puts a run's input in place of the placeholders: text as it is, other values as JSON. */
import { bracesPattern, placeholderPath, placeholderPattern } from '../contract/placeholders.ts';

export type Rendered = {
  text: string;
  /** Placeholders that the input has no value for, each once; they stay in `text` as they were written. */
  missing: string[];
};

/** Puts `input` in place of the placeholders of `text`, and what is meant as text as that. What is put in is not looked at again. */
export function renderPlaceholders(text: string, input: Readonly<Record<string, unknown>>): Rendered {
  const valueFor = valuesFrom(input);
  const missing = new Set<string>();
  const rendered = text.replace(bracesPattern, (whole, marks: string, inner: string) => {
    if (marks !== '') return `{{${marks.slice(1)}${inner}}}`;
    const placeholder = inner.trim();
    const value = valueFor(placeholder);
    if (value === undefined) missing.add(placeholder);
    return value ?? whole;
  });
  return { text: rendered, missing: [...missing] };
}

/** More than any model reads, and less than what a text of many placeholders can come to; in characters. */
export const longestRendered = 8 * 1024 * 1024;

export type Measured = Pick<Rendered, 'missing'> & {
  /** The placeholder that adds most, where the text comes to more than `longestRendered`. */
  tooLong: string | undefined;
};

/** What `renderPlaceholders` would come to, without making it. */
export function measurePlaceholders(text: string, input: Readonly<Record<string, unknown>>): Measured {
  const valueFor = valuesFrom(input);
  const missing = new Set<string>();
  const added = new Map<string, number>();
  let length = text.length;
  for (const [whole, placeholder = ''] of text.matchAll(placeholderPattern)) {
    const value = valueFor(placeholder);
    if (value === undefined) {
      missing.add(placeholder);
      continue;
    }
    length += value.length - whole.length;
    added.set(placeholder, (added.get(placeholder) ?? 0) + value.length);
  }
  const [most] = [...added].toSorted(([, one], [, other]) => other - one);
  return { missing: [...missing], tooLong: length > longestRendered ? most?.[0] : undefined };
}

/** The text of each placeholder, made once: a text may ask for the same one thousands of times. */
function valuesFrom(input: Readonly<Record<string, unknown>>): (placeholder: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  const hasOwnInput = Object.hasOwn(input, 'input');
  return (placeholder) => {
    if (!known.has(placeholder))
      known.set(placeholder, textOf(valueAt(input, placeholderPath(placeholder, hasOwnInput))));
    return known.get(placeholder);
  };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : JSON.stringify(value);

function valueAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    input,
  );
}
