#!/usr/bin/env bash
# @scalar/openapi-parser 0.29.22 beside yaml 2.9.1: the same OpenAPI file is two documents.
# A merge (`<<: *shared`) is carried out by the one and is a property called "<<" for the other, as YAML 1.2 has no
# merges (until it is told `merge: true`).
. "$(dirname "$0")/lib.sh"
install @scalar/openapi-parser@0.29.22 yaml@2.9.1
run read.mjs <<'JS'
import { load } from '@scalar/openapi-parser';
import { parse } from 'yaml';
const text = `openapi: 3.1.0
info: { title: Shop, version: '1.10' }
x-shared: &shared { description: As ordered }
paths:
  /orders:
    get:
      responses:
        '200': { <<: *shared }
`;
const say = (who, { paths }) => console.log(`${who.padEnd(17)} ${JSON.stringify(paths['/orders'].get.responses[200])}`);
say('yaml', parse(text));
say('yaml, merge: true', parse(text, { merge: true }));
say('openapi-parser', (await load(text)).specification);
JS
sees <<'SEEN'
yaml              {"<<":{"description":"As ordered"}}
yaml, merge: true {"description":"As ordered"}
openapi-parser    {"description":"As ordered"}
SEEN
