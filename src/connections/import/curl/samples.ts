/** What an example's values say of what an API takes: schemas, with the values as examples unless they may be somebody's secret. */
import { isRecord } from '../../../contract/is-record.ts';
import { keysIn, looksLikeKey, looksRandom, speaksOfSecret } from '../../open-secrets/looks-secret.ts';
import { isPlaceholder } from '../../open-secrets/placeholders.ts';

export type Schema = Record<string, unknown>;

/** Deeper or longer than this, an example says no more. */
const bounds = { depth: 8, fields: 200, text: 300 };

/** Whether an example may be stored in the open, where a model reads it. */
const isShown = (name: string, value: string): boolean =>
  value.length <= bounds.text &&
  !speaksOfSecret(name) &&
  !looksLikeKey(value) &&
  keysIn(value).length === 0 &&
  !isPlaceholder(value) &&
  !value.split(/[\s,;:/?&=]+/).some((word) => looksRandom(word));

/** Whether it is somebody's secret rather than a word that stands for one. */
export const isSecretSample = (name: string, value: string): boolean =>
  value !== '' &&
  !isPlaceholder(value) &&
  (speaksOfSecret(name) || keysIn(value).length > 0 || looksLikeKey(value));

/** A text, which an address or a form has for whatever it is. */
export const textSchema = (name: string, value: string): Schema => ({
  type: 'string',
  ...(value !== '' && isShown(name, value) ? { examples: [value] } : {}),
});

/** @param secrets gets the names of fields that hold a secret */
export function schemaOf(name: string, value: unknown, secrets: Set<string>, depth = 0): Schema {
  if (depth > bounds.depth) return {};
  if (typeof value === 'string') {
    if (isSecretSample(name, value)) secrets.add(name);
    return textSchema(name, value);
  }
  if (typeof value === 'number')
    return { type: Number.isInteger(value) ? 'integer' : 'number', ...example(name, value) };
  if (typeof value === 'boolean') return { type: 'boolean', examples: [value] };
  if (Array.isArray(value)) {
    const items = value.slice(0, 20).map((one) => schemaOf(name, one, secrets, depth + 1));
    const kinds = new Set(items.map(({ type }) => type));
    const [first = {}] = items;
    return { type: 'array', items: kinds.size > 1 ? {} : first };
  }
  if (!isRecord(value)) return {};
  const fields = Object.entries(value).slice(0, bounds.fields);
  const properties: Schema = {};
  // As its own property whatever its name is.
  for (const [field, one] of fields)
    Object.defineProperty(properties, field, {
      value: schemaOf(field, one, secrets, depth + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return { type: 'object', properties };
}

const example = (name: string, value: number): Schema => (speaksOfSecret(name) ? {} : { examples: [value] });
