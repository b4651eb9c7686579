/** Parameters of an operation (OpenAPI 3.1 "Parameter Object"): what the tool asks for, and how it is sent. */

import { isRecord } from '../../contract/is-record.ts';
import type { PropertyNames } from '../property-names.ts';
import { type JsonObject, own, shorten, textOf } from './json.ts';
import type { ParameterPlace, ParameterPlan, ParameterStyle } from './operation.ts';
import { dereference } from './references.ts';
import type { SchemaCopier } from './schema-copier.ts';

export type ReadParameters = {
  plans: ParameterPlan[];
  properties: JsonObject;
  required: string[];
};

const places: readonly string[] = ['path', 'query', 'header', 'cookie'] satisfies ParameterPlace[];
const isPlace = (value: unknown): value is ParameterPlace =>
  typeof value === 'string' && places.includes(value);

const stylesOf: Record<ParameterPlace, readonly ParameterStyle[]> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
};

/** Headers that OpenAPI says to ignore here, and those that are the HTTP layer's to set. */
const reservedHeaders = new Set([
  ...['accept', 'content-type', 'authorization', 'host', 'content-length', 'connection', 'transfer-encoding'],
  ...['cookie', 'proxy-authorization', 'te', 'trailer', 'upgrade', 'expect', 'keep-alive', 'user-agent'],
]);

const isHeaderName = (name: string): boolean => /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name);

function styleOf(parameter: JsonObject, place: ParameterPlace): ParameterStyle {
  if (isRecord(own(parameter, 'content'))) return 'json';
  const styles = stylesOf[place];
  return styles.find((style) => style === own(parameter, 'style')) ?? styles[0] ?? 'form';
}

/** The `{names}` in a path, in order. */
const pathNames = (path: string): string[] =>
  [...path.matchAll(/\{([^{}/]+)\}/g)].map((match) => match[1] ?? '');

/**
 * The parameters of an operation with those of its path; later ones stand for earlier ones of the same name and place.
 *
 * @param isCovered true for parameters that the connection itself sets (its auth, its headers)
 * @returns undefined when a parameter is defined outside the document
 */
export function readParameters(
  sources: { document: unknown; path: string; lists: unknown[] },
  isCovered: (place: ParameterPlace, name: string) => boolean,
  build: { copier: SchemaCopier; names: PropertyNames },
): ReadParameters | undefined {
  const found = new Map<string, { name: string; place: ParameterPlace; parameter: JsonObject }>();
  const inPath = pathNames(sources.path);
  for (const entry of sources.lists) {
    const parameter = dereference(sources.document, entry);
    if (!isRecord(parameter)) return undefined;
    const name = textOf(own(parameter, 'name'));
    const place = own(parameter, 'in');
    if (name === undefined || !isPlace(place)) continue;
    if (place === 'header' && (!isHeaderName(name) || reservedHeaders.has(name.toLowerCase()))) continue;
    if (place === 'path' && !inPath.includes(name)) continue;
    found.set(`${place} ${name}`, { name, place, parameter });
  }
  // Some documents forget to declare what stands in the path.
  for (const name of inPath) {
    if (!found.has(`path ${name}`))
      found.set(`path ${name}`, { name, place: 'path', parameter: { schema: { type: 'string' } } });
  }

  const result: ReadParameters = { plans: [], properties: {}, required: [] };
  for (const { name, place, parameter } of found.values()) {
    if (isCovered(place, name)) continue;
    const property = build.names.take(name, place);
    const style = styleOf(parameter, place);
    const explode = own(parameter, 'explode');
    const required = place === 'path' || own(parameter, 'required') === true;
    result.plans.push({
      property,
      name,
      in: place,
      style,
      explode: typeof explode === 'boolean' ? explode : style === 'form' || style === 'deepObject',
      allowReserved: own(parameter, 'allowReserved') === true,
      required,
    });
    result.properties[property] = describe(parameter, name, property, build.copier);
    if (required) result.required.push(property);
  }
  return result;
}

function describe(parameter: JsonObject, name: string, property: string, copier: SchemaCopier): JsonObject {
  const content = own(parameter, 'content');
  const media = isRecord(content) ? Object.values(content)[0] : undefined;
  const copied = copier.copy(own(media ?? parameter, 'schema'));
  const schema: JsonObject = isRecord(copied) ? copied : {};
  const description = textOf(own(parameter, 'description')) ?? textOf(own(schema, 'description'));
  const called = property === name ? '' : `(${shorten(name, 100)}) `;
  if (description !== undefined || called !== '')
    schema.description = shorten(called + (description ?? ''), 600).trim();
  return schema;
}
