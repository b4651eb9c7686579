/** What describes an API and is no OpenAPI is refused by its name, with what to do next: given as a document, and pasted. */
import { describe, expect, it } from 'vitest';
import { importRequestSchema } from '../../contract/imports.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { readImport } from '../import/read-import.ts';
import { parseDocument } from './parse-document.ts';

const json = (value: unknown) => JSON.stringify(value, null, 1);

const refusal = (act: () => unknown): AlfredError => {
  try {
    act();
  } catch (error) {
    if (error instanceof AlfredError) return error;
  }
  throw new Error('It was not refused');
};

const wsdl = `<?xml version="1.0"?>\n<wsdl:definitions name="Shop" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"></wsdl:definitions>`;

describe.each<[string, string, string]>([
  [
    'a Postman collection (v2.1)',
    json({
      info: { name: 'x', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      item: [],
    }),
    'curl',
  ],
  [
    'a Postman collection (v2.0)',
    json({
      info: { name: 'x', schema: 'https://schema.getpostman.com/json/collection/v2.0.0/collection.json' },
      item: [],
    }),
    'curl',
  ],
  [
    'a Postman collection (v2.1)',
    json({
      collection: {
        info: { schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
        item: [],
      },
    }),
    'curl',
  ],
  ['a Postman collection (v1)', json({ id: 'a', name: 'x', order: [], requests: [] }), 'v2.1'],
  [
    'an Insomnia export (version 4)',
    json({ _type: 'export', __export_format: 4, resources: [] }),
    'Copy as cURL',
  ],
  [
    'an Insomnia export (version 5)',
    'type: collection.insomnia.rest/5.0\nname: x\ncollection:\n  - name: a\n',
    'Copy as cURL',
  ],
  [
    'a recording of a browser (HAR)',
    json({ log: { version: '1.2', creator: {}, entries: [] } }),
    'Copy as cURL',
  ],
  [
    'an AsyncAPI document (3.0.0)',
    'asyncapi: 3.0.0\ninfo:\n  title: x\nchannels: {}\n',
    'messages over a broker',
  ],
  ['an OpenRPC document (1.2.6)', json({ openrpc: '1.2.6', info: {}, methods: [] }), 'JSON-RPC'],
  [
    'a Google Discovery document',
    json({
      kind: 'discovery#restDescription',
      discoveryVersion: 'v1',
      rootUrl: 'https://x.test/',
      resources: {},
    }),
    'api-spec-converter --from=google',
  ],
  [
    'a Swagger document of version 1.2',
    json({ swaggerVersion: '1.2', apis: [] }),
    'api-spec-converter --from=swagger_1',
  ],
  ["a GraphQL schema (an introspection's answer)", json({ data: { __schema: { types: [] } } }), 'query'],
  [
    'a GraphQL schema',
    '"""\nA shop: all of it\n"""\ntype Query {\n  orders(limit: Int): [Order!]!\n}\n',
    'query',
  ],
  ['a GraphQL schema', '# shop\nscalar Date\nschema {\n  query: Query\n}\n', 'query'],
  ['a RAML document (1.0)', '#%RAML 1.0\ntitle: Shop\n/orders:\n  get:\n', 'OAS 3'],
  ['a RAML document (0.8)', '#%RAML 0.8\ntitle: Shop\n/orders:\n  get:\n', 'api-spec-converter --from=raml'],
  ['an API Blueprint', 'FORMAT: 1A\n\n# Shop\n\n## Orders [/orders]\n', 'apib2swagger'],
  ['a WSDL document (SOAP)', wsdl, 'envelope'],
  ['a WADL document', '<application xmlns="http://wadl.dev.java.net/2009/02"></application>', '--from=wadl'],
  ['a web page', '<!DOCTYPE html>\n<html><title>Swagger UI</title></html>', 'openapi.json'],
  ['a Protocol Buffers file (gRPC)', '// shop\nsyntax = "proto3";\nservice Shop {}\n', 'protoc-gen-openapi'],
  ['an Arazzo document (1.0.1)', json({ arazzo: '1.0.1', info: {}, workflows: [] }), 'sourceDescriptions'],
  ['an OpenAPI Overlay (1.0.0)', json({ overlay: '1.0.0', info: {}, actions: [] }), 'overlay applied'],
])('%s', (name, text, next) => {
  it('given as a document', () => {
    const { message, remedy } = refusal(() => parseDocument(text));
    expect(message).toContain(`This is no OpenAPI document, but ${name}`);
    expect(remedy).toContain(next);
  });

  it('pasted', () => {
    const { message, remedy } = refusal(() => readImport(importRequestSchema.parse({ text })));
    expect(message).toContain(name);
    expect(remedy).toContain(next);
  });
});

it.each([
  'openapi: 3.1.0\ninfo: {title: type Query, version: "1"}\npaths: {}\n',
  '# type Query { a: b }\nopenapi: 3.1.0\ninfo: {title: x, version: "1"}\npaths: {}\n',
  json({ swagger: '2.0', info: {}, paths: {}, item: [], log: { entries: [] } }),
])('takes what is OpenAPI for nothing else', (text) => {
  expect(parseDocument(text).paths).toEqual({});
});
