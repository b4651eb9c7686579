/**
 * Who may call what. One table and one function decide for every route; a route that the table does not name cannot be
 * registered, so nothing is ever open by omission.
 */
import type { Scope } from '../../contract/common.ts';
import type { CoreScope } from '../../contract/core.ts';
import type { Access, Route } from '../../contract/endpoint.ts';
import { consolePages } from '../../contract/pages.ts';
import { routes } from '../../contract/routes.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { Principal } from './principal.ts';

/** The console's own files: documents without content of its owner's. */
const files = [...consolePages, '/icon.svg', '/assets/:file'];

/** By method and pattern, `GET /api/v1/skills`. */
export const policy: Readonly<Record<string, Access>> = {
  ...Object.fromEntries(files.map((path) => [`GET ${path}`, 'public' as const])),
  ...Object.fromEntries(
    Object.values(routes).map(({ method, path, access }) => [`${method} ${path}`, access]),
  ),
};

/** What the table says of a route; undefined for one that it does not name. HEAD is as GET. */
export const accessOf = (method: string, pattern: string): Access | undefined =>
  policy[`${method === 'HEAD' ? 'GET' : method} ${pattern}`];

/** What a token of Core opens, by its own scopes. `content` opens what `read` does; nothing else is open to it. */
export const corePolicy: Readonly<Record<string, CoreScope>> = Object.fromEntries(
  Object.values(routes).flatMap((route: Route) =>
    route.core === undefined ? [] : [[`${route.method} ${route.path}`, route.core]],
  ),
);

/** Whether a user of Core may call this route, beside what their scopes open as anybody's. */
export const isOpenToCore = (method: string, pattern: string, { core }: Principal): boolean => {
  const needed = corePolicy[`${method === 'HEAD' ? 'GET' : method} ${pattern}`];
  return needed !== undefined && core?.has(needed) === true;
};

/** The scopes that open what needs `access`: its own, and for the VM's figures also `read`, which shows more than they do. */
export const scopesFor = (access: Scope): readonly Scope[] =>
  access === 'metrics' ? ['metrics', 'read'] : [access];

/**
 * Decides about one request.
 *
 * @throws AlfredError E_UNAUTHENTICATED without anybody behind the request, E_FORBIDDEN without the scope
 */
export function decide(access: Access | undefined, principal: Principal | undefined): void {
  if (access === 'public') return;
  if (!principal) {
    throw new AlfredError('E_UNAUTHENTICATED', 'This needs a sign-in or an access token', {
      remedy: 'Send Authorization: Bearer <token>, or open a sign-in link in the browser.',
    });
  }
  if (access === 'signed-in') return;
  if (access !== undefined && scopesFor(access).some((scope) => principal.scopes.has(scope))) return;
  throw new AlfredError('E_FORBIDDEN', `This needs the scope "${access}", which the token has not`, {
    remedy: 'Use a token that has it; `npx alfred token create` makes one.',
  });
}
