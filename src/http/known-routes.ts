/** Keeps count of the routes: none without a policy, and a wrong method is told from a wrong path. */
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { AlfredError } from '../kernel/errors.ts';
import { countRoutes } from '../web/route-methods.ts';
import { accessOf } from './access/policy.ts';
import type { App } from './app.ts';

type SendPage = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/**
 * Refuses, at start, any route registered after this that the policy does not name.
 *
 * @returns what has a part of the server answer 404 and 405. Its `sendPage` answers a person who typed an address that is none:
 *   the console says so
 * @throws Error naming the route: a mistake of ours
 */
export function keepRoutes(app: App): (part: App, sendPage: SendPage) => void {
  const { refuseMethod } = countRoutes(app);
  app.addHook('onRoute', ({ method, url }: RouteOptions) => {
    for (const one of [method].flat()) {
      if (accessOf(one, url) === undefined) throw new Error(`${one} ${url} is not in the policy`);
    }
  });

  return (part, sendPage) =>
    part.setNotFoundHandler((request, reply) => {
      const path = request.url.split('?', 1)[0] ?? '';
      refuseMethod(request, reply);
      if (isForPerson(request, path)) return sendPage(request, reply.code(404));
      throw new AlfredError('E_NOT_FOUND', 'There is nothing at this address');
    });
}

/** Whether somebody sits before it: a browser that goes to an address asks for HTML, and programs have places of their own. */
const isForPerson = ({ method, headers }: FastifyRequest, path: string): boolean =>
  method === 'GET' &&
  String(headers.accept ?? '').includes('text/html') &&
  !/^\/(api|hooks|assets|mcp|oauth|\.well-known)(\/|$)/.test(path);
