import { validate } from '@scalar/openapi-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../tests/helpers/http.ts';
import {
  breaksBetween,
  breaksSinceKept,
  keptOf,
  type OpenApiDocument,
} from '../../tests/helpers/kept-api.ts';
import { scopes } from '../contract/common.ts';
import { consoleFiles, consolePages } from '../contract/pages.ts';
import { policy } from './access/policy.ts';

type Operation = {
  operationId?: string;
  parameters?: unknown[];
  requestBody?: { required?: boolean; content?: Record<string, { schema: unknown }> };
  summary?: string;
  description?: string;
  security: unknown[];
  responses: Record<
    string,
    { headers?: object; content?: Record<string, { schema: Record<string, unknown> }> }
  >;
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};

let server: TestServer;
let document: Document;
beforeAll(async () => {
  server = await createTestServer();
  document = (await server.send('GET', '/api/openapi.json', undefined, { token: null })).body as Document;
});
afterAll(() => server.close());

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(document.openapi).toBe('3.1.0');
    const { valid, errors } = await validate(document);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('has every route of the API, with what it needs', () => {
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map(
        (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    );
    const files = [...consolePages, ...consoleFiles, '/assets/:file'].map((url) => `GET ${url}`);
    expect(described.sort()).toEqual(
      Object.keys(policy)
        .filter((route) => !files.includes(route))
        .sort(),
    );
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const access = policy[`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`];
        expect(operation.summary, `${method} ${path}`).toBeTruthy();
        expect(operation.security).toEqual(access === 'public' ? [] : [{ token: [] }, { session: [] }]);
        expect(operation.responses.default?.content).toHaveProperty(['application/problem+json']);
      }
    }
  });

  it('breaks no program that was written against it', async () => {
    expect(await breaksSinceKept('api-vm', document as unknown as OpenApiDocument)).toEqual([]);
    const kept = keptOf(document as unknown as OpenApiDocument);
    const { runSkill, ...others } = kept;
    if (!runSkill) throw new Error('runSkill is not described');
    const asksMore = { ...runSkill, asked: ['body', 'query wait'], parameters: [] };
    expect(breaksBetween(kept, others)).toEqual(['runSkill is gone']);
    expect(breaksBetween(kept, { ...others, runSkill: asksMore })).toEqual([
      ...runSkill.parameters.map((one) => `runSkill: parameters no more: ${one}`),
      'runSkill now asks for body',
      'runSkill now asks for query wait',
    ]);
  });

  it('calls every operation by a verb, and says what its callers send and go on with', () => {
    const all = Object.values(document.paths).flatMap((operations) => Object.values(operations));
    const ids = all.map(({ operationId }) => operationId);
    expect(ids.filter((id) => !/^[a-z]+[A-Z]\w*$/.test(id ?? ''))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    const update = document.paths['/api/v1/skills/{slug}']?.patch;
    expect(update?.parameters).toContainEqual(expect.objectContaining({ in: 'header', name: 'if-match' }));
    expect(Object.keys(update?.responses['200']?.headers ?? {})).toEqual(['etag']);
    const patch = update?.requestBody?.content?.['application/json']?.schema as { properties?: object };
    expect(Object.keys(patch.properties ?? {})).toEqual(
      expect.arrayContaining(['name', 'steps', 'triggerConfig']),
    );
    const run = document.paths['/api/v1/skills/{slug}/run']?.post;
    expect(run?.requestBody?.required).toBe(false);
    expect(run?.parameters).toContainEqual(
      expect.objectContaining({ in: 'header', name: 'idempotency-key' }),
    );
    expect(document.paths['/hooks/{slug}']?.post?.requestBody?.content).toHaveProperty(['*/*']);
    const named = Object.keys(document.components.schemas);
    const text = JSON.stringify(document);
    expect(named.filter((name) => !text.includes(`"#/components/schemas/${name}"`))).toEqual([]);
  });

  it('has the forms of OAuth as forms, and says in words which scopes are needed', () => {
    for (const [path, field] of [
      ['/oauth/token', 'grant_type'],
      ['/oauth/revoke', 'token'],
    ] as const) {
      const { content } = document.paths[path]?.post?.requestBody ?? {};
      expect(Object.keys(content ?? {})).toEqual(['application/x-www-form-urlencoded']);
      expect(content?.['application/x-www-form-urlencoded']?.schema).toHaveProperty(['properties', field]);
    }
    const said = Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).flatMap(({ description = '' }) => /Needs .*$/.exec(description)?.[0] ?? []),
    );
    const named = new Set(said.flatMap((text) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name)));
    expect([...named].sort()).toEqual([...scopes].sort());
  });

  it('names shapes once and refers to them', () => {
    const responses = document.paths['/api/v1/skills/{slug}']?.get?.responses;
    expect(responses?.['200']?.content?.['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/Skill',
    });
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Problem', 'Skill', 'Connection', 'Execution', 'Token']),
    );
  });
});
