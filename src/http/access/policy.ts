/**
 * Who may call what. One table and one function decide for every route; a route that the table does not name cannot be
 * registered, so nothing is ever open by omission.
 */
import type { Scope } from '../../contract/common.ts';
import type { CoreScope } from '../../contract/core.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { Principal } from './principal.ts';

/** `public`: anyone. `signed-in`: any session or token. Otherwise the scope that is needed. */
export type Access = 'public' | 'signed-in' | Scope;

export const policy = {
  // The console's pages are one document without content of its own.
  'GET /': 'public',
  'GET /chat': 'public',
  'GET /executions': 'public',
  'GET /executions/:id': 'public',
  'GET /skills': 'public',
  'GET /skills/new': 'public',
  'GET /skills/write': 'public',
  'GET /skills/:slug': 'public',
  'GET /skills/:slug/edit': 'public',
  'GET /connections': 'public',
  'GET /connections/add': 'public',
  'GET /connections/:name': 'public',
  'GET /vault': 'public',
  'GET /core': 'public',
  'GET /settings': 'public',
  'GET /icon.svg': 'public',
  'GET /assets/:file': 'public',
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /api/openapi.json': 'public',
  'GET /metrics': 'metrics',

  // By its own signature (triggers/webhook-schemes.ts).
  'POST /hooks/:slug': 'public',

  'POST /api/v1/session': 'public',
  'GET /api/v1/session': 'signed-in',
  'DELETE /api/v1/session': 'signed-in',
  'POST /api/v1/session/links': 'admin',
  'GET /api/v1/tokens': 'admin',
  'POST /api/v1/tokens': 'admin',
  'DELETE /api/v1/tokens/:id': 'admin',

  'GET /api/v1/connections': 'read',
  'POST /api/v1/connections': 'write',
  'POST /api/v1/connections/import': 'write',
  'GET /api/v1/connections/export': 'read',
  'GET /api/v1/connections/:name': 'read',
  'PATCH /api/v1/connections/:name': 'write',
  'DELETE /api/v1/connections/:name': 'write',
  'POST /api/v1/connections/:name/test': 'write',
  'POST /api/v1/connections/:name/discover': 'write',
  'POST /api/v1/connections/:name/approve': 'connections:approve',
  'POST /api/v1/connections/:name/tools/:tool': 'run',

  'GET /api/v1/skills': 'read',
  'POST /api/v1/skills': 'write',
  'GET /api/v1/skills/:slug': 'read',
  'PATCH /api/v1/skills/:slug': 'write',
  'DELETE /api/v1/skills/:slug': 'write',
  'GET /api/v1/skills/:slug/versions': 'read',
  'POST /api/v1/skills/:slug/versions/:version/restore': 'write',
  'POST /api/v1/skills/:slug/run': 'run',
  'GET /api/v1/skills/:slug/export': 'read',
  'GET /api/v1/skills/:slug/hook': 'read',
  // Who may sign a delivery could as well give the hook another secret.
  'POST /api/v1/skills/:slug/hook/sample': 'write',
  'POST /api/v1/skills/:slug/hook/test': 'write',
  'POST /api/v1/skills/import': 'write',
  'GET /api/v1/templates': 'read',

  'POST /api/v1/schedules/preview': 'read',

  'GET /api/v1/executions': 'read',
  'GET /api/v1/executions/export': 'read',
  'GET /api/v1/executions/:id': 'read',
  'GET /api/v1/executions/:id/events': 'read',
  'GET /api/v1/events': 'read',
  // Gone for good.
  'DELETE /api/v1/executions/:id/payload': 'admin',
  'POST /api/v1/executions/:id/cancel': 'run',
  'POST /api/v1/executions/:id/retry': 'run',
  'GET /api/v1/executions/:id/status': 'read',
  'GET /api/v1/status': 'read',
  'GET /api/v1/approvals': 'read',
  'GET /api/v1/approvals/:id': 'read',
  // A person's word: no token that starts runs may let its own calls through.
  'POST /api/v1/approvals/:id': 'admin',
  'GET /api/v1/stats': 'read',

  'GET /api/v1/budget': 'read',
  'GET /api/v1/doctor': 'read',
  'GET /api/v1/stop-all': 'read',
  // Who may cancel one run may cancel all; to let them begin again is the owner's.
  'POST /api/v1/stop-all': 'run',
  'DELETE /api/v1/stop-all': 'admin',

  // What a setting says is no secret; changing one can redirect the model's traffic.
  'GET /api/v1/config': 'read',
  'GET /api/v1/config/:key': 'read',
  'PUT /api/v1/config/:key': 'admin',
  'DELETE /api/v1/config/:key': 'admin',
  'GET /api/v1/notices': 'read',
  'GET /api/v1/vault': 'read',
  // It names whoever did anything.
  'GET /api/v1/audit': 'admin',
  'GET /api/v1/audit/verify': 'admin',
  'POST /api/v1/audit/restores': 'admin',
  'GET /api/v1/secret-uses': 'read',

  'GET /api/v1/model': 'read',
  'POST /api/v1/model/test': 'admin',

  'GET /api/v1/core': 'read',
  'GET /api/v1/core/reports': 'read',
  'POST /api/v1/core/preview': 'read',
  'POST /api/v1/core/report': 'write',
  // Whom this VM answers to.
  'POST /api/v1/core/link': 'admin',
  'DELETE /api/v1/core/link': 'admin',
} as const satisfies Record<string, Access>;

/** What the table says of a route; undefined for one that it does not name. HEAD is as GET. */
export const accessOf = (method: string, pattern: string): Access | undefined =>
  (policy as Record<string, Access>)[`${method === 'HEAD' ? 'GET' : method} ${pattern}`];

/** What a token of Core opens, by its own scopes. `content` opens what `read` does; nothing else is open to it. */
export const corePolicy: Readonly<Record<string, CoreScope>> = {
  'GET /api/v1/status': 'status',
  'GET /api/v1/executions/:id/status': 'status',
  'POST /api/v1/skills/:slug/run': 'start',
};

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
