/** Request bodies (OpenAPI 3.1 "Request Body Object" and "Encoding Object"). */
import { isRecord } from '../../contract/is-record.ts';
import { entriesOf, type JsonObject, own, textOf } from './json.ts';
import type { BodyPlan, FieldPlan, ParameterStyle } from './operation.ts';
import { dereference } from './references.ts';
import type { SchemaCopier } from './schema-copier.ts';

const essence = (contentType: string): string => contentType.split(';')[0]?.trim().toLowerCase() ?? '';

function kindOf(contentType: string): BodyPlan['kind'] {
  const type = essence(contentType);
  if (/^application\/(.+\+)?json$/.test(type)) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type === 'multipart/form-data') return 'multipart';
  if (
    type.startsWith('text/') ||
    /^application\/((.+\+)?xml|.*(yaml|javascript|graphql|x-ndjson))$/.test(type)
  )
    return 'text';
  return 'binary';
}

const preference: BodyPlan['kind'][] = ['json', 'form', 'multipart', 'text', 'binary'];

/** A media type that can be sent: a wildcard such as `*` + `/*` becomes JSON. */
const sendable = (contentType: string): string =>
  contentType.includes('*') ? 'application/json' : contentType;

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

/** True for a schema of raw bytes, in the words of 3.0 (`format: binary`) and of 3.1. */
function isFile(schema: unknown): boolean {
  if (own(schema, 'format') === 'binary') return true;
  const media = textOf(own(schema, 'contentMediaType'));
  return media !== undefined && kindOf(media) === 'binary' && own(schema, 'contentEncoding') === undefined;
}

const formStyles: readonly string[] = [
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
] satisfies ParameterStyle[];
const isFormStyle = (value: unknown): value is ParameterStyle =>
  typeof value === 'string' && formStyles.includes(value);

function readFields(document: unknown, media: unknown, schema: unknown): Record<string, FieldPlan> {
  const fields: Record<string, FieldPlan> = {};
  for (const [name, property] of entriesOf(own(schema, 'properties'))) {
    const target = dereference(document, property);
    const items = dereference(document, own(target, 'items'));
    const encoding = own(own(media, 'encoding'), name);
    const style = own(encoding, 'style');
    const explode = own(encoding, 'explode');
    const contentType = textOf(own(encoding, 'contentType'))?.split(',')[0]?.trim();
    fields[name] = {
      style: isFormStyle(style) ? style : 'form',
      explode: typeof explode === 'boolean' ? explode : true,
      // Without a style, OpenAPI sends objects as JSON.
      contentType: contentType ?? (isFormStyle(style) ? undefined : 'application/json'),
      isFile: isFile(target) || isFile(items),
    };
  }
  return fields;
}

export type ReadBody = { plan: BodyPlan; schema: JsonObject };

/**
 * The body of an operation, in the content type that suits a tool best.
 *
 * @returns undefined without a body, `'elsewhere'` when it is defined outside the document
 */
export function readBody(
  document: unknown,
  operation: unknown,
  copier: SchemaCopier,
): ReadBody | 'elsewhere' | undefined {
  const given = own(operation, 'requestBody');
  if (given === undefined) return undefined;
  const body = dereference(document, given);
  if (!isRecord(body)) return 'elsewhere';
  const offers = entriesOf(own(body, 'content')).map(([contentType, media]) => ({
    contentType: sendable(contentType),
    media,
    kind: kindOf(sendable(contentType)),
  }));
  const offer = preference
    .map((kind) => offers.find((one) => one.kind === kind))
    .find((one) => one !== undefined);
  if (offer === undefined) return undefined;
  const { media, kind } = offer;
  const schema = dereference(document, own(media, 'schema'));
  const fields = kind === 'form' || kind === 'multipart' ? readFields(document, media, schema) : {};
  const plan: BodyPlan = {
    property: 'body',
    required: own(body, 'required') === true,
    contentType: offer.contentType,
    kind,
    fields,
  };
  return {
    plan,
    schema: describe(plan, own(media, 'schema'), schema, textOf(own(body, 'description')), copier),
  };
}

function describe(
  plan: BodyPlan,
  schema: unknown,
  resolved: unknown,
  description: string | undefined,
  copier: SchemaCopier,
): JsonObject {
  if (plan.kind === 'binary') return { ...fileSchema, description: `The content (${plan.contentType})` };
  if (plan.kind === 'text') return { type: 'string', description: `The content, as ${plan.contentType}` };
  // A form's own fields are looked into, so that files among them can be described as what a tool is given.
  const copied = copier.copy(Object.values(plan.fields).some((field) => field.isFile) ? resolved : schema);
  const described: JsonObject = isRecord(copied) ? copied : {};
  const properties = own(described, 'properties');
  for (const [name, field] of Object.entries(plan.fields)) {
    if (!field.isFile || !isRecord(properties)) continue;
    properties[name] = isRecord(own(properties[name], 'items'))
      ? { type: 'array', items: fileSchema }
      : fileSchema;
  }
  if (description !== undefined && described.description === undefined)
    described.description = description.slice(0, 400);
  return described;
}
