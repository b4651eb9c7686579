/** Signing in to the servers of connections, and out. */
import type { FastifyRequest } from 'fastify';
import { beginLogin } from '../../connections/login/begin-login.ts';
import { DeviceLogins } from '../../connections/login/device-logins.ts';
import { finishLogin } from '../../connections/login/finish-login.ts';
import { logOut } from '../../connections/login/log-out.ts';
import { offerLogin } from '../../connections/login/offer-login.ts';
import { PendingLogins } from '../../connections/login/pending-logins.ts';
import { addressesOf, clientDocument } from '../../connections/login/redirect-address.ts';
import { operations } from '../../contract/operations.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function connectionLoginRoutes(app: App, { db, vault, log, pool, settings }: ServerDeps): void {
  const pending = new PendingLogins();
  const deps = { db, vault, log, pool, home: settings.home, pending };
  const beginnerOf = (request: FastifyRequest) => {
    const { kind, id, actor } = callerOf(request);
    return { kind, id, actor };
  };

  const addressesFor = ({ headers, socket }: FastifyRequest) => {
    const { host = '127.0.0.1' } = headers;
    return addressesOf(settings.publicUrl, { host, port: socket.localPort ?? settings.port });
  };
  const devices = new DeviceLogins(deps);
  app.addHook('onReady', () => devices.start());
  app.addHook('onClose', () => devices.stop());

  route(app, operations.offerLogin, async (request) =>
    offerLogin(deps, request.params.name, addressesFor(request)),
  );

  route(app, operations.beginDeviceLogin, async (request) =>
    devices.begin(request.params.name, request.body, callerOf(request).actor),
  );

  route(app, operations.getDeviceLogin, async (request) => devices.read(request.params.name));

  route(app, operations.cancelDeviceLogin, async (request, reply) => {
    await devices.cancel(request.params.name);
    return reply.code(204).send();
  });

  route(app, operations.beginLogin, async (request) =>
    beginLogin(deps, request.params.name, request.body, {
      beginner: beginnerOf(request),
      addresses: addressesFor(request),
    }),
  );

  route(app, operations.cancelLogin, async (request, reply) => {
    pending.cancel(request.params.name, beginnerOf(request));
    return reply.code(204).send();
  });

  route(app, operations.finishLogin, async (request) =>
    finishLogin(deps, request.body.callbackUrl, beginnerOf(request), request.params.name),
  );

  route(app, operations.finishAnyLogin, async (request) =>
    finishLogin(deps, request.body.callbackUrl, beginnerOf(request)),
  );

  route(app, operations.logOut, async (request) =>
    logOut(deps, request.params.name, callerOf(request).actor),
  );

  route(app, operations.readClientDocument, async () => {
    const { publicUrl } = settings;
    if (publicUrl !== undefined) return clientDocument(publicUrl);
    throw new AlfredError('E_NOT_FOUND', 'A VM without a public address has no such document.', {
      remedy: 'Set ALFRED_PUBLIC_URL to the https:// address by which the internet reaches it.',
    });
  });
}
