/**
 * The page's policy allows no code that is made of text. zod tries whether it may as soon as it is read, and takes a refusal for an answer, but a
 * browser reports each try. Said before zod comes: `jitless`, https://zod.dev/api (zod 4.6.7, v4/core/util.js, `allowsEval`).
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
