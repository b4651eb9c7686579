import { validate } from '@scalar/openapi-parser';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { coreApiOperations } from '../src/contract/core-api/operations.ts';
import { coreClient } from '../tests/helpers/client-programs.ts';
import { createTestCore, type TestCore } from '../tests/helpers/core.ts';
import { useGeneratedClient } from '../tests/helpers/generated-client.ts';
import { breaksSinceKept, keptOf, type OpenApiDocument } from '../tests/helpers/kept-api.ts';

let core: TestCore;
let document: OpenApiDocument;
beforeAll(async () => {
  core = await createTestCore();
  document = (await core.send('GET', '/v1/openapi.json', undefined, null)).body as OpenApiDocument;
});
afterAll(() => core.close());

it('describes every operation of Core, validly, and breaks no program that was written against it', async () => {
  const { valid, errors } = await validate(document);
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  expect(Object.keys(keptOf(document))).toEqual(Object.keys(coreApiOperations).sort());
  expect(await breaksSinceKept('api-core', document)).toEqual([]);
});

it('generates a client that compiles under strict, and works', async () => {
  const said = await useGeneratedClient(document, coreClient, { url: core.url, token: core.adminToken });
  expect(said).toBe('the generated client works\n');
});

it('tells a wrong method from a wrong path, and how to say who calls', async () => {
  const ask = (method: string, route: string) => fetch(new URL(route, core.url), { method });
  const wrong = await ask('DELETE', '/v1/fleet');
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  expect((await ask('GET', '/v1/nothing')).status).toBe(404);
  expect((await ask('GET', '/v1/fleet')).headers.get('www-authenticate')).toBe('Bearer realm="Alfred Core"');
  const proof = await ask('POST', '/v1/vms/00000000-0000-4000-8000-000000000000/token');
  expect([proof.status, proof.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="Alfred Core"']);
});
