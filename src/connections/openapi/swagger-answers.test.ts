/** What goes round the upgrade of a Swagger 2.0 document is as the upgrade would have left it. */
import { expect, it } from 'vitest';
import { compileApi } from './compile-api.ts';

const parameters = {
  limit: { name: 'limit', in: 'query', type: 'integer', description: 'How many' },
  ids: { name: 'ids', in: 'query', type: 'array', items: { type: 'string' } },
  list: { name: 'list', in: 'header', type: 'array', collectionFormat: 'pipes', items: { type: 'string' } },
  made: { name: 'made', in: 'body', schema: { $ref: '#/definitions/Thing' } },
};

const api = (paths: unknown) =>
  compileApi({
    text: JSON.stringify({
      ...{ swagger: '2.0', info: { title: 'x', version: '1' }, host: 'api.test', paths, parameters },
      ...{ produces: ['text/csv', 'application/json'], definitions: { Thing: { type: 'object' } } },
    }),
    ...{ operations: [], server: { variables: {} }, include: [], covered: [] },
  });

/** The same in as many words: the upgrade has to go through all of it. */
const inWords = (operation: Record<string, unknown>, responses: Record<string, unknown>) => ({
  ...operation,
  responses: Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [status, { ...Object(response), headers: {} }]),
  ),
});

it.each([
  [
    'by a name',
    { 200: { description: 'a', schema: { $ref: '#/definitions/Thing' } }, 404: { description: 'b' } },
  ],
  ['by a name that is not there', { 200: { description: 'a', schema: { $ref: '#/definitions/None' } } }],
  ['of nothing', { 204: { description: 'a' } }],
  ['of its own words', { default: { description: 'a', schema: { type: 'array', items: {} } } }],
])('answers %s', async (_how, responses) => {
  for (const produces of [undefined, ['application/xml']]) {
    const operation = { operationId: 'a', ...(produces === undefined ? {} : { produces }) };
    const paths = { '/a': { get: { ...operation, responses } } };
    expect(await api(paths)).toEqual(await api({ '/a': { get: inWords(operation, responses) } }));
  }
});

it('parameters that the document has for all', async () => {
  const names = Object.keys(parameters);
  const operation = (list: unknown[]) => ({
    '/a': { parameters: list.slice(0, 1), post: { operationId: 'a', parameters: list, responses: {} } },
  });
  const referred = await api(operation(names.map((name) => ({ $ref: `#/parameters/${name}` }))));
  expect(referred.operations[0]?.parameters).toHaveLength(3);
  expect(referred).toEqual(await api(operation(Object.values(parameters))));
});
