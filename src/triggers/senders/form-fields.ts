/** The fields of a form, by their names. */
import { AlfredError } from '../../kernel/errors.ts';

/** What a form holds, in fields. */
const mostFields = 10_000;

/** A file in a form: its bytes in base64. */
type FormFile = { name: string; type: string; size: number; base64: string };

type Value = string | FormFile;

/** @throws AlfredError E_MALFORMED, E_TOO_LARGE */
export const urlencodedFields = (text: string): Record<string, unknown> => gather(new URLSearchParams(text));

/**
 * @param contentType with its boundary
 * @throws AlfredError E_MALFORMED, E_TOO_LARGE
 */
export async function multipartFields(body: Buffer, contentType: string): Promise<Record<string, unknown>> {
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch (cause) {
    throw new AlfredError('E_MALFORMED', 'The body is no form of several parts, as its Content-Type says', {
      cause,
    });
  }
  const fields: [string, Value][] = [];
  for (const [name, value] of form)
    fields.push([name, typeof value === 'string' ? value : await fileOf(value)]);
  return gather(fields);
}

async function fileOf(file: File): Promise<FormFile> {
  const base64 = Buffer.from(await file.arrayBuffer()).toString('base64');
  return { name: file.name, type: file.type, size: file.size, base64 };
}

/** A name that comes more than once has the list of its values. */
function gather(fields: Iterable<[string, Value]>): Record<string, unknown> {
  const found = new Map<string, Value | Value[]>();
  let count = 0;
  for (const [name, value] of fields) {
    if (++count > mostFields) {
      throw new AlfredError('E_TOO_LARGE', `The body holds more than ${mostFields} fields`);
    }
    if (name === '__proto__') {
      throw new AlfredError('E_MALFORMED', 'The body holds a field that no object may have: "__proto__"');
    }
    const before = found.get(name);
    if (before === undefined) found.set(name, value);
    else if (Array.isArray(before)) before.push(value);
    else found.set(name, [before, value]);
  }
  return Object.fromEntries(found);
}
