/** What the vault holds, on the wire: names and fingerprints, never a value. */
import { z } from 'zod';

export const vaultSchema = z.object({
  vaultId: z.string(),
  rootKey: z.object({
    fingerprint: z.string(),
    source: z.string().describe('Where the root key comes from'),
  }),
  dataKeys: z.array(
    z.object({ id: z.int(), isActive: z.boolean().describe('Seals new values'), values: z.int() }),
  ),
  sealed: z
    .object({ config: z.int(), connections: z.int(), skills: z.int() })
    .describe('How many values, by table'),
  unreadable: z.array(z.string()).describe('Values that do not open: enter them again'),
});
