import { operations } from '../../contract/operations.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { endSession, endSessions } from '../access/end-sessions.ts';
import { listSessions } from '../access/list-sessions.ts';
import type { Principal } from '../access/principal.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const ownSession = ({ kind, id }: Principal): string | undefined => (kind === 'session' ? id : undefined);

export function sessionsRoutes(app: App, { db }: ServerDeps): void {
  route(app, operations.listSessions, async (request) =>
    listSessions({ db }, request.query, ownSession(callerOf(request))),
  );

  route(app, operations.endSession, async (request, reply) => {
    await endSession({ db }, request.params.id, callerOf(request).actor);
    return reply.code(204).send();
  });

  route(app, operations.endSessions, async (request) => {
    const caller = callerOf(request);
    return { ended: await endSessions({ db }, ownSession(caller), caller.actor) };
  });
}
