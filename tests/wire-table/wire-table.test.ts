/**
 * The wire table: what documents of every version say, and the request that leaves for it. A row is right when the bytes that
 * a server gets are; each request goes through a link, as a tool's call does.
 */
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpApiLink } from '../../src/connections/openapi/http-api-link.ts';
import { openHttpApiLink } from '../../src/connections/openapi/open-http-api-link.ts';
import { httpApiConfigSchema } from '../../src/contract/http-connections.ts';
import { type Canary, type Seen, startCanary } from '../helpers/canary.ts';
import { bodyCases } from './bodies.ts';
import { components, oldParameters, type Version, type WireCase } from './case.ts';
import { parameterCases } from './parameters.ts';

const cases = [...parameterCases, ...bodyCases];
const versions: Version[] = ['2.0', '3.0.4', '3.1.1', '3.2.0'];
const versionOf = ({ version = '3.1.1' }: WireCase) => version;
const nameOf = (at: number) => `case${at}`;
/** Before each row's own path: no two rows may meet in one. */
const placeOf = (at: number) => `/${at}`;

/** One document with all rows of a version. */
function documentOf(version: Version) {
  const paths = Object.fromEntries(
    cases.flatMap((one, at) => {
      if (versionOf(one) !== version) return [];
      const { path = '/p', method = 'get', operation = {}, pathItem = {} } = one;
      const [key, given] = method === 'additionalOperations' ? (Object.entries(operation)[0] ?? []) : [];
      const whole = {
        operationId: nameOf(at),
        responses: {},
        ...(key === undefined ? operation : Object(given)),
      };
      return [[placeOf(at) + path, { ...pathItem, [method]: key === undefined ? whole : { [key]: whole } }]];
    }),
  );
  const info = { title: 'wire', version: '1' };
  return version === '2.0'
    ? {
        swagger: version,
        info,
        basePath: '/',
        parameters: oldParameters,
        consumes: ['application/json'],
        paths,
      }
    : { openapi: version, info, components, paths };
}

let server: Canary;
const links = new Map<Version, HttpApiLink>();

beforeAll(async () => {
  server = await startCanary();
  for (const version of versions) {
    const config = httpApiConfigSchema.parse({
      baseUrl: server.url,
      openapi: { document: documentOf(version) },
      allowPrivateNetwork: true,
    });
    const link = await openHttpApiLink({
      name: 'wire',
      config: { ...config, headers: {} },
      home: '/nowhere/alfred',
      startTimeoutMs: 120_000,
      maxResultSize: 1_000_000,
      registerSecret: () => {},
      checkOrigin: () => {},
      signal: new AbortController().signal,
      log: pino({ level: 'silent' }),
    });
    links.set(version, link);
  }
});

afterAll(async () => {
  for (const link of links.values()) await link.close();
  await server.close();
});

async function linkOf(one: WireCase): Promise<HttpApiLink> {
  const link = links.get(versionOf(one));
  if (link === undefined) throw new Error(`no document of ${versionOf(one)}`);
  return link;
}

const send = async (one: WireCase, at: number) =>
  (await linkOf(one)).callTool(nameOf(at), one.args ?? {}, { timeoutMs: 60_000 });

const boundaryOf = ({ headers }: Seen) => /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1];

/** What came in, with a boundary as `B` and lines ended by a line feed. */
function readable(seen: Seen, at: number, asHex: boolean) {
  const boundary = boundaryOf(seen);
  const plain = (text: string) =>
    boundary === undefined ? text : text.replaceAll(boundary, 'B').replaceAll('\r\n', '\n');
  const body = asHex ? `hex:${seen.body.toString('hex')}` : plain(seen.body.toString('utf8'));
  const headers = Object.fromEntries(
    Object.entries(seen.headers).map(([name, value]) => [name, plain(String(value))]),
  );
  return { sent: `${seen.method} ${seen.url.replace(placeOf(at), '')}`, headers, body };
}

describe('the wire table', () => {
  it('has enough rows, each of its own name', () => {
    expect(cases.length).toBeGreaterThanOrEqual(90);
    expect(new Set(cases.map((one) => one.it)).size).toBe(cases.length);
  });

  it.each(cases.map((one, at) => [one.it, one, at] as const))('%s', async (_name, one, at) => {
    const before = server.requests.length;
    if ('unusable' in one) {
      const tools = await (await linkOf(one)).listTools();
      expect(tools.find(({ name }) => name === nameOf(at))?.unusable).toContain(one.unusable);
      return;
    }
    if ('refused' in one) {
      await expect(send(one, at)).rejects.toThrow(one.refused);
      expect(server.requests.length).toBe(before);
      return;
    }
    await send(one, at);
    const got = readable(server.last(), at, one.body?.startsWith('hex:') ?? false);
    expect(got).toMatchObject({
      sent: one.sent,
      headers: one.headers ?? {},
      ...(one.body === undefined ? {} : { body: one.body }),
    });
    if (one.headers?.['content-type'] === undefined) expect(got.headers).not.toHaveProperty('content-type');
  });
});
