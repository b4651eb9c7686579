/** Which methods each address has, so that a wrong method is told from a wrong path (405, with `Allow`). */
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { AlfredError } from '../kernel/errors.ts';
import type { TypedApp } from './typed-app.ts';

export type RouteMethods = {
  /** @throws AlfredError E_METHOD_NOT_ALLOWED for an address that has other methods */
  refuseMethod(request: FastifyRequest, reply: FastifyReply): void;
};

/** Keeps count of every route registered after this. */
export function countRoutes(app: TypedApp): RouteMethods {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ method, url }: RouteOptions) => {
    for (const one of [method].flat()) methods.set(url, (methods.get(url) ?? new Set()).add(one));
  });
  return {
    refuseMethod(request, reply) {
      const path = request.url.split('?', 1)[0] ?? '';
      const pattern = [...methods.keys()].find((url) => fits(url, path));
      if (pattern === undefined) return;
      reply.header('allow', [...(methods.get(pattern) ?? [])].join(', '));
      throw new AlfredError('E_METHOD_NOT_ALLOWED', `${request.method} is not possible here`);
    },
  };
}

/** Whether a path is one of a route's: `:name` stands for one part. */
function fits(pattern: string, path: string): boolean {
  const parts = pattern.split('/');
  const given = path.split('/');
  return (
    parts.length === given.length &&
    parts.every((part, index) => (part.startsWith(':') ? given[index] !== '' : part === given[index]))
  );
}
