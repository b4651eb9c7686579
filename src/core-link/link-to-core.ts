import { createPublicKey } from 'node:crypto';
import { recordAudit } from '../audit/record-audit.ts';
import { readConfig } from '../config/read-config.ts';
import { enrolledVmSchema } from '../contract/core.ts';
import { vmOperations } from '../contract/core-api/vms.ts';
import type { Database } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { removeEntries, writePlain } from '../vault/plain-rows.ts';
import type { Vault } from '../vault/vault.ts';
import { hashAuthSecret, openAuthSecret } from './auth-secret.ts';
import { callCore, checkCoreUrl } from './call-core.ts';
import { type LinkState, linkKeys, readLink } from './link-state.ts';

export type CoreDeps = {
  db: Database;
  vault: Vault;
  /** Aborted when the VM ends: what is asked of Core then is given up, and asked again at the next start. */
  stopping?: AbortSignal;
};

/**
 * Enrols this VM at Core with a one-time token, and pins Core's key. Core is sent the token and the bcrypt hash of
 * `vm_auth_secret`: no name, no version, no address.
 *
 * The hash is kept before it is sent: when the answer is lost, the same token and hash ask for it again.
 *
 * @throws AlfredError E_ALREADY_LINKED, E_VALIDATION, E_ENROLMENT, E_CORE_REFUSED, E_CORE_UNREACHABLE
 */
export async function linkToCore(
  deps: CoreDeps,
  given: { url: string; enrollmentToken: string },
  actor: string,
): Promise<LinkState> {
  const { db } = deps;
  const url = checkCoreUrl(given.url);
  const linked = await readLink(db.prisma);
  if (linked) {
    throw new AlfredError('E_ALREADY_LINKED', `This VM is linked to ${linked.url} already.`, {
      remedy: 'End that link first: npx alfred core unlink',
    });
  }
  const { enrollmentToken } = given;
  const authSecretHash = await hashToSend(deps, url);
  const body = JSON.stringify({ enrollmentToken, authSecretHash });
  const answer = enrolledVmSchema.safeParse(
    await callCore(url, { method: 'POST', path: vmOperations.enrolVm.path, body }, deps.stopping),
  );
  if (!answer.success) throw new AlfredError('E_CORE_REFUSED', `What answers at ${url} is no Core.`);
  const { vmId, issuer, publicKeyPem } = answer.data;
  checkKey(publicKeyPem);
  const link = { url, issuer, vmId, linkedAt: timeNow().toISOString(), publicKey: publicKeyPem };
  await db.transaction(async (tx) => {
    await removeEntries(tx, [linkKeys.enrolling]);
    await writePlain(tx, {
      [linkKeys.url]: link.url,
      [linkKeys.issuer]: link.issuer,
      [linkKeys.vmId]: link.vmId,
      [linkKeys.linkedAt]: link.linkedAt,
      [linkKeys.publicKey]: link.publicKey,
    });
    await recordAudit(tx, { action: 'core.linked', actor, subject: vmId, data: { url } });
  });
  return link;
}

/** The hash that an unanswered enrolment at this address has sent, or a new one, kept before it is sent. */
async function hashToSend(deps: CoreDeps, url: string): Promise<string> {
  const { db } = deps;
  const { core_enrolling: kept } = await readConfig(db.prisma, linkKeys.enrolling);
  if (kept?.url === url) return kept.authSecretHash;
  const authSecretHash = await hashAuthSecret(await openAuthSecret(deps));
  await db.transaction((tx) =>
    writePlain(tx, { [linkKeys.enrolling]: JSON.stringify({ url, authSecretHash }) }),
  );
  return authSecretHash;
}

/** @throws AlfredError E_CORE_REFUSED for a key of a kind that we do not trust */
function checkKey(pem: string): void {
  const type = (() => {
    try {
      return createPublicKey(pem).asymmetricKeyType;
    } catch {
      return undefined; // no key at all: said below
    }
  })();
  if (type === 'ed25519' || type === 'rsa') return;
  throw new AlfredError('E_CORE_REFUSED', 'Core gave no key that this VM can trust (Ed25519 or RSA).');
}
