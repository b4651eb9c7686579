/**
 * `{{name}}` and `{{a.b}}` in a prompt or its guidance stand for the run's input: text as it is, other values as JSON.
 *
 * `{{input}}` is the whole input and `{{input.a}}` the same as `{{a}}`, unless the input has an entry of its own called
 * `input`. A number is an index into a list (`{{items.0.title}}`). Anything else between braces is left as it stands.
 */

const name = String.raw`[\p{L}_][\p{L}\p{N}_-]*`;
const pattern = new RegExp(String.raw`\{\{\s*(${name}(?:\.[\p{L}\p{N}_-]+)*)\s*\}\}`, 'gu');

/** The placeholders of `text`, each once, in the order in which they appear, as written between the braces. */
export const findPlaceholders = (text: string): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? '')),
];

/** The parts of a placeholder from the input's top; a leading `input` falls away unless the input has such an entry. */
export function placeholderPath(placeholder: string, hasOwnInput: boolean): string[] {
  const parts = placeholder.split('.');
  return parts[0] === 'input' && !hasOwnInput ? parts.slice(1) : parts;
}

export type Rendered = {
  text: string;
  /** Placeholders that the input has no value for, each once; they stay in `text` as they were written. */
  missing: string[];
};

/** Puts `input` in place of the placeholders of `text`. What is put in is not looked at again. */
export function renderPlaceholders(text: string, input: Readonly<Record<string, unknown>>): Rendered {
  const missing = new Set<string>();
  const rendered = text.replace(pattern, (whole, placeholder: string) => {
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
