/** The access of a request whose answer lasts: a stream goes on for as long as its watcher would be let in. */
import type { FastifyRequest } from 'fastify';
import type { ServerDeps } from '../deps.ts';
import type { EventStreamOptions } from '../event-stream.ts';
import { authorize } from './authorize.ts';
import { callerOf } from './caller.ts';

export const lastingAccess = (
  { db, accessFeed, heartbeatMs }: Pick<ServerDeps, 'db' | 'accessFeed' | 'heartbeatMs'>,
  request: FastifyRequest,
): Omit<EventStreamOptions, 'signal'> => ({
  authorize: () => authorize(db, request, { isAgain: true }),
  onAccessNews: (onNews) => accessFeed.subscribe(callerOf(request), onNews),
  ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
});
