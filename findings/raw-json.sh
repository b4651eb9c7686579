#!/usr/bin/env bash
# JSON.rawJSON (Node 24.21.0) with canonicalize 5.1.0 and fast-json-stringify 7.3.6: the one exact way to write a large number as
# JSON is understood by JSON.stringify alone. canonicalize writes an object in its place without a word, structuredClone
# refuses, and fast-json-stringify writes it where the schema is silent and throws where the schema says what it is.
. "$(dirname "$0")/lib.sh"
install canonicalize@5.1.0 fast-json-stringify@7.3.6
run raw.mjs <<'JS'
import canonicalize from 'canonicalize';
import fastJson from 'fast-json-stringify';
const value = { id: JSON.rawJSON('9007199254740993') };
const attempt = (name, write) => {
  let seen;
  try {
    seen = write();
  } catch (error) {
    seen = `throws ${error.name}`;
  }
  console.log(`${name.padEnd(34)} ${seen}`);
};
const withSchema = (schema) => fastJson({ type: 'object', properties: { id: schema } })(value);
attempt('JSON.stringify', () => JSON.stringify(value));
attempt('canonicalize', () => canonicalize(value));
attempt('structuredClone', () => JSON.stringify(structuredClone(value)));
attempt('fast-json-stringify, no type', () => withSchema({}));
attempt("fast-json-stringify, type 'integer'", () => withSchema({ type: 'integer' }));
JS
sees <<'SEEN'
JSON.stringify                     {"id":9007199254740993}
canonicalize                       {"id":{"rawJSON":"9007199254740993"}}
structuredClone                    throws DataCloneError
fast-json-stringify, no type       {"id":9007199254740993}
fast-json-stringify, type 'integer' throws TypeError
SEEN
