/** The type of the server inside, with bodies and answers typed by their zod schemas. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Principal } from './access/principal.ts';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

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
