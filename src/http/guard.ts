/** What every request passes before its body is read: the limit, the host's name, who it is, and whether they may. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { challengeOf, issuerAt } from '../apps/addresses.ts';
import { createDiskCheck } from '../kernel/disk-room.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import { hostCheck, publicPort } from '../web/hosts.ts';
import { authorize } from './access/authorize.ts';
import type { App } from './app.ts';
import type { ServerDeps } from './deps.ts';
import { limitPerAddress } from './limit-per-address.ts';

/** One page of the console makes a dozen requests, and a script may poll: this stops floods, not work. */
const usualPerMinute = 12_000;

/** Programs deliver more than people ask, and many of them through one address; every hook has a limit of its own besides. */
const hookShare = 10;

export type GuardDeps = Pick<ServerDeps, 'db' | 'settings' | 'requestsPerMinute'>;

/** What starts executions: refused before the disk is full, so that the ones under way can still be written down. */
const intake = new Set(['/hooks/:slug', '/mcp', '/api/v1/skills/:slug/run', '/api/v1/executions/:id/retry']);

async function refuseWithoutRoom(check: () => Promise<string | undefined>): Promise<void> {
  const trouble = await check();
  if (trouble === undefined) return;
  throw new AlfredError('E_DISK_FULL', trouble, {
    remedy: 'Make room, or let old payloads go: npx alfred config set retention_days 30. Then try again.',
  });
}

/** @returns what has a server, or a part of one, guard every route that is registered after it, and unknown paths */
export async function guard(
  app: App,
  { db, settings, requestsPerMinute = usualPerMinute }: GuardDeps,
): Promise<(part: App) => void> {
  // Nothing is limited by the plugin itself: the limits are asked below, before anything that costs work.
  await app.register(rateLimit, { global: false });
  const limit = limitPerAddress(app, requestsPerMinute);
  const hookLimit = limitPerAddress(app, requestsPerMinute * hookShare);
  const checkHost = hostCheck(settings);
  const withPublicPort = publicPort(settings.publicUrl);
  const checkDisk = createDiskCheck(settings.home);

  const check = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { method, url, headers, routeOptions } = request;
    reply.header('x-request-id', request.id);
    if (url.startsWith('/api/')) reply.header('cache-control', 'no-store');

    if (routeOptions.config.rateLimit !== false) {
      await (url.startsWith('/hooks/') ? hookLimit : limit)(request, reply);
    }
    checkHost(headers.host);
    headers.host = withPublicPort(headers.host);
    // NUL is in no name of ours, and PostgreSQL cannot hold it.
    if (/%00/.test(url)) throw new AlfredError('E_MALFORMED', 'The address holds a NUL character');
    if (request.is404) return;

    if (method === 'POST' && intake.has(routeOptions.url ?? '')) await refuseWithoutRoom(checkDisk);

    try {
      request.principal = (await authorize(db, request)) ?? null;
    } catch (error) {
      // Programs begin to sign in by what this says.
      if (routeOptions.url === '/mcp' && isAlfredError(error, 'E_UNAUTHENTICATED')) {
        const issuer = issuerAt(headers.host ?? '', settings.publicUrl);
        reply.header('www-authenticate', challengeOf(issuer, headers.authorization !== undefined));
      }
      throw error;
    }
  };
  return (part) => part.addHook('onRequest', check);
}
