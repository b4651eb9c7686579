/** A tool's `body` argument as the bytes of a request. */
import { isRecord } from '../../contract/is-record.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { own, textOf } from './json.ts';
import { kindOf } from './media-types.ts';
import { encodeMultipart, type Part } from './multipart.ts';
import type { BodyPlan, FieldPlan } from './operation.ts';
import { asText, queryPairs } from './styles.ts';

const encoder = new TextEncoder();

export type EncodedBody = { contentType: string; content: string | Uint8Array<ArrayBuffer> };

const wrong = (message: string, pointer = '/body') =>
  new AlfredError('E_VALIDATION', message, { fields: [{ field: pointer, message }] });

const defaultField: FieldPlan = {
  style: undefined,
  explode: true,
  contentType: undefined,
  isFile: false,
  isText: true,
};

type File = { bytes: Uint8Array<ArrayBuffer>; filename: string | undefined; contentType: string | undefined };

/** A file argument: `{text}` or `{base64}`, or a bare string, which is its text. */
function fileOf(value: unknown, pointer: string): File {
  if (typeof value === 'string')
    return { bytes: encoder.encode(value), filename: undefined, contentType: 'text/plain' };
  const text = own(value, 'text');
  const base64 = own(value, 'base64');
  const named = { filename: textOf(own(value, 'filename')), contentType: textOf(own(value, 'contentType')) };
  if (typeof text === 'string') return { ...named, bytes: encoder.encode(text) };
  if (typeof base64 !== 'string') throw wrong('Give a file as {"text": …} or {"base64": …}', pointer);
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  // Buffer.from skips what is no base64; the model must learn that it sent something else.
  const isWhole = Buffer.from(bytes).toString('base64').replace(/=+$/, '') === base64.replace(/\s|=+$/g, '');
  if (!isWhole) throw wrong('This is not base64', `${pointer}/base64`);
  return { ...named, bytes };
}

/** The fields that have a value, in the order of the document: some servers read a form as it comes in. */
function fieldsOf(plan: BodyPlan, value: unknown): { name: string; value: unknown; field: FieldPlan }[] {
  if (!isRecord(value)) throw wrong('Give the fields of the form as an object');
  const places = new Map(Object.keys(plan.fields).map((name, place) => [name, place]));
  const placeOf = (name: string) => places.get(name) ?? places.size;
  return Object.entries(value)
    .filter(([, one]) => one !== undefined && one !== null)
    .map(([name, one]) => ({
      name,
      value: one,
      field: Object.hasOwn(plan.fields, name) ? (plan.fields[name] ?? defaultField) : defaultField,
    }))
    .toSorted((one, other) => placeOf(one.name) - placeOf(other.name));
}

const isJsonType = (contentType: string | undefined): boolean =>
  contentType !== undefined && kindOf(contentType) === 'json';

function encodeForm(plan: BodyPlan, form: unknown): string {
  return fieldsOf(plan, form)
    .flatMap(({ name, value, field }) => {
      const { style, explode, contentType, isText } = field;
      const isJson =
        style === undefined &&
        (contentType === undefined
          ? isRecord(value)
          : isJsonType(contentType) && (isText || typeof value !== 'string'));
      return queryPairs(
        name,
        value,
        isJson ? { style: 'json', explode: false } : { style: style ?? 'form', explode },
      );
    })
    .map(([name, text]) => `${name}=${text}`)
    .join('&');
}

function partsOf({ name, value, field }: ReturnType<typeof fieldsOf>[number]): Part[] {
  const { style, explode, contentType, isFile, isText } = field;
  if (style !== undefined && contentType === undefined && !isFile)
    return queryPairs(name, value, { style, explode }).map(([key, text]) => ({
      name: decodeURIComponent(key),
      bytes: encoder.encode(decodeURIComponent(text)),
    }));
  return (Array.isArray(value) ? value : [value]).map((one): Part => {
    if (isFile) {
      const file = fileOf(one, `/body/${name}`);
      const named = contentType?.includes('*') ? undefined : contentType;
      return {
        name,
        bytes: file.bytes,
        filename: file.filename ?? name,
        contentType: file.contentType ?? named ?? 'application/octet-stream',
      };
    }
    const isJson = isRecord(one) || (isJsonType(contentType) && (isText || typeof one !== 'string'));
    const type = contentType ?? (isRecord(one) ? 'application/json' : undefined);
    return {
      name,
      bytes: encoder.encode(isJson ? JSON.stringify(one) : asText(one)),
      ...(type === undefined ? {} : { contentType: type }),
    };
  });
}

/** @throws AlfredError E_VALIDATION when the argument has not the form that its content type needs */
export function encodeBody(plan: BodyPlan, value: unknown): EncodedBody {
  switch (plan.kind) {
    case 'json':
      return { contentType: plan.contentType, content: JSON.stringify(value) };
    case 'form':
      return { contentType: plan.contentType, content: encodeForm(plan, value) };
    case 'multipart':
      return encodeMultipart(fieldsOf(plan, value).flatMap(partsOf));
    case 'text':
      return { contentType: plan.contentType, content: asText(value) };
    case 'binary': {
      const { bytes, contentType } = fileOf(value, '/body');
      const isRange = plan.contentType.includes('*');
      const isOpen = isRange || plan.contentType === 'application/octet-stream';
      const known = isRange ? 'application/octet-stream' : plan.contentType;
      return { contentType: isOpen ? (contentType ?? known) : known, content: bytes };
    }
  }
}
