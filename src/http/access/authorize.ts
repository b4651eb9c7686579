import type { FastifyRequest } from 'fastify';
import type { Database } from '../../database/client.ts';
import { authenticate } from './authenticate.ts';
import { accessOf, decide, decideApp, decideSkills, isOpenToCore } from './policy.ts';
import type { Principal } from './principal.ts';

/**
 * Finds out who makes a request, and sees that they may.
 *
 * @param isAgain the request was let in before, and is still being answered: what was good once need not be so again
 * @returns undefined for routes that are open to anyone
 * @throws AlfredError E_UNAUTHENTICATED, E_FORBIDDEN
 */
export async function authorize(
  db: Database,
  request: FastifyRequest,
  { isAgain = false } = {},
): Promise<Principal | undefined> {
  const { method, routeOptions } = request;
  const pattern = routeOptions.url ?? '';
  const access = accessOf(method, pattern);
  // Public routes look at no credentials, so that a wrong one cannot close them.
  if (access === 'public') return undefined;
  const principal = await authenticate(db, request, { isAgain });
  if (principal && isOpenToCore(method, pattern, principal)) return principal;
  decideApp(principal, pattern);
  decide(access, principal);
  const { slug } = { slug: undefined, ...(request.params as { slug?: string }) };
  decideSkills(principal, `${method === 'HEAD' ? 'GET' : method} ${pattern}`, slug);
  return principal;
}
