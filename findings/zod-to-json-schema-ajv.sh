#!/usr/bin/env bash
# zod 4.6.7 beside ajv 8.20.0 with ajv-formats 3.0.1: the JSON Schema that zod makes of a schema refuses what the schema takes.
# A pattern loses its flags; decimals are a multiple of 0.01 for zod and not for ajv; a fraction of a second, an IPv4 address
# within an IPv6 one and a letter outside ASCII in a URL are fine for the one and no such format for the other.
. "$(dirname "$0")/lib.sh"
install zod@4.6.7 ajv@8.20.0 ajv-formats@3.0.1
run both.mjs <<'JS'
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';
const ajv = new Ajv.default();
addFormats.default(ajv);
for (const [name, schema, value] of [
  ['regex(/^ab$/i)', z.string().regex(/^ab$/i), 'AB'],
  ['multipleOf(0.01)', z.number().multipleOf(0.01), 19.99],
  ['iso.duration()', z.iso.duration(), 'PT0.5S'],
  ['ipv6()', z.ipv6(), '::ffff:192.0.2.1'],
  ['url()', z.url(), 'https://example.org/über'],
]) {
  const made = z.toJSONSchema(schema, { io: 'input' });
  const words = (isFine) => (isFine ? 'takes' : 'refuses');
  console.log(`${name.padEnd(17)} ${JSON.stringify(value).padEnd(27)} zod ${words(schema.safeParse(value).success)}, ajv ${words(ajv.validate(made, value))}`);
}
JS
sees <<'SEEN'
regex(/^ab$/i)    "AB"                        zod takes, ajv refuses
multipleOf(0.01)  19.99                       zod takes, ajv refuses
iso.duration()    "PT0.5S"                    zod takes, ajv refuses
ipv6()            "::ffff:192.0.2.1"          zod takes, ajv refuses
url()             "https://example.org/über"  zod takes, ajv refuses
SEEN
