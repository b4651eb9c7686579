/** What Alfred reads out of a pasted command: the request that a call of it would be. */

import { mapLeaves, secretLeaves } from '../../../src/connections/config/leaves.ts';
import { fillPlaceholders } from '../../../src/connections/config/typed-config.ts';
import { configOf, describeCandidate } from '../../../src/connections/import/candidate.ts';
import { readImport } from '../../../src/connections/import/read-import.ts';
import { buildRequest } from '../../../src/connections/openapi/build-request.ts';
import { compileApi } from '../../../src/connections/openapi/compile-api.ts';
import { httpApiConfigSchema } from '../../../src/contract/http-connections.ts';
import { importRequestSchema } from '../../../src/contract/imports.ts';
import { isRecord } from '../../../src/contract/is-record.ts';
import { messageOf } from '../../../src/kernel/errors.ts';

/** Stands where a value was not kept, or is asked for. */
export const open = 'anyany';

export type Read =
  | { kind: 'refused'; why: string }
  | { kind: 'server'; url: string; headers: [string, string][] }
  | {
      kind: 'call';
      method: string;
      url: URL;
      headers: [string, string][];
      body: string | Uint8Array | undefined;
      contentType: string | undefined;
      /** What of the body a call would be given. */
      value: unknown;
    };

/** What an import would show and keep in the open. */
export function openOf(text: string): string {
  const { candidates, apis, refused } = readImport(importRequestSchema.parse({ text }));
  return JSON.stringify([
    refused,
    candidates.map((one) => [one.importedAs, describeCandidate(one), mapLeaves(configOf(one), () => '')]),
    apis.map((one) => [one.importedAs, one.details, mapLeaves(one.config, () => '')]),
  ]);
}

export async function readAsCall(text: string): Promise<Read> {
  let read: ReturnType<typeof readImport>;
  try {
    read = readImport(importRequestSchema.parse({ text }));
  } catch (error) {
    return { kind: 'refused', why: messageOf(error) };
  }
  const [server] = read.candidates;
  if (server !== undefined) {
    const { secrets, url, headers } = configOf(server);
    const values = isRecord(secrets) ? secrets : {};
    return {
      kind: 'server',
      url: fillPlaceholders(String(url), (name) => String(values[name] ?? open)),
      headers: Object.entries(isRecord(headers) ? headers : {}).map(([name, value]) => [
        name,
        isRecord(value) ? String(value.plain) : String(value),
      ]),
    };
  }
  const [api] = read.apis;
  if (api === undefined) return { kind: 'refused', why: read.refused.map(({ reason }) => reason).join('; ') };
  if (!('operations' in api.config)) return { kind: 'refused', why: 'it is read as a document' };
  return callOf(api.config, api.details.missing);
}

async function callOf(given: Record<string, unknown>, missing: string[]): Promise<Read> {
  const parsed = httpApiConfigSchema.safeParse(given);
  if (!parsed.success)
    return {
      kind: 'refused',
      why: `its config is none: ${parsed.error.issues.map(({ path, message }) => `${path.join('/')} ${message}`).join('; ')}`,
    };
  const config = parsed.data;
  const baseUrl = fillPlaceholders(config.baseUrl ?? '', (name) =>
    encodeURIComponent(config.secrets[name] ?? open),
  );
  const api = await compileApi({
    text: undefined,
    operations: config.operations ?? [],
    server: { variables: {}, baseUrl },
    include: [],
    covered: [],
  });
  const [operation] = api.operations;
  const [by] = config.operations ?? [];
  if (operation === undefined || by === undefined) return { kind: 'refused', why: 'it is no tool' };
  const args: Record<string, unknown> = {};
  for (const plan of operation.parameters) {
    const schema = by.parameters.find((one) => one.name === plan.name && one.in === plan.in)?.schema ?? {};
    args[plan.property] = exampleOf(schema);
  }
  const value = by.body === undefined ? undefined : exampleOf(by.body.schema);
  if (operation.body && by.body)
    args[operation.body.property] = operation.body.kind === 'binary' ? { text: open } : value;
  const { auth } = config;
  const lost = missing
    .filter((field) => field.startsWith('/config/headers/'))
    .map((field) => field.slice(16).replaceAll('~1', '/'));
  const query = auth.type === 'query' ? { [auth.name]: auth.value } : {};
  const request = await buildRequest(operation, args, {
    headers: {},
    query,
  });
  return {
    kind: 'call',
    method: request.method,
    url: request.url,
    headers: [
      ...Object.entries(config.headers).map(([name, one]): [string, string] => [
        name,
        typeof one === 'string' ? one : one.plain,
      ]),
      ...lost.map((name): [string, string] => [name, open]),
      ...(auth.type === 'basic'
        ? [
            [
              'Authorization',
              `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`,
            ] as [string, string],
          ]
        : []),
      ...(missing.some((field) => field.startsWith('/config/auth/'))
        ? [['Authorization', open] as [string, string]]
        : []),
    ],
    body: request.body,
    contentType: request.headers.get('content-type') ?? undefined,
    value,
  };
}

/** A value by the examples of its schema; what it does not say stands open. */
function exampleOf(schema: unknown): unknown {
  if (!isRecord(schema)) return open;
  if (Array.isArray(schema.examples)) return schema.examples[0];
  if (isRecord(schema.properties))
    return Object.fromEntries(Object.entries(schema.properties).map(([name, one]) => [name, exampleOf(one)]));
  if (schema.type === 'object') return Object.keys(schema).length === 1 ? { [open]: open } : {};
  if (schema.type === 'array') return [exampleOf(schema.items)];
  return open;
}

/** The secrets that a config has, as they would be sealed. */
export const sealedIn = (text: string): string[] => {
  const { candidates, apis } = readImport(importRequestSchema.parse({ text }));
  return [...candidates.map(configOf), ...apis.map(({ config }) => config)].flatMap((config) =>
    secretLeaves(config).map(({ value }) => value),
  );
};
