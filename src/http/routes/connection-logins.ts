/** Signing in to the servers of connections, and out. */
import type { FastifyRequest } from 'fastify';
import { beginLogin } from '../../connections/login/begin-login.ts';
import { finishLogin } from '../../connections/login/finish-login.ts';
import { logOut } from '../../connections/login/log-out.ts';
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

  route(app, operations.beginLogin, async (request) => {
    const { host = '127.0.0.1' } = request.headers;
    const port = request.socket.localPort ?? settings.port;
    return beginLogin(deps, request.params.name, request.body, {
      beginner: beginnerOf(request),
      addresses: addressesOf(settings.publicUrl, { host, port }),
    });
  });

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
