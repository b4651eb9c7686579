/** The body of a `curl` command as an operation has it: its media type, and what goes into it. */
import type { HttpOperation } from '../../../contract/http-connections.ts';
import { isRecord } from '../../../contract/is-record.ts';
import type { CurlCall, Datum } from './read-options.ts';
import { type Schema, schemaOf, textSchema } from './samples.ts';

export type Body = NonNullable<HttpOperation['body']>;

const formType = 'application/x-www-form-urlencoded';

/** @param secrets gets the names of fields that hold a secret, none of which is kept */
export function bodyOf(call: CurlCall, declared: string | undefined, secrets: Set<string>): Body | undefined {
  if (call.form.length > 0) return multipartOf(call, secrets);
  if (call.upload !== undefined) return binary(declared ?? 'application/octet-stream');
  if (call.data.length === 0 || call.isGet) return undefined;
  const text = textIn(call.data);
  if (text === undefined) return fromFile(declared);
  if (text === '') return undefined;
  const isJson = declared !== undefined && /json/i.test(declared) && !/ndjson|jsonl|json-seq/i.test(declared);
  const json = isJson || /^\s*[[{]/.test(text) ? readJson(text) : undefined;
  if (declared === undefined || /^application\/x-www-form-urlencoded/i.test(declared)) {
    // curl says that it is a form, whatever it is; what is JSON is meant as JSON.
    if (json !== undefined) return required('application/json', schemaOf('body', json.value, secrets));
    if (isForm(text)) return required(formType, formSchema(text, secrets));
    return required('text/plain', textSchema('body', text));
  }
  if (isJson)
    return required(
      declared,
      json === undefined ? textSchemaOfJson(text) : schemaOf('body', json.value, secrets),
    );
  return required(declared, textSchema('body', text));
}

const required = (contentType: string, schema: Schema): Body => ({ contentType, required: true, schema });

const binary = (contentType: string): Body => required(contentType, { type: 'string', format: 'binary' });

/** What stands in a file is of the declared kind; nothing else is known of it. */
const fromFile = (declared: string | undefined): Body =>
  declared !== undefined && /json/i.test(declared)
    ? required(declared, {})
    : binary(declared ?? 'application/octet-stream');

/** JSON with `…` or `<id>` in it, as documentation shortens it: an object by its first sign. */
const textSchemaOfJson = (text: string): Schema =>
  /^\s*\[/.test(text) ? { type: 'array', items: {} } : { type: 'object' };

/** Undefined where a part of it stands in a file. */
export function textIn(data: readonly Datum[]): string | undefined {
  const texts = data.map((datum) => ('text' in datum ? datum.text : undefined));
  return texts.includes(undefined) ? undefined : texts.join('&');
}

function readJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const isForm = (text: string): boolean => text.split('&').every((pair) => /^[^\s=&{}<>"]+=/.test(pair));

/** `a=1&b=2` as pairs; of a name several times, a list. */
export function pairsIn(text: string): [name: string, value: string][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return at < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Values by name: a text, or the texts of a name that stands there several times. */
export function grouped(pairs: readonly (readonly [string, string])[]): Map<string, string | string[]> {
  const all = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : [before, value].flat());
  }
  return all;
}

const formSchema = (text: string, secrets: Set<string>): Schema =>
  schemaOf('body', Object.fromEntries(grouped(pairsIn(text))), secrets);

function multipartOf({ form }: CurlCall, secrets: Set<string>): Body {
  const properties = new Map<string, Schema>();
  for (const { name, value, isFile } of form) {
    const one = isFile ? { type: 'string', format: 'binary' } : schemaOf(name, value, secrets);
    const before = properties.get(name);
    properties.set(
      name,
      before === undefined ? one : { type: 'array', items: isRecord(before.items) ? before.items : before },
    );
  }
  return required('multipart/form-data', { type: 'object', properties: Object.fromEntries(properties) });
}
