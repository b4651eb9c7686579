/** A body as a skill is given it: JSON as its value, a form as its fields, text as text, anything else in base64. */
import { AlfredError } from '../../kernel/errors.ts';
import { parseJson } from '../../kernel/parse-json.ts';
import { multipartFields, urlencodedFields } from './form-fields.ts';

/**
 * @param body as it was before it was compressed
 * @param jsonFields fields of a form that hold JSON
 * @returns undefined for an empty one
 * @throws AlfredError E_MALFORMED for a body that is not what its Content-Type says; E_TOO_LARGE for too many values
 */
export async function readBody(
  body: Buffer,
  contentType: string,
  jsonFields: readonly string[] = [],
): Promise<unknown> {
  if (body.length === 0) return undefined;
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (/[/+.-]json$/.test(type) || type === 'application/csp-report') return parseJson(body);
  if (type === 'application/x-www-form-urlencoded') {
    return withJson(urlencodedFields(decode(body, contentType)), jsonFields);
  }
  if (type === 'multipart/form-data') return withJson(await multipartFields(body, contentType), jsonFields);
  // Some senders of JSON call it text, or say nothing.
  if (['', 'text/plain', 'application/octet-stream'].includes(type)) {
    const read = jsonIfAny(body);
    if (read !== undefined) return read;
  }
  const isText = /^text\/|^application\/(xml|x-ndjson|yaml)$|\+xml$/.test(type);
  return isText ? decode(body, contentType) : body.toString('base64');
}

/** The object or list that a body is; undefined for every other. */
function jsonIfAny(body: Buffer): unknown {
  const first = String.fromCharCode(body.find((byte) => byte > 32) ?? 0);
  if (first !== '{' && first !== '[') return undefined;
  try {
    return parseJson(body);
  } catch {
    // It only looked like JSON: it is given as it came.
    return undefined;
  }
}

function withJson(fields: Record<string, unknown>, jsonFields: readonly string[]): Record<string, unknown> {
  const read = jsonFields.flatMap((name) => {
    const text = fields[name];
    const value = typeof text === 'string' ? jsonIfAny(Buffer.from(text)) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...fields, ...Object.fromEntries(read) };
}

function decode(body: Buffer, contentType: string): string {
  const charset = /;\s*charset="?([\w.:-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body);
  } catch (cause) {
    throw new AlfredError('E_MALFORMED', `The body is no text in ${charset}, as its Content-Type says`, {
      cause,
    });
  }
}
