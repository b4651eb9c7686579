/** The key-value configuration on the wire. Secrets can be put and listed, never read. */
import { z } from 'zod';
import { timeSchema } from './common.ts';

export const configKeySchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'use lower-case letters, digits and underscores');

/** Keys that name secrets are always sealed: `anthropic_api_key`, and `…_secret`, `…_key`, `…_token`, `…_password`, public keys aside. */
export const isSecretKey = (key: string): boolean =>
  /_(secret|key|token|password)$/.test(key) && !key.endsWith('_public_key');

export const configEntrySchema = z.object({
  key: configKeySchema,
  value: z.string().nullable().describe('null for a sealed value'),
  sealed: z.boolean(),
  fingerprint: z.string().optional(),
  updatedAt: timeSchema,
  warnings: z
    .array(z.string())
    .optional()
    .describe(
      'What a person should know of the change just made: a key that was dropped, a secret too short',
    ),
});
export type ConfigEntry = z.infer<typeof configEntrySchema>;
/** Where the console's settings page shows a setting. */
const settingPlaceSchema = z.object({
  panel: z.enum(['language', 'spending', 'limits', 'chat', 'keeping', 'backups']),
  label: z.string(),
  size: z
    .number()
    .optional()
    .describe('One of what the label counts is so many of what is stored: 60000 for minutes of milliseconds'),
});
export type SettingPlace = z.infer<typeof settingPlaceSchema>;

/** `GET /api/v1/settings`: an entry that the VM reads, whether it is set or not. */
export const settingSchema = z.object({
  key: configKeySchema,
  words: z.string().describe('What it does'),
  default: z.string().nullable().describe('The value that holds where nothing is set; null: see otherwise'),
  otherwise: z.string().nullable().describe('The same in words, where no value says it'),
  unit: z.string().nullable().describe('What its number counts'),
  secret: z.boolean(),
  isSwitch: z.boolean().describe('It is `on` or `off`, and nothing else'),
  place: settingPlaceSchema.nullable().describe('null: on a page of its own, or on none'),
});
export type KnownSetting = z.infer<typeof settingSchema>;

export const putConfigSchema = z.object({ value: z.string().max(65_536) }).strict();
