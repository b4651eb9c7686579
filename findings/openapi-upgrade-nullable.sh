#!/usr/bin/env bash
# @scalar/openapi-parser 0.29.22: what `upgrade` from OpenAPI 3.0 to 3.1 makes of `nullable: true` hangs on what stands beside it.
# Beside allOf null becomes allowed. Beside oneOf the word is left there, where 3.1 no longer knows it, and ajv 8.20.0, which
# knows it, will not compile the schema. Beside an enum the type allows null and the enum does not, so null is refused.
. "$(dirname "$0")/lib.sh"
install @scalar/openapi-parser@0.29.22 ajv@8.20.0
run upgrade.mjs <<'JS'
import { upgrade } from '@scalar/openapi-parser';
import Ajv from 'ajv/dist/2020.js';
const other = { $ref: '#/components/schemas/Other' };
const nullable = true;
const schemas = {
  'type string': { type: 'string', nullable },
  'allOf [$ref]': { allOf: [other], nullable },
  'oneOf [$ref]': { oneOf: [other], nullable },
  enum: { type: 'string', enum: ['a'], nullable },
};
const document = { openapi: '3.0.3', info: { title: 't', version: '1' }, paths: {}, components: { schemas: { Other: { type: 'string' }, ...schemas } } };
const made = upgrade(document).specification.components.schemas;
const ajv = new Ajv.default({ strict: false });
for (const name of Object.keys(schemas)) {
  const root = { ...made[name], components: { schemas: { Other: made.Other } } };
  let verdict;
  try {
    verdict = ajv.validate(root, null) ? 'takes null' : 'refuses null';
  } catch (error) {
    verdict = `throws: ${error.message}`;
  }
  console.log(`${name.padEnd(13)} ${JSON.stringify(made[name])}: ajv ${verdict}`);
}
JS
sees <<'SEEN'
type string   {"type":["string","null"]}: ajv takes null
allOf [$ref]  {"anyOf":[{"$ref":"#/components/schemas/Other"},{"type":"null"}]}: ajv takes null
oneOf [$ref]  {"oneOf":[{"$ref":"#/components/schemas/Other"}],"nullable":true}: ajv throws: "nullable" cannot be used without "type"
enum          {"type":["string","null"],"enum":["a"]}: ajv refuses null
SEEN
