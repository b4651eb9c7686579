import { pageOf } from '../common.ts';
import { operation } from '../operation.ts';
import { routes } from '../routes.ts';
import { secretSchema, secretUsesQuerySchema } from '../secret-uses.ts';
import { vaultSchema } from '../vault.ts';

export const vaultOperations = {
  listSecretUses: operation(routes.listSecretUses, {
    summary: 'Where secrets were used, and what would break if one were changed',
    tags: ['vault'],
    query: secretUsesQuerySchema,
    responses: { 200: pageOf(secretSchema) },
  }),
  showVault: operation(routes.showVault, {
    summary: 'What is sealed, and under which key',
    tags: ['vault'],
    responses: { 200: vaultSchema },
  }),
};
