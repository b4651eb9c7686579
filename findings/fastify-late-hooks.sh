#!/usr/bin/env bash
# Fastify 5.12.8: a hook that is added to an instance after a plugin was loaded runs for the routes of that plugin as well, and a
# plugin that adds hooks (helmet, cookie: made with fastify-plugin) does so too: the order of registration keeps nothing out. A content
# type parser that is added at the same place does not get there. Only a sibling keeps hooks out.
. "$(dirname "$0")/lib.sh"
install fastify@5.12.8 @fastify/helmet@13.2.0
run late.mjs <<'JS'
import helmet from '@fastify/helmet';
import Fastify from 'fastify';
const ask = async (build) => {
  const app = Fastify();
  await build(app);
  const early = await app.inject('/early');
  const parsed = await app.inject({ method: 'POST', url: '/early', headers: { 'content-type': 'text/x-own' }, payload: 'x' });
  return `onRequest ${early.headers['x-late'] ?? 'not run'}, helmet ${'x-frame-options' in early.headers ? 'run' : 'not run'}, parser ${parsed.statusCode}`;
};
const early = async (part) => {
  part.get('/early', async () => 'early');
  part.post('/early', async () => 'early');
};
const late = async (app) => {
  app.addHook('onRequest', async (_, reply) => void reply.header('x-late', 'run'));
  app.addContentTypeParser('text/x-own', { parseAs: 'string' }, async (_, body) => body);
  await app.register(helmet);
};
console.log(`a plugin, loaded before: ${await ask(async (app) => {
  await app.register(early);
  await late(app);
})}`);
console.log(`a plugin, beside a sibling that has them: ${await ask(async (app) => {
  await app.register(early);
  await app.register(async (part) => late(part));
})}`);
JS
sees <<'SEEN'
a plugin, loaded before: onRequest run, helmet run, parser 415
a plugin, beside a sibling that has them: onRequest not run, helmet not run, parser 415
SEEN
