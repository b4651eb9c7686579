import { operations } from '../../contract/operations.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { createToken, listTokens, revokeToken } from '../access/tokens.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function tokenRoutes(app: App, { db }: ServerDeps): void {
  route(app, operations.listTokens, async (request) => listTokens({ db }, request.query));

  route(app, operations.createToken, async (request, reply) =>
    reply.code(201).send(await createToken({ db }, request.body, callerOf(request))),
  );

  route(app, operations.revokeToken, async (request, reply) => {
    await revokeToken({ db }, request.params.id, callerOf(request).actor);
    return reply.code(204).send();
  });
}
