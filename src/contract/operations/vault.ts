import { z } from 'zod';
import { pageOf } from '../common.ts';
import { operation } from '../operation.ts';
import { secretSchema, secretUsesQuerySchema } from '../secret-uses.ts';
import { keyRotationSchema, rotatedKeySchema, vaultSchema } from '../vault.ts';

export const vaultOperations = {
  listSecretUses: operation('GET /api/v1/secret-uses', {
    access: 'read',
    summary: 'Where secrets were used, and what would break if one were changed',
    tags: ['vault'],
    query: secretUsesQuerySchema,
    responses: { 200: pageOf(secretSchema) },
  }),
  showVault: operation('GET /api/v1/vault', {
    access: 'read',
    summary: 'What is sealed, and under which key',
    tags: ['vault'],
    responses: { 200: vaultSchema },
  }),
  rotateKeys: operation('POST /api/v1/vault/rotation', {
    // A person's word, as of what a stolen key would open.
    access: 'every-scope',
    records: ['key.rotation_begun'],
    summary: 'Change the keys while everything goes on, or go on with that',
    description:
      '`root` is the key outside the database; the data keys change behind it. `data` is these alone. It goes on behind the answer: `GET /api/v1/vault` says how far it is.',
    tags: ['vault'],
    body: z.strictObject({ key: rotatedKeySchema }),
    responses: { 202: keyRotationSchema },
  }),
  cancelKeyRotation: operation('DELETE /api/v1/vault/rotation', {
    access: 'every-scope',
    records: ['key.rotation_cancelled'],
    summary: 'Give up a change of the root key that waits for the key to be put in place',
    tags: ['vault'],
    responses: { 204: z.undefined() },
  }),
};
