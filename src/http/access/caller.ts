import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.ts';

/**
 * Who makes a request, on routes that need somebody.
 *
 * @throws Error when the policy let nobody through: a mistake of ours
 */
export function callerOf({ principal }: FastifyRequest): Principal {
  if (principal) return principal;
  throw new Error('This route needs a caller, and the policy let nobody through');
}
