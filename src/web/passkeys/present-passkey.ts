/** A passkey as its owner is shown it, at a VM and at Core. */
import type { z } from 'zod';
import type { passkeySchema } from '../../contract/passkeys.ts';

type PasskeyRow = {
  id: string;
  name: string;
  rpId: string;
  isBackedUp: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
};

export const presentPasskey = (row: PasskeyRow): z.output<typeof passkeySchema> => ({
  id: row.id,
  name: row.name,
  host: row.rpId,
  isSynced: row.isBackedUp,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
});
