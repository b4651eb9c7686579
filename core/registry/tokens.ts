/** What Core signs: a VM's bearer for its reports, and a user's token for their own VM. */
import { jwtVerify, SignJWT } from 'jose';
import { type CoreScope, vmTokenLifetime, vmTokenType } from '../../src/contract/core.ts';
import { millisNow, timeNow } from '../../src/kernel/clock.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Person } from '../access/people.ts';
import type { CoreDatabase } from '../database.ts';
import type { Signer } from '../keys/signer.ts';
import type { LookForKeys } from '../keys/watch-keys.ts';
import { retired, suspended } from './enrol.ts';
import { noSuchVm } from './no-such-vm.ts';
import { isProved, keepProved } from './proved-bearers.ts';

const bearerType = 'alfred-core+jwt';

/** How long a VM's bearer is good for, in seconds: one bcrypt for all reports of that time. */
const bearerLifetime = 2 * 3600;

export type Issuing = { signer: Signer; issuer: string };

/** A bearer for the reports of one VM, for Core itself. */
export async function issueBearer(
  { signer, issuer }: Issuing,
  vmId: string,
): Promise<{ token: string; expiresAt: string }> {
  const expiresAt = Math.floor(millisNow() / 1000) + bearerLifetime;
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'EdDSA', typ: bearerType, kid: signer.kid })
    .setIssuer(issuer)
    .setAudience(issuer)
    .setSubject(vmId)
    .setExpirationTime(expiresAt)
    .sign(signer.privateKey);
  return { token, expiresAt: new Date(expiresAt * 1000).toISOString() };
}

/** @throws AlfredError E_UNAUTHENTICATED unless the bearer is this VM's own */
export async function checkBearer(
  { signer, issuer, lookForKeys }: Issuing & { lookForKeys?: LookForKeys | undefined },
  authorization: string | undefined,
  vmId: string,
): Promise<void> {
  const token = /^Bearer +(\S{1,4096})$/i.exec(authorization ?? '')?.[1];
  const refused = (cause?: unknown) =>
    new AlfredError('E_UNAUTHENTICATED', 'This needs the bearer of this VM, and a fresh one', {
      remedy: 'Get one with POST /v1/vms/:id/token.',
      cause,
    });
  if (token === undefined) throw refused();
  if (isProved(signer, token, vmId, issuer)) return;
  const keyOf = async ({ kid = '' }: { kid?: string }) => {
    // Another process of this Core may have signed with a key that came a moment ago.
    if (!signer.publicKeys.has(kid)) await lookForKeys?.();
    return signer.publicKeys.get(kid) ?? Promise.reject(refused());
  };
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
      algorithms: ['EdDSA'],
      typ: bearerType,
      issuer,
      audience: issuer,
      subject: vmId,
      requiredClaims: ['exp'],
      currentDate: timeNow(),
    });
    const expiresAt = (payload.exp ?? 0) * 1000;
    keepProved(signer, token, { vmId, issuer, kid: protectedHeader.kid ?? '', expiresAt });
  } catch (cause) {
    throw refused(cause);
  }
}

/**
 * A user's token for a VM of their own. The operator gets none: whoever runs Core has no way in.
 *
 * @throws AlfredError E_FORBIDDEN for the operator, E_NOT_FOUND for another's VM, E_SUSPENDED
 */
export async function issueVmToken(
  { db, signer, issuer }: Issuing & { db: CoreDatabase },
  person: Person,
  vmId: string,
  scopes: readonly CoreScope[],
): Promise<{ token: string; expiresAt: string; scopes: CoreScope[] }> {
  if (person.userId === null) {
    throw new AlfredError('E_FORBIDDEN', 'Core opens a VM for its own user, and for nobody else');
  }
  const vm = await db.prisma.vm.findUnique({ where: { id: vmId } });
  if (!vm || vm.ownerId !== person.userId) throw noSuchVm();
  if (vm.retiredAt) throw retired();
  if (vm.suspendedAt) throw suspended();
  const issuedAt = Math.floor(millisNow() / 1000);
  const expiresAt = issuedAt + vmTokenLifetime;
  const token = await new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'EdDSA', typ: vmTokenType, kid: signer.kid })
    .setIssuer(issuer)
    .setAudience(vmId)
    .setSubject(person.userId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .setJti(newId())
    .sign(signer.privateKey);
  return { token, expiresAt: new Date(expiresAt * 1000).toISOString(), scopes: [...scopes] };
}
