/**
 * Who may call what. One table and one function decide for every route; a route that the table does not name cannot be
 * registered, so nothing is ever open by omission.
 */
import { acts } from '../../contract/acts.ts';
import { type Scope, scopes } from '../../contract/common.ts';
import type { CoreScope } from '../../contract/core.ts';
import type { Access, Admission, Operation } from '../../contract/operation.ts';
import { operations } from '../../contract/operations.ts';
import { consoleFiles, consolePages } from '../../contract/pages.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { Principal } from './principal.ts';

/** The console's own files: documents without content of its owner's. */
const files = [...consolePages, ...consoleFiles, '/assets/:file'];

/** By method and pattern, `GET /api/v1/skills`. */
export const policy: Readonly<Record<string, Access>> = {
  ...Object.fromEntries(files.map((path) => [`GET ${path}`, 'public' as const])),
  ...Object.fromEntries(
    Object.values(operations).map(({ method, path, access }) => [`${method} ${path}`, access]),
  ),
};

/** Whether somebody may do what is more than the route they came by. */
export const may = ({ scopes: held }: Pick<Principal, 'scopes'>, act: keyof typeof acts): boolean =>
  held.has(acts[act].scope);

/** What the table says of a route; undefined for one that it does not name. HEAD is as GET. */
export const accessOf = (method: string, pattern: string): Access | undefined =>
  policy[`${method === 'HEAD' ? 'GET' : method} ${pattern}`];

/** What a token of Core opens, by its own scopes. `content` opens what `read` does; nothing else is open to it. */
const corePolicy: Readonly<Record<string, CoreScope>> = Object.fromEntries(
  Object.values<Operation & Admission>(operations).flatMap((route) =>
    route.core === undefined ? [] : [[`${route.method} ${route.path}`, route.core]],
  ),
);

/** Whether a user of Core may call this route, beside what their scopes open as anybody's. */
export const isOpenToCore = (method: string, pattern: string, { core }: Principal): boolean => {
  const needed = corePolicy[`${method === 'HEAD' ? 'GET' : method} ${pattern}`];
  return needed !== undefined && core?.has(needed) === true;
};

/** The scopes of which any opens `scope`: itself, and for the VM's figures also `read`, which shows more than they do. */
export const scopesFor = (scope: Scope): readonly Scope[] =>
  scope === 'metrics' ? ['metrics', 'read'] : [scope];

/** What a token for named skills may call: what runs them, and what says whose it is. */
const openToSkillTokens = new Set([
  'POST /api/v1/skills/:slug/run',
  'GET /api/v1/session',
  ...['POST', 'GET', 'DELETE'].map((method) => `${method} /mcp`),
]);

/**
 * Decides besides about a request of a token for named skills; `/mcp` shows it no others.
 *
 * @param slug the skill that the address names
 * @throws AlfredError E_FORBIDDEN for anything but running one of them
 */
export function decideSkills(principal: Principal | undefined, route: string, slug?: string): void {
  const { skills } = principal ?? {};
  if (skills === undefined) return;
  if (openToSkillTokens.has(route) && (slug === undefined || skills.has(slug))) return;
  throw new AlfredError(
    'E_FORBIDDEN',
    `This token is for running ${[...skills].join(', ')}, and nothing else`,
    {
      remedy: 'Use another token; `npx alfred token create` makes one.',
    },
  );
}

/**
 * Decides besides about a request of a program that was let in by OAuth: its tokens are for `/mcp`, and for nothing else of this VM.
 *
 * @throws AlfredError E_FORBIDDEN
 */
export function decideApp(principal: Principal | undefined, pattern: string): void {
  if (principal?.kind !== 'app' || pattern === '/mcp') return;
  throw new AlfredError('E_FORBIDDEN', 'This token is for /mcp, and for nothing else', {
    remedy: 'Use an access token; `npx alfred token create` makes one.',
  });
}

/** Which scopes are missing for what needs `access`. */
const missingFor = (access: Scope | 'every-scope', { scopes: held }: Pick<Principal, 'scopes'>): Scope[] =>
  (access === 'every-scope' ? scopes : [access]).filter(
    (scope) => !scopesFor(scope).some((opening) => held.has(opening)),
  );

/** Whether these scopes are all that there is: whoever has them is as the owner. */
export const isEveryScope = (held: readonly Scope[]): boolean =>
  missingFor('every-scope', { scopes: new Set(held) }).length === 0;

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
  // A route that the table does not name opens to nobody.
  const missing = access === undefined ? ['?'] : missingFor(access, principal);
  if (missing.length === 0) return;
  const names = missing.map((scope) => `"${scope}"`).join(', ');
  throw new AlfredError('E_FORBIDDEN', `This needs the scope ${names}, which the token has not`, {
    remedy: 'Use a token that has it; `npx alfred token create` makes one.',
  });
}
