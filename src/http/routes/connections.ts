import { approveConnection } from '../../connections/approve-connection.ts';
import { callToolByHand } from '../../connections/call-tool-by-hand.ts';
import { createConnection } from '../../connections/create-connection.ts';
import { discoveryJson } from '../../connections/discover-tools.ts';
import { getConnection } from '../../connections/get-connection.ts';
import { listConnections } from '../../connections/list-connections.ts';
import { removeConnection } from '../../connections/remove-connection.ts';
import { withWalls } from '../../connections/stdio/describe-walls.ts';
import { testConnection } from '../../connections/test-connection.ts';
import { updateConnection } from '../../connections/update-connection.ts';
import type { Connection } from '../../contract/connections.ts';
import { operations } from '../../contract/operations.ts';
import { renameConnection } from '../../skills/rename-connection.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { may } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { etagOf, expectedBy } from '../etag.ts';
import { goneSignal } from '../gone-signal.ts';

/** As the connection verbs name a caller: only one with the scope may approve what a connection starts. */
const whoIs = (caller: Principal) => ({
  actor: caller.actor,
  mayApprove: may(caller, 'approve a connection by saving it'),
});

/** An ETag of all that is answered: behind what a writer must have seen, what its tests and uses change of themselves. */
const tagOf = ({ updatedAt, lastCheckedAt, lastUsedAt }: Connection): string =>
  etagOf([updatedAt, lastCheckedAt ?? '', lastUsedAt ?? ''].join('~'));

const seenBy = (ifMatch: string | undefined) => expectedBy(ifMatch?.replaceAll(/~[^"]*/g, ''));

export function connectionRoutes(app: App, { db, vault, log, pool, settings }: ServerDeps): void {
  const deps = { db, vault, log, pool, home: settings.home };

  const shown = async (connection: Connection) => withWalls(connection, await pool.walls());

  route(app, operations.listConnections, async (request) => {
    const { items, ...page } = await listConnections(deps, request.query);
    return { ...page, items: await Promise.all(items.map(shown)) };
  });

  route(app, operations.createConnection, async (request, reply) => {
    const { preview: isPreview } = request.query;
    const { kind } = await pool.walls();
    const connection = await shown(
      await createConnection(deps, request.body, whoIs(callerOf(request)), { isPreview, walls: kind }),
    );
    if (isPreview) return reply.code(200).send(connection);
    return reply
      .code(201)
      .header('etag', tagOf(connection))
      .header('location', `/api/v1/connections/${connection.name}`)
      .send(connection);
  });

  route(app, operations.getConnection, async (request, reply) => {
    const connection = await shown(await getConnection(deps, request.params.name));
    return reply.header('etag', tagOf(connection)).send(connection);
  });

  route(app, operations.updateConnection, async (request, reply) => {
    const isExpected = seenBy(request.headers['if-match']);
    const { name } = request.params;
    const connection = await updateConnection(deps, name, request.body, whoIs(callerOf(request)), {
      isExpected,
      isPreview: request.query.preview,
    });
    return reply.header('etag', tagOf(connection)).send(await shown(connection));
  });

  route(app, operations.renameConnection, async (request) =>
    renameConnection(deps, request.params.name, request.body.to, callerOf(request).actor),
  );

  route(app, operations.removeConnection, async (request, reply) => {
    await removeConnection(deps, request.params.name, {
      actor: callerOf(request).actor,
      isExpected: seenBy(request.headers['if-match']),
    });
    return reply.code(204).send();
  });

  route(app, operations.testConnection, async (request) => testConnection(deps, request.params.name));

  route(app, operations.discoverTools, async (request, reply) => {
    const json = await discoveryJson(deps, request.params.name);
    return reply.type('application/json; charset=utf-8').send(json as never);
  });

  route(app, operations.approveConnection, async (request, reply) => {
    const isExpected = seenBy(request.headers['if-match']);
    const connection = await approveConnection(deps, request.params.name, whoIs(callerOf(request)), {
      isExpected,
      origin: request.query.origin,
      isPreview: request.query.preview,
    });
    return reply.header('etag', tagOf(connection)).send(await shown(connection));
  });

  route(app, operations.callTool, async (request, reply) => {
    const { name, tool } = request.params;
    const { arguments: args, timeoutMs } = request.body;
    return callToolByHand(deps, name, tool, args, {
      actor: callerOf(request).actor,
      signal: goneSignal(app, reply),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  });
}
