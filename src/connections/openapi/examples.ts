/** What a document shows as a value of a parameter: a few small ones, as JSON Schema has them. */
import { entriesOf, listOf, own } from './json.ts';
import { dereference } from './references.ts';

const maxExamples = 3;
const maxSize = 300;

const isSmall = (value: unknown): boolean =>
  value !== undefined && (JSON.stringify(value) ?? '').length <= maxSize;

/** Of a schema: `examples`, or the one that OpenAPI 3.0 calls `example`. */
export const schemaExamples = (schema: unknown): unknown[] => {
  const one = own(schema, 'example');
  return [...listOf(own(schema, 'examples')), ...(one === undefined ? [] : [one])]
    .filter(isSmall)
    .slice(0, maxExamples);
};

/** Of a parameter: Example Objects by name. */
export function examplesOf(document: unknown, parameter: unknown): unknown[] {
  const one = own(parameter, 'example');
  const named = entriesOf(own(parameter, 'examples')).map(([, entry]) => {
    const example = dereference(document, entry);
    return own(example, 'dataValue') ?? own(example, 'value');
  });
  return [...(one === undefined ? [] : [one]), ...named].filter(isSmall).slice(0, maxExamples);
}
