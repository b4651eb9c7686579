#!/usr/bin/env bash
# @scalar/openapi-upgrader 0.4.9: what `upgrade` makes of a Swagger 2.0 operation hangs on where its body stands. A body by reference is
# none afterwards: a request body is listed among the parameters, where OpenAPI knows no such thing, and nothing says so. A form
# with a field that must be there becomes one that may be left out; a list with tabs between its items is sent repeated.
. "$(dirname "$0")/lib.sh"
install @scalar/openapi-upgrader@0.4.9
run upgrade.mjs <<'JS'
import { upgrade } from '@scalar/openapi-upgrader';
const operation = (parameters, more = {}) => ({ post: { parameters, responses: { 200: { description: 'ok' } }, ...more } });
const body = { name: 'pet', in: 'body', required: true, schema: { type: 'object' } };
const field = { name: 'name', in: 'formData', type: 'string', required: true };
const list = { name: 'ids', in: 'query', type: 'array', items: { type: 'string' }, collectionFormat: 'tsv' };
const { paths } = upgrade(
  {
    swagger: '2.0',
    info: { title: 'Pets', version: '1' },
    consumes: ['application/json'],
    parameters: { Pet: body },
    paths: {
      '/own': operation([body]),
      '/by-reference': operation([{ $ref: '#/parameters/Pet' }]),
      '/form': operation([field], { consumes: ['application/x-www-form-urlencoded'] }),
      '/tabs': operation([list]),
    },
  },
  '3.1',
);
for (const [path, { post }] of Object.entries(paths)) {
  const { requestBody, parameters = [] } = post;
  const required = requestBody && `body, required: ${requestBody.required}`;
  console.log(path.padEnd(14), required ?? 'no body', JSON.stringify(parameters));
}
JS
sees <<'SEEN'
/own           body, required: true []
/by-reference  no body [{"$ref":"#/components/requestBodies/Pet"}]
/form          body, required: undefined []
/tabs          no body [{"schema":{"type":"array","items":{"type":"string"}},"name":"ids","in":"query"}]
SEEN
