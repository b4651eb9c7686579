/** What the database keeps of passkeys. */
import { createHash } from 'node:crypto';
import type { Prisma } from '../../../database/client.ts';

export type PasskeyRow = Prisma.PasskeyGetPayload<object>;

/**
 * By which a device tells the owner of this VM from that of another on the same host name, such as another VM on this
 * machine: with one and the same, the second would take the place of the first.
 */
export const userHandleOf = (vaultId: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(`alfred-vm/passkey-user/v1\0${vaultId}`).digest());
