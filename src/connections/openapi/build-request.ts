/** Arguments of a tool to a request: the model decides values, never the host, the path's shape or a header of ours. */
import { isRecord } from '../../contract/is-record.ts';
import { asRawNumber, mapIntegers } from '../../json-schema/long-integers.ts';
import { AlfredError, type FieldError } from '../../kernel/errors.ts';
import { type EncodedBody, encodeBody } from './encode-body.ts';
import type { BodyPlan, Operation, ParameterPlan } from './operation.ts';
import { pathNameOf, placeholder } from './request-path.ts';
import { asText, encodeAll, encodeReserved, headerText, pathText, queryPairs } from './styles.ts';

export type BuiltRequest = {
  method: string;
  url: URL;
  headers: Headers;
  body: string | Uint8Array<ArrayBuffer> | undefined;
};

/** What the connection itself adds to every request. */
export type RequestAdditions = {
  headers: Record<string, string>;
  query: Record<string, string>;
};

function refuse(tool: string, fields: FieldError[]): AlfredError {
  const what = fields.map(({ field, message }) => `${field.slice(1)}: ${message}`).join('; ');
  return new AlfredError('E_VALIDATION', `The arguments of ${tool} are not right: ${what}`, { fields });
}

/** Missing and unknown arguments; what their values must be, the API itself says best. */
function checkNames(operation: Operation, args: Record<string, unknown>): void {
  const { parameters, body, tool } = operation;
  const known = new Map(parameters.map((one) => [one.property, one.required]));
  if (body) known.set(body.property, body.required);
  const isMissing = (name: string) =>
    body?.property === name
      ? !hasBody(operation, args)
      : !Object.hasOwn(args, name) || args[name] === undefined || args[name] === null;
  const fields: FieldError[] = [
    ...[...known]
      .filter(([name, required]) => required && isMissing(name))
      .map(([name]) => ({ field: `/${name}`, message: 'is missing' })),
    ...Object.keys(args)
      .filter((name) => !known.has(name))
      .map((name) => ({
        field: `/${name.slice(0, 100)}`,
        message: `is unknown; there are: ${[...known.keys()].slice(0, 40).join(', ') || 'none'}`,
      })),
  ];
  if (fields.length > 0) throw refuse(tool.name, fields);
}

/** A `null` is a body where the document says that it can be one. */
function hasBody({ body }: Operation, args: Record<string, unknown>): boolean {
  const value = body && Object.hasOwn(args, body.property) ? args[body.property] : undefined;
  return value !== undefined && (value !== null || (body?.kind === 'json' && body.takes.null));
}

/** The query that stands in the document's own path, with its values. */
function fixedQuery(
  { query, parameters }: Operation,
  argumentOf: (plan: ParameterPlan) => unknown,
): string[] {
  if (query === '') return [];
  const filled = query.replaceAll(placeholder, (whole, name: string) => {
    const plan = parameters.find((one) => one.in === 'path' && one.name === name);
    return plan === undefined ? whole : pathText(name, argumentOf(plan), { ...plan, style: 'simple' });
  });
  return [filled];
}

/** A colon is encoded too: behind one, Google's APIs have what is to be done (`{+name}:cancel`). */
const encodeSegments = (text: string): string => text.split('/').map(encodeAll).join('/');

const climbs = (path: string): boolean => path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment));

/** The path with its values: exactly one segment for a parameter that stands for one, so that none can climb (`..`) or vanish. */
function buildPath(operation: Operation, argumentOf: (plan: ParameterPlan) => unknown): string {
  const inPath = operation.parameters.filter((plan) => plan.in === 'path');
  const refused = (plans: ParameterPlan[], message: string) =>
    refuse(
      operation.tool.name,
      plans.map((plan) => ({ field: `/${plan.property}`, message })),
    );
  const path = operation.path.replaceAll(placeholder, (whole, written: string) => {
    const { name, isSeveralSegments } = pathNameOf(written);
    const plan = inPath.find((one) => one.name === name);
    if (plan === undefined) return whole;
    const text = pathText(name, argumentOf(plan), plan, isSeveralSegments ? encodeSegments : encodeAll);
    if (text === '') throw refused([plan], 'is empty');
    // Whatever stands behind it in the template: `..:cancel` is no climbing to us, and might be to who takes the verb off.
    if (isSeveralSegments && climbs(text)) throw refused([plan], 'would change the path');
    return text;
  });
  if (climbs(path)) throw refused(inPath, 'would change the path');
  return path;
}

function headerOf(tool: string, plan: ParameterPlan, value: unknown): string {
  const text = headerText(value, plan);
  // RFC 9110 section 5.5; what lies outside Latin-1 has no form in a header.
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
    throw refuse(tool, [{ field: `/${plan.property}`, message: 'has characters that a header cannot have' }]);
  }
  return text;
}

