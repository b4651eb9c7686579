import type { FastifyRequest } from 'fastify';
import type { Author } from '../../skills/create-skill.ts';
import { may } from './policy.ts';
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

/** Who saves a skill by this request. */
export function authorOf(request: FastifyRequest): Author {
  const caller = callerOf(request);
  return { actor: caller.actor, mayLoosen: may(caller, 'loosen a skill') };
}
