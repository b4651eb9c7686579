import { operations } from '../../contract/operations.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { checkFreshSignIn } from '../access/fresh-sign-in.ts';
import { isEveryScope } from '../access/policy.ts';
import { createToken, listTokens, revokeToken } from '../access/tokens.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function tokenRoutes(app: App, { db }: ServerDeps): void {
  route(app, operations.listTokens, async (request) => listTokens({ db }, request.query));

  route(app, operations.createToken, async (request, reply) => {
    const caller = callerOf(request);
    // Such a token is its owner: it makes sign-in links.
    if (isEveryScope(request.body.scopes)) checkFreshSignIn(caller);
    return reply.code(201).send(await createToken({ db }, request.body, caller));
  });

  route(app, operations.revokeToken, async (request, reply) => {
    await revokeToken({ db }, request.params.id, callerOf(request).actor);
    return reply.code(204).send();
  });
}
