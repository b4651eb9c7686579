import { z } from 'zod';
import { backupStateSchema } from '../backups.ts';
import { pageOf, pageQuerySchema } from '../common.ts';
import { configEntrySchema, configKeySchema, putConfigSchema, settingSchema } from '../config.ts';
import { operation } from '../operation.ts';

const params = z.object({ key: configKeySchema });

export const configOperations = {
  listConfig: operation('GET /api/v1/config', {
    // What a setting says is no secret; changing one can redirect the model's traffic.
    access: 'read',
    summary: 'List what is set, by key; of a secret only its fingerprint',
    tags: ['config'],
    query: pageQuerySchema,
    responses: { 200: pageOf(configEntrySchema) },
  }),
  getConfig: operation('GET /api/v1/config/:key', {
    access: 'read',
    summary: 'Show a setting',
    tags: ['config'],
    params,
    responses: { 200: configEntrySchema },
  }),
  putConfig: operation('PUT /api/v1/config/:key', {
    access: 'admin',
    records: ['config.changed', 'secret.written'],
    summary: 'Put a setting',
    description:
      'Keys that end in `_secret`, `_key`, `_token` or `_password` (public keys aside) are sealed and never shown again. Another `model_base_url` drops `anthropic_api_key`. Entries of your own may have any name that is not one slip away from one the VM reads.',
    tags: ['config'],
    params,
    body: putConfigSchema,
    responses: { 200: configEntrySchema },
  }),
  deleteConfig: operation('DELETE /api/v1/config/:key', {
    access: 'admin',
    records: ['config.removed', 'secret.removed'],
    summary: 'Delete a setting',
    tags: ['config'],
    params,
    responses: { 204: z.undefined() },
  }),
  listSettings: operation('GET /api/v1/settings', {
    access: 'read',
    summary:
      'List the settings that the VM reads, set or not: what each does, and what holds where it is not set',
    tags: ['config'],
    responses: { 200: z.object({ items: z.array(settingSchema) }) },
  }),
  readBackups: operation('GET /api/v1/backups', {
    access: 'read',
    summary: 'How backups stand: the schedule, the last one, and whether one is missing',
    tags: ['config'],
    responses: { 200: backupStateSchema },
  }),
};
