/** Request bodies (OpenAPI 3.2 "Request Body Object" and "Encoding Object"). */
import { isRecord } from '../../contract/is-record.ts';
import { entriesOf, type JsonObject, listOf, own, textOf } from './json.ts';
import { essence, kindOf } from './media-types.ts';
import type { BodyPlan, FieldPlan, ParameterStyle } from './operation.ts';
import { dereference } from './references.ts';
import type { SchemaCopier } from './schema-copier.ts';
import { accepts, isBare, isFile } from './schema-kinds.ts';
import { oldFormatKey } from './swagger.ts';

const preference: BodyPlan['kind'][] = ['json', 'form', 'multipart', 'text', 'binary'];

/**
 * What is sent for a type that a document names. A range such as `*` + `/*` is JSON where its schema is of data, text where
 * it is of a text, and else bytes, whose type the caller says (`image/*` stays as it is for that).
 */
function sendable(document: unknown, given: string, schema: unknown): string {
  const type = essence(given);
  if (!type.includes('*')) return given;
  if (/^application\/\*\+json$/.test(type)) return 'application/json';
  if (type === 'text/*') return 'text/plain';
  if (type !== '*/*' && type !== 'application/*' && type !== '*') return type;
  if (isFile(document, schema) || isBare(document, schema)) return '*/*';
  return accepts(document, schema, 'string') && !accepts(document, schema, 'object')
    ? 'text/plain'
    : 'application/json';
}

/** What a tool is given for a file. */
const fileSchema: JsonObject = {
  type: 'object',
  description: 'A file: its content as text, or its bytes in base64',
  properties: {
    text: { type: 'string' },
    base64: { type: 'string', contentEncoding: 'base64' },
    filename: { type: 'string' },
    contentType: { type: 'string' },
  },
  additionalProperties: false,
};

const formStyles: readonly string[] = [
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
] satisfies ParameterStyle[];
const isFormStyle = (value: unknown): value is ParameterStyle =>
  typeof value === 'string' && formStyles.includes(value);

/** A form's schema as one object: what `allOf` puts together, in its order. */
function wholeForm(document: unknown, given: unknown, depth = 0): JsonObject {
  const schema = dereference(document, given);
  if (!isRecord(schema) || depth > 8) return {};
  const { allOf, ...rest } = schema;
  const parts = [...listOf(allOf).map((part) => wholeForm(document, part, depth + 1)), rest];
  const properties = Object.assign(
    {},
    ...parts.map((part) => (isRecord(part.properties) ? part.properties : {})),
  );
  const required = [...new Set(parts.flatMap((part) => listOf(part.required)))];
  return {
    ...Object.assign({}, ...parts),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
  };
}

function readFields(document: unknown, media: unknown, form: JsonObject): Record<string, FieldPlan> {
  const fields: Record<string, FieldPlan> = {};
  for (const [name, property] of entriesOf(form.properties)) {
    const target = dereference(document, property);
    const items = dereference(document, own(target, 'items'));
    const encoding = own(own(media, 'encoding'), name);
    const style = own(target, oldFormatKey) === 'tsv' ? 'tabDelimited' : own(encoding, 'style');
    const explode = own(encoding, 'explode');
    const contentType = textOf(own(encoding, 'contentType'))?.split(',')[0]?.trim();
    const holdsBytes =
      contentType !== undefined &&
      kindOf(contentType) === 'binary' &&
      (isBare(document, target) || isBare(document, items ?? { type: 'object' }));
    fields[name] = {
      style: style === 'tabDelimited' || isFormStyle(style) ? style : undefined,
      explode: typeof explode === 'boolean' ? explode : style !== 'tabDelimited',
      contentType,
      isFile: holdsBytes || isFile(document, target) || isFile(document, items),
      isText: accepts(document, target, 'string'),
    };
  }
  return fields;
}

export type ReadBody = { plan: BodyPlan; schema: JsonObject };

/** The body of an operation, in the content type that suits a tool best; undefined without one. */
export function readBody(document: unknown, operation: unknown, copier: SchemaCopier): ReadBody | undefined {
  const body = dereference(document, own(operation, 'requestBody'));
  const offers = entriesOf(own(body, 'content')).map(([given, entry]) => {
    const media = dereference(document, entry);
    const contentType = sendable(document, given, own(media, 'schema'));
    return { contentType, media, kind: kindOf(contentType) };
  });
  const offer = preference
    .map((kind) => offers.find((one) => one.kind === kind))
    .find((one) => one !== undefined);
  if (offer === undefined) return undefined;
  const { media, kind } = offer;
  const schema = own(media, 'schema');
  const form = kind === 'form' || kind === 'multipart' ? wholeForm(document, schema) : {};
  const required = own(body, 'required') === true;
  const plan: BodyPlan = {
    property: 'body',
    required,
    contentType: offer.contentType,
    kind,
    fields: readFields(document, media, form),
    takes: {
      // Where anything goes and something must be sent, null is something.
      null: accepts(document, schema, 'null') || (required && isBare(document, schema)),
      text: accepts(document, schema, 'string'),
    },
  };
  return { plan, schema: describe(plan, { schema, form }, textOf(own(body, 'description')), copier) };
}

function describe(
  plan: BodyPlan,
  { schema, form }: { schema: unknown; form: JsonObject },
  description: string | undefined,
  copier: SchemaCopier,
): JsonObject {
  if (plan.kind === 'binary')
    return { ...fileSchema, description: `The content (${essence(plan.contentType)})` };
  if (plan.kind === 'text') return { type: 'string', description: `The content, as ${plan.contentType}` };
  // A form's own fields are looked into, so that files among them can be described as what a tool is given.
  const copied = copier.copy(Object.values(plan.fields).some((field) => field.isFile) ? form : schema);
  const described: JsonObject = isRecord(copied) ? copied : {};
  const properties = own(described, 'properties');
  for (const [name, field] of Object.entries(plan.fields)) {
    if (!field.isFile || !isRecord(properties) || properties[name] === undefined) continue;
    properties[name] = isRecord(own(properties[name], 'items'))
      ? { type: 'array', items: fileSchema }
      : fileSchema;
  }
  if (description !== undefined && described.description === undefined)
    described.description = description.slice(0, 400);
  return described;
}
