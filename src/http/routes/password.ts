import { operations } from '../../contract/operations.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { checkFreshSignIn } from '../access/fresh-sign-in.ts';
import { removePassword, setPassword } from '../access/password/password.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

/** Who has just signed in changes it, by the password of before or by any other way: so it is not asked for here. */
export function passwordRoutes(app: App, deps: ServerDeps): void {
  route(app, operations.setPassword, async (request) => {
    const by = callerOf(request);
    checkFreshSignIn(by);
    return { endedSessions: await setPassword(deps, request.body.password, by) };
  });

  route(app, operations.removePassword, async (request) => {
    const by = callerOf(request);
    checkFreshSignIn(by);
    return { endedSessions: await removePassword(deps, by) };
  });
}
