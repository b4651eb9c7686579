/** `curl` as documentation prints it to call an API: an HTTP API with that one call as its operation. */
import type { HttpApiAuth, HttpOperation } from '../../../contract/http-connections.ts';
import { guessSecret } from '../../open-secrets/guess-secret.ts';
import { beginsLikeKey, keysIn, namesSecret } from '../../open-secrets/looks-secret.ts';
import { isPlaceholder } from '../../open-secrets/placeholders.ts';
import { basicLogin } from '../parse-servers.ts';
import { addressOf, type CurlAddress } from './address.ts';
import { bodyOf } from './body-of.ts';
import type { CurlCall } from './read-options.ts';
import { isSecretSample, schemaOf, textSchema } from './samples.ts';

export type CurlApi = {
  baseUrl: string;
  operation: HttpOperation;
  /** Values as a config takes them: a bare text is sealed, `{plain}` is not. */
  headers: Record<string, string | { plain: string }>;
  auth: HttpApiAuth | undefined;
  secrets: Record<string, string>;
  isLocal: boolean;
  warnings: string[];
};

const methods = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'POST', 'PATCH'] as const;

/** What HTTP or the body itself says. */
const ofMessage = /^(?:content-type|content-length|host|connection|transfer-encoding|expect)$/i;

/** @returns why it cannot be one, as the end of a sentence */
export function curlApi(call: CurlCall): CurlApi | string {
  if (call.problem !== undefined) return call.problem;
  const address = addressOf(call);
  if (typeof address === 'string') return address;
  const method = methodOf(call);
  const known = methods.find((one) => one === method);
  if (known === undefined) return `its method ${method.slice(0, 20)} is none that a connection sends`;
  const secrets = new Set<string>();
  const declared = call.headers.findLast(([name]) => /^content-type$/i.test(name))?.[1];
  const body = bodyOf(call, declared, secrets);
  if (body !== undefined && /^(?:GET|HEAD)$/.test(known))
    return `it is a ${known} request with a body, which is not sent: most APIs take the same by POST, or in the query`;
  const { auth, parameters } = fromQuery(address.query, secrets);
  const operation: HttpOperation = {
    name: nameOf(known, address),
    method: known,
    path: address.path,
    parameters: [
      ...address.names.map((name) => ({
        name,
        in: 'path' as const,
        required: true,
        schema: { type: 'string' },
      })),
      ...parameters,
    ],
    ...(body === undefined ? {} : { body }),
  };
  return {
    baseUrl: address.baseUrl,
    operation,
    headers: headersOf(call, address),
    auth: loginOf(call, address) ?? auth,
    secrets: Object.fromEntries(address.secrets),
    isLocal: address.isLocal,
    warnings: [...call.warnings, ...warningsOf(call, secrets)],
  };
}

function methodOf({ method, isHead, upload, data, form, isGet }: CurlCall): string {
  if (method !== undefined) return method.toUpperCase();
  if (isHead) return 'HEAD';
  if (upload !== undefined) return 'PUT';
  return (data.length > 0 && !isGet) || form.length > 0 ? 'POST' : 'GET';
}

const nameOf = (method: string, { path, baseUrl }: CurlAddress): string => {
  const words = path === '' ? new URL(baseUrl.replace(/\$\{\w+\}/g, '')).pathname : path;
  return `${method.toLowerCase()}_${words.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '') || 'root'}`
    .slice(0, 64)
    .replace(/_+$/, '');
};

/** Pages of a list have tokens that are nobody's secret. */
const isKeyName = (name: string): boolean =>
  (namesSecret(name) || /^(?:app_?id|appid|apikey)$/i.test(name)) &&
  !/page|next|contin|sync|cursor|max|min|num/i.test(name);

/** A key in the query is the login; everything else is asked of whoever calls. */
function fromQuery(
  query: CurlAddress['query'],
  secrets: Set<string>,
): { auth: HttpApiAuth | undefined; parameters: HttpOperation['parameters'] } {
  let auth: HttpApiAuth | undefined;
  const parameters: HttpOperation['parameters'] = [];
  for (const [name, value] of query) {
    const isKey =
      typeof value === 'string' &&
      value !== '' &&
      (isKeyName(name) || beginsLikeKey(value) || keysIn(value).length > 0);
    if (isKey && auth === undefined && name.length <= 200) {
      auth = { type: 'query', name, value };
      continue;
    }
    if (isKey && !isPlaceholder(value)) secrets.add(name);
    parameters.push({
      name: name.slice(0, 200),
      in: 'query',
      schema: typeof value === 'string' ? textSchema(name, value) : schemaOf(name, value, secrets),
    });
  }
  return { auth, parameters: parameters.slice(0, 90) };
}

function headersOf(call: CurlCall, address: CurlAddress): CurlApi['headers'] {
  const byName = new Map<string, [name: string, value: string]>();
  for (const [name, value] of [...loginHeader(call, address), ...call.headers]) {
    if (ofMessage.test(name) || (/^accept$/i.test(name) && value === '*/*')) continue;
    const before = byName.get(name.toLowerCase());
    byName.set(name.toLowerCase(), [name, before === undefined ? value : `${before[1]}, ${value}`]);
  }
  return Object.fromEntries(
    [...byName.values()].map(([name, value]) => [
      name,
      isPlaceholder(value) || guessSecret(name, value).secret || !/^[\w-]+$/.test(name)
        ? value
        : { plain: value },
    ]),
  );
}

const hasAuthorization = ({ headers }: CurlCall): boolean =>
  headers.some(([name]) => /^authorization$/i.test(name));

/** As a login, where both of it may be entered and the name is none's secret: many APIs have the key in the name's place. */
function loginOf(call: CurlCall, { login }: CurlAddress): HttpApiAuth | undefined {
  const [, username = '', password = ''] = /^([^:]*):?(.*)$/s.exec(call.user ?? login ?? '') ?? [];
  if (hasAuthorization(call) || username === '' || password === '' || password === 'x') return undefined;
  return isPlaceholder(username) || isSecretSample('name', username) || /key|token/i.test(username)
    ? undefined
    : { type: 'basic', username, password };
}

function loginHeader(call: CurlCall, address: CurlAddress): [string, string][] {
  const given = call.user ?? address.login;
  if (given === undefined || hasAuthorization(call) || loginOf(call, address) !== undefined) return [];
  const [, username = '', password = ''] = /^([^:]*):?(.*)$/s.exec(given) ?? [];
  const isOpen = isPlaceholder(username) || isPlaceholder(password);
  return [['Authorization', isOpen ? 'Basic <your login>' : basicLogin(username, password)]];
}

const warningsOf = (call: CurlCall, secrets: ReadonlySet<string>): string[] => [
  ...(secrets.size === 0
    ? []
    : [
        `what looks like a secret among its values (${[...secrets].slice(0, 5).join(', ')}) is not kept: a model would be told it with each call`,
      ]),
  ...(call.headers.some(([name]) => /^host$/i.test(name))
    ? ['its header "Host" is left out: it says whom it is sent to']
    : []),
];
