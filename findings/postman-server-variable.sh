#!/usr/bin/env bash
# @scalar/postman-to-openapi 0.7.14: a collection says in "variable" what {{baseUrl}} is. Where a request has its address as a text, the
# document's server is that; where it has it in parts, as Postman exports it, the server is "https://{{baseUrl}}", which is nowhere.
. "$(dirname "$0")/lib.sh"
install @scalar/postman-to-openapi@0.7.14
run convert.mjs <<'JS'
import { convert } from '@scalar/postman-to-openapi';
const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const ask = (raw) => ({ info: { name: 'Shop', schema }, variable: [{ key: 'baseUrl', value: 'https://shop.example/v1' }], item: [{ name: 'List', request: { method: 'GET', url: raw } }] });
const raw = '{{baseUrl}}/orders';
for (const [form, url] of [['a text', raw], ['parts', { raw, host: ['{{baseUrl}}'], path: ['orders'] }]]) {
  const { servers, paths } = convert(ask(url));
  console.log(`${form.padEnd(6)} ${JSON.stringify(servers)} ${Object.keys(paths)}`);
}
JS
sees <<'SEEN'
SEEN
