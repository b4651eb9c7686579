/** What stands where in an OpenAPI document, by the names around it. */

/** The key of a value, and the key that it stands under; of an item of a list, the list's. */
export type Place = {
  key: string;
  parent: string;
  /** Within an answer: what is missing there, no request misses. */
  isOfAnswer?: boolean;
};

const words = (text: string) => new Set(text.split(' '));

const schemaKeys = words(
  'schema itemSchema contentSchema items additionalItems additionalProperties not contains propertyNames if then else unevaluatedItems unevaluatedProperties',
);
const schemaLists = words(
  'properties patternProperties dependentSchemas $defs definitions schemas allOf anyOf oneOf prefixItems',
);

export const isSchemaPlace = ({ key, parent }: Place): boolean =>
  schemaLists.has(parent) || schemaKeys.has(key);

const dataKeys = words('example examples default enum const callbacks links webhooks');
/** Maps whose keys are names that the document chose: one of them may be `example`. */
const nameMaps = words(
  'properties patternProperties dependentSchemas $defs definitions schemas parameters responses requestBodies headers pathItems securitySchemes callbacks links mediaTypes content encoding variables paths',
);

/** True for values that say nothing of what can be called: a `$ref` in them is only text. */
export const isData = (key: string, parent: string): boolean =>
  !nameMaps.has(parent) && (dataKeys.has(key) || key.startsWith('x-'));
