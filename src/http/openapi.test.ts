import { validate } from '@scalar/openapi-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../tests/helpers/http.ts';
import { consolePages } from '../contract/pages.ts';
import { policy } from './access/policy.ts';

type Operation = {
  summary?: string;
  description?: string;
  security: unknown[];
  responses: Record<string, { content?: Record<string, { schema: Record<string, unknown> }> }>;
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
    const files = [...consolePages, '/icon.svg', '/assets/:file'].map((url) => `GET ${url}`);
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
