import { operations } from '../../contract/operations.ts';
import { createChannel } from '../../notices/create-channel.ts';
import { listChannels } from '../../notices/list-channels.ts';
import { readPushKey } from '../../notices/push-key.ts';
import { removeChannel } from '../../notices/remove-channel.ts';
import { sumNotices } from '../../notices/sum-notices.ts';
import { testChannel } from '../../notices/test-channel.ts';
import { updateChannel } from '../../notices/update-channel.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { goneSignal } from '../gone-signal.ts';

export function channelRoutes(app: App, deps: ServerDeps): void {
  const { postman } = deps;

  route(app, operations.listChannels, async () => ({ items: await listChannels(deps), nextCursor: null }));

  route(app, operations.readNotices, async () => sumNotices(await listChannels(deps)));

  route(app, operations.readPushKey, async () => ({ publicKey: (await readPushKey(deps)).publicKey }));

  route(app, operations.createChannel, async (request, reply) => {
    const channel = await createChannel(deps, request.body, callerOf(request).actor);
    return reply.code(201).header('location', `/api/v1/notice-channels/${channel.name}`).send(channel);
  });

  route(app, operations.updateChannel, async (request) => {
    const { name } = request.params;
    const channel = await updateChannel(deps, name, request.body, callerOf(request).actor);
    postman?.soon();
    return channel;
  });

  route(app, operations.removeChannel, async (request, reply) => {
    await removeChannel(deps, request.params.name, callerOf(request).actor);
    return reply.code(204).send();
  });

  route(app, operations.testChannel, async (request, reply) =>
    testChannel(deps, request.params.name, goneSignal(app, reply)),
  );
}
