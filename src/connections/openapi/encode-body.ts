/** A tool's `body` argument as the bytes of a request. */
import { isRecord } from '../../contract/is-record.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { own, textOf } from './json.ts';
import type { BodyPlan, FieldPlan } from './operation.ts';
import { asText, queryPairs } from './styles.ts';

export type EncodedBody = { contentType: string; content: string | Uint8Array<ArrayBuffer> };

const wrong = (message: string, pointer = '/body') =>
  new AlfredError('E_VALIDATION', message, { fields: [{ field: pointer, message }] });

const defaultField: FieldPlan = {
  style: 'form',
  explode: true,
  contentType: 'application/json',
  isFile: false,
};

type File = { bytes: Uint8Array<ArrayBuffer>; filename: string | undefined; contentType: string | undefined };

/** A file argument: `{text}` or `{base64}`, or a bare string, which is its text. */
function fileOf(value: unknown, pointer: string): File {
  if (typeof value === 'string')
    return { bytes: new TextEncoder().encode(value), filename: undefined, contentType: 'text/plain' };
  const text = own(value, 'text');
  const base64 = own(value, 'base64');
  const named = { filename: textOf(own(value, 'filename')), contentType: textOf(own(value, 'contentType')) };
  if (typeof text === 'string') return { ...named, bytes: new TextEncoder().encode(text) };
  if (typeof base64 !== 'string') throw wrong('Give a file as {"text": …} or {"base64": …}', pointer);
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  // Buffer.from skips what is no base64; the model must learn that it sent something else.
  const isWhole = Buffer.from(bytes).toString('base64').replace(/=+$/, '') === base64.replace(/\s|=+$/g, '');
  if (!isWhole) throw wrong('This is not base64', `${pointer}/base64`);
  return { ...named, bytes };
}

function fieldsOf(value: unknown): [string, unknown][] {
  if (!isRecord(value)) throw wrong('Give the fields of the form as an object');
  return Object.entries(value).filter(([, one]) => one !== undefined && one !== null);
}

function encodeForm(plan: BodyPlan, value: unknown): string {
  return fieldsOf(value)
    .flatMap(([name, one]) => {
      const field = plan.fields[name] ?? defaultField;
      const asJson = field.contentType !== undefined && isRecord(one);
      return queryPairs(name, one, asJson ? { style: 'json', explode: false } : field);
    })
    .map(([name, text]) => `${name}=${text}`)
    .join('&');
}

function appendPart(form: FormData, name: string, value: unknown, field: FieldPlan): void {
  if (field.isFile) {
    const file = fileOf(value, `/body/${name}`);
    const type = file.contentType ?? 'application/octet-stream';
    form.append(name, new Blob([file.bytes], { type }), file.filename ?? name);
  } else if (isRecord(value)) {
    form.append(name, new Blob([JSON.stringify(value)], { type: 'application/json' }));
  } else {
    form.append(name, asText(value));
  }
}

async function encodeMultipart(plan: BodyPlan, value: unknown): Promise<EncodedBody> {
  const form = new FormData();
  for (const [name, one] of fieldsOf(value)) {
    const field = plan.fields[name] ?? defaultField;
    for (const part of Array.isArray(one) ? one : [one]) appendPart(form, name, part, field);
  }
  // The platform writes the parts and chooses a boundary that occurs in none of them.
  const encoded = new Response(form);
  return {
    contentType: encoded.headers.get('content-type') ?? plan.contentType,
    content: new Uint8Array(await encoded.arrayBuffer()),
  };
}

/** @throws AlfredError E_VALIDATION when the argument has not the form that its content type needs */
export async function encodeBody(plan: BodyPlan, value: unknown): Promise<EncodedBody> {
  switch (plan.kind) {
    case 'json':
      return { contentType: plan.contentType, content: JSON.stringify(value) };
    case 'form':
      return { contentType: plan.contentType, content: encodeForm(plan, value) };
    case 'multipart':
      return encodeMultipart(plan, value);
    case 'text':
      return { contentType: plan.contentType, content: asText(value) };
    case 'binary': {
      const { bytes, contentType } = fileOf(value, '/body');
      const isOpen = plan.contentType.includes('*') || plan.contentType === 'application/octet-stream';
      return {
        contentType: isOpen && contentType !== undefined ? contentType : plan.contentType,
        content: bytes,
      };
    }
  }
}
