/** The type of the VM's server inside. */
import type { TypedApp } from '../web/typed-app.ts';
import type { Principal } from './access/principal.ts';

export type App = TypedApp;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request; null on public routes, where nobody need be anybody. */
    principal: Principal | null;
  }
  interface FastifyInstance {
    /** Aborted when the server begins to close: long answers end then. */
    closing: AbortSignal;
  }
}