/**
 * The request for a call of `operation`.
 *
 * @throws AlfredError E_VALIDATION naming the arguments that are missing, unknown or cannot be sent
 */
export async function buildRequest(
  operation: Operation,
  args: Record<string, unknown>,
  additions: RequestAdditions,
): Promise<BuiltRequest> {
  checkNames(operation, args);
  const { tool, parameters, body } = operation;
  const argumentOf = (plan: ParameterPlan): unknown =>
    Object.hasOwn(args, plan.property) ? args[plan.property] : undefined;
  const isGiven = (plan: ParameterPlan) => argumentOf(plan) !== undefined && argumentOf(plan) !== null;

  const base = new URL(operation.baseUrl);
  const url = new URL(base.origin);
  const path = base.pathname.replace(/\/$/, '') + buildPath(operation, argumentOf);
  url.pathname = path;
  // The URL parser resolves dot segments; if it saw any that we did not, the request is not the one that was approved.
  if (url.origin !== base.origin || url.pathname.split('/').length !== path.split('/').length) {
    throw new AlfredError('E_VALIDATION', `The path of ${tool.name} cannot be sent as it is`);
  }

  const given = parameters.filter((plan) => plan.in === 'query' || plan.in === 'querystring').filter(isGiven);
  const added = Object.entries(additions.query).map(
    ([name, value]) => `${encodeAll(name)}=${encodeAll(value)}`,
  );
  url.search = [
    ...fixedQuery(operation, argumentOf),
    // An object's fields have names of their own: none stands in for what the connection sets.
    ...given
      .flatMap((plan) => queryParts(plan, argumentOf(plan)))
      .filter((part) => !Object.keys(additions.query).some((name) => isNamed(part, name))),
    ...added,
  ].join('&');

  const headers = new Headers({ accept: operation.accept });
  for (const plan of parameters) {
    if (plan.in === 'header' && isGiven(plan) && !isEmptyList(argumentOf(plan)))
      headers.set(plan.name, headerOf(tool.name, plan, argumentOf(plan)));
  }
  const cookies = parameters
    .filter((plan) => plan.in === 'cookie' && isGiven(plan))
    .flatMap((plan) => queryPairs(plan.name, argumentOf(plan), plan))
    .map(([name, value]) => `${name}=${value}`);
  if (cookies.length > 0) headers.set('cookie', cookies.join('; '));

  let content: BuiltRequest['body'];
  if (body && hasBody(operation, args)) {
    const encoded = contentOf(operation, body, args[body.property]);
    headers.set('content-type', encoded.contentType);
    content = encoded.content;
  }
  // Last, so that no argument can stand in for what the connection sets.
  for (const [name, value] of Object.entries(additions.headers)) {
    const cookie = name.toLowerCase() === 'cookie' ? headers.get('cookie') : null;
    headers.set(name, cookie === null ? value : `${cookie}; ${value}`);
  }
  return { method: operation.method, url, headers, body: content };
}

/** Whether `name=value` is of that name, as it is or encoded. */
const isNamed = (part: string, name: string): boolean =>
  [name, encodeAll(name)].includes(part.split('=', 1)[0] ?? '');

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** `name=value`, encoded; of a parameter that is the whole query, that query. */
function queryParts(plan: ParameterPlan, value: unknown): string[] {
  const encode = plan.allowReserved ? encodeReserved : encodeAll;
  if (plan.in === 'querystring' && (plan.style !== 'form' || !isRecord(value)))
    return [plan.style === 'json' ? encode(JSON.stringify(value)) : encode(asText(value))];
  // The fields of the whole query are a form's.
  const fields: [string, unknown][] =
    plan.in === 'querystring' && isRecord(value) ? Object.entries(value) : [[plan.name, value]];
  return fields
    .flatMap(([name, one]) => queryPairs(name, one, plan, encode))
    .map(([name, text]) => `${name}=${text}`);
}

function contentOf({ tool }: Operation, body: BodyPlan, value: unknown): EncodedBody {
  if (body.kind !== 'json') return encodeBody(body, body.kind === 'text' ? value : asGiven(body.kind, value));
  // Data that was given as its own JSON text goes as that text, to the last digit.
  if (typeof value === 'string' && !body.takes.text && isDataText(value))
    return { contentType: body.contentType, content: value };
  const { properties } = tool.inputSchema;
  const schema = isRecord(properties) ? properties[body.property] : undefined;
  return encodeBody(body, mapIntegers(schema, value, asRawNumber, tool.inputSchema));
}

function isDataText(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null;
  } catch {
    return false;
  }
}

/** Models sometimes send an object as its JSON text. */
function asGiven(kind: string, value: unknown): unknown {
  if ((kind !== 'form' && kind !== 'multipart') || typeof value !== 'string') return value;
  try {
    const parsed: unknown = JSON.parse(asText(value));
    return isRecord(parsed) ? parsed : value;
  } catch {
    return value;
  }
}
