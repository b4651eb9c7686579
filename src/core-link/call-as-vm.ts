/** Calls of Core with the bearer of this VM. */

import { vmBearerSchema } from '../contract/core.ts';
import { vmOperations } from '../contract/core-api/vms.ts';
import { millisNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { openAuthSecret } from './auth-secret.ts';
import { CoreRefusal, type CoreRequest, callCore, lineOf } from './call-core.ts';
import type { LinkState } from './link-state.ts';
import type { CoreDeps } from './link-to-core.ts';

/** The bearer of this process, while it is good. */
export type BearerCache = { vmId?: string; token?: string; expiresAt?: number };

/** Adds the bearer to a request: all of it that is not HTTP's own (`host`, `connection`, `content-length`). */
export const withBearer = (request: CoreRequest, token: string): CoreRequest => ({
  ...request,
  headers: { ...request.headers, authorization: `Bearer ${token}` },
});

/** @throws AlfredError E_CORE_UNREACHABLE, E_CORE_REFUSED */
export async function callAsVm(
  deps: CoreDeps & { bearer: BearerCache },
  link: LinkState,
  request: CoreRequest,
): Promise<unknown> {
  const call = async () =>
    await callCore(link.url, withBearer(request, await bearerFor(deps, link)), deps.stopping);
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof CoreRefusal) || error.coreStatus !== 401) throw error;
    // Core has a new key, or the clock was wrong: a fresh bearer, once.
    delete deps.bearer.token;
    return await call();
  }
}

/** A bearer that is good for a minute more at least. Core spends a bcrypt on each new one. */
async function bearerFor(deps: CoreDeps & { bearer: BearerCache }, link: LinkState): Promise<string> {
  const { bearer } = deps;
  const isGood = bearer.vmId === link.vmId && (bearer.expiresAt ?? 0) > millisNow() + 60_000;
  if (bearer.token !== undefined && isGood) return bearer.token;
  const secret = await openAuthSecret(deps);
  const proof = Buffer.from(`${link.vmId}:${secret}`).toString('base64');
  deps.vault.redactor.register('vm_auth_secret', proof);
  const answer = vmBearerSchema.safeParse(
    await callCore(
      link.url,
      {
        ...lineOf(vmOperations.proveVm, link),
        headers: { authorization: `Basic ${proof}` },
      },
      deps.stopping,
    ),
  );
  if (!answer.success) throw new AlfredError('E_CORE_REFUSED', `What answers at ${link.url} is no Core.`);
  const { token, expiresAt } = answer.data;
  Object.assign(bearer, { vmId: link.vmId, token, expiresAt: Date.parse(expiresAt) });
  return token;
}
