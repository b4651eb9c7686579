/** Puts a run's input in place of the placeholders: text as it is, other values as JSON. */
import { placeholderPath, placeholderPattern } from '../contract/placeholders.ts';

export type Rendered = {
  text: string;
  /** Placeholders that the input has no value for, each once; they stay in `text` as they were written. */
  missing: string[];
};

/** Puts `input` in place of the placeholders of `text`. What is put in is not looked at again. */
export function renderPlaceholders(text: string, input: Readonly<Record<string, unknown>>): Rendered {
  const missing = new Set<string>();
  const rendered = text.replace(placeholderPattern, (whole, placeholder: string) => {
    const value = valueAt(input, placeholderPath(placeholder, Object.hasOwn(input, 'input')));
    if (value === undefined) {
      missing.add(placeholder);
      return whole;
    }
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
  return { text: rendered, missing: [...missing] };
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    input,
  );
}
