/** Parameters of an operation (OpenAPI 3.1 "Parameter Object"): what the tool asks for, and how it is sent. */

import { isRecord } from '../../contract/is-record.ts';
import type { PropertyNames } from '../property-names.ts';
import { examplesOf } from './examples.ts';
import { entriesOf, type JsonObject, own, shorten, textOf } from './json.ts';
import type { ParameterPlace, ParameterPlan, ParameterStyle } from './operation.ts';
import { dereference, whyMissing } from './references.ts';
import { namesIn, pathNameOf } from './request-path.ts';
import type { SchemaCopier } from './schema-copier.ts';
import { oldFormatKey } from './swagger.ts';

export type ReadParameters = {
  plans: ParameterPlan[];
  properties: JsonObject;
  required: string[];
};

const places: readonly string[] = [
  'path',
  'query',
  'header',
  'cookie',
  'querystring',
] satisfies ParameterPlace[];
const isPlace = (value: unknown): value is ParameterPlace =>
  typeof value === 'string' && places.includes(value);

const stylesOf: Record<ParameterPlace, readonly ParameterStyle[]> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form', 'cookie'],
  querystring: ['form'],
};

/** What Swagger 2.0 can say and later versions cannot (swagger.ts). */
const oldFormats: Record<string, ParameterStyle> = {
  ssv: 'spaceDelimited',
  pipes: 'pipeDelimited',
  tsv: 'tabDelimited',
};

/** Headers that OpenAPI says to ignore here, and those that are the HTTP layer's to set. */
const reservedHeaders = new Set([
  ...['accept', 'content-type', 'authorization', 'host', 'content-length', 'connection', 'transfer-encoding'],
  ...['cookie', 'proxy-authorization', 'te', 'trailer', 'upgrade', 'expect', 'keep-alive', 'user-agent'],
]);

const isHeaderName = (name: string): boolean => /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name);

function styleOf(document: unknown, parameter: JsonObject, place: ParameterPlace): ParameterStyle {
  const [content] = contentOf(document, parameter);
  if (content !== undefined) {
    const type = content.contentType.split(';')[0]?.trim().toLowerCase() ?? '';
    if (place === 'querystring' && type === 'application/x-www-form-urlencoded') return 'form';
    return /^text\/(?!json)/.test(type) ? 'text' : 'json';
  }
  const old = own(parameter, oldFormatKey);
  if (typeof old === 'string' && Object.hasOwn(oldFormats, old)) return oldFormats[old] ?? 'form';
  const styles = stylesOf[place];
  return styles.find((style) => style === own(parameter, 'style')) ?? styles[0] ?? 'form';
}

const contentOf = (document: unknown, parameter: JsonObject): { contentType: string; media: unknown }[] =>
  entriesOf(own(parameter, 'content')).map(([contentType, media]) => ({
    contentType,
    media: dereference(document, media),
  }));

/**
 * The parameters of an operation with those of its path; later ones stand for earlier ones of the same name and place.
 *
 * @param isCovered true for parameters that the connection itself sets (its auth, its headers)
 * @returns why one of them cannot be known, as the end of a sentence, where that is so
 */
export function readParameters(
  sources: { document: unknown; path: string; lists: unknown[] },
  isCovered: (place: ParameterPlace, name: string) => boolean,
  build: { copier: SchemaCopier; names: PropertyNames },
): ReadParameters | string {
  const found = new Map<string, { name: string; place: ParameterPlace; parameter: JsonObject }>();
  const inPath = namesIn(sources.path).map(({ name }) => name);
  for (const entry of sources.lists) {
    const parameter = dereference(sources.document, entry);
    if (!isRecord(parameter)) return whyMissing(sources.document, entry);
    const place = own(parameter, 'in');
    const written = textOf(own(parameter, 'name'));
    if (written === undefined || !isPlace(place)) continue;
    const name = place === 'path' ? pathNameOf(written).name : written;
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
    const style = styleOf(sources.document, parameter, place);
    const explode = own(parameter, 'explode');
    const required = place === 'path' || own(parameter, 'required') === true;
    result.plans.push({
      property,
      name,
      in: place,
      style,
      explode: typeof explode === 'boolean' ? explode : explodes.has(style),
      allowReserved: own(parameter, 'allowReserved') === true,
      required,
    });
    result.properties[property] = build.copier.once(parameter, `parameter ${property}`, 0, () =>
      describe(sources.document, parameter, { name, property }, build.copier),
    );
    if (required) result.required.push(property);
  }
  return result;
}

const explodes = new Set<ParameterStyle>(['form', 'cookie', 'deepObject']);

function describe(
  document: unknown,
  parameter: JsonObject,
  { name, property }: { name: string; property: string },
  copier: SchemaCopier,
): JsonObject {
  const [content] = contentOf(document, parameter);
  const copied = copier.copy(own(content === undefined ? parameter : content.media, 'schema'));
  const schema: JsonObject = isRecord(copied) ? copied : {};
  const description = textOf(own(parameter, 'description')) ?? textOf(own(schema, 'description'));
  const called = property === name ? '' : `(${shorten(name, 100)}) `;
  if (description !== undefined || called !== '')
    schema.description = shorten(called + (description ?? ''), 600).trim();
  if (own(parameter, 'deprecated') === true) schema.deprecated = true;
  const examples = examplesOf(document, parameter);
  if (examples.length > 0 && schema.examples === undefined) schema.examples = examples;
  return schema;
}
