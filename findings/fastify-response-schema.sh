#!/usr/bin/env bash
# Fastify 5.12.8: a JSON Schema on a route changes values, in and out, where one expects it to refuse them.
# Answers: null becomes "", 1.9 becomes 1, "false" becomes true. Bodies: true becomes 1, null becomes false or "", and a single
# value a list (for `any of number or string`, the first that can be made of it). Nothing is logged.
. "$(dirname "$0")/lib.sh"
install fastify@5.12.8
run routes.mjs <<'JS'
import Fastify from 'fastify';
const app = Fastify();
const type = (name, rest = {}) => ({ type: name, ...rest });
const texts = type('array', { items: type('string') });
const either = { anyOf: [type('number'), type('string')] };
const fields = { whole: type('integer'), text: type('string'), yes: type('boolean'), list: texts };
app.get('/', { schema: { response: { 200: type('object', { properties: fields }) } } }, async () => ({
  ...{ whole: 1.9, text: null, yes: 'false', list: [null] },
}));
app.post('/', { schema: { body: type('object', { properties: { ...fields, either } }) } }, async ({ body }) => body);
const say = (what, from, to) => console.log(`${what} ${JSON.stringify(from)}\n    -> ${to}`);
const get = await app.inject('/');
say('answer', { whole: 1.9, text: null, yes: 'false', list: [null] }, get.payload);
for (const payload of [
  { whole: true, text: false, yes: null, list: 'one', either: true },
  { whole: null, text: null, yes: 'true', list: null },
]) {
  say('body', payload, (await app.inject({ method: 'POST', url: '/', payload })).payload);
}
JS
sees <<'SEEN'
answer {"whole":1.9,"text":null,"yes":"false","list":[null]}
    -> {"whole":1,"text":"","yes":true,"list":[""]}
body {"whole":true,"text":false,"yes":null,"list":"one","either":true}
    -> {"whole":1,"text":"false","yes":false,"list":["one"],"either":1}
body {"whole":null,"text":null,"yes":"true","list":null}
    -> {"whole":0,"text":"","yes":true,"list":[""]}
SEEN
