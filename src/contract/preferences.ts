/** How the owner wants the console; null where it was not said, and the console goes by the browser. */
import { z } from 'zod';

export const languageNames = ['en', 'de'] as const;
export type LanguageName = (typeof languageNames)[number];

export const preferencesSchema = z.object({
  language: z.enum(languageNames).nullable(),
  clock: z.enum(['12', '24']).nullable(),
  currency: z.string().nullable().describe('ISO 4217; null for US dollars, in which everything is billed'),
  currencyRate: z.number().nullable().describe('How much of the currency a US dollar is'),
  byteUnits: z.literal('binary').nullable().describe('KiB of 1024 bytes; null for kB of 1000'),
});
export type Preferences = z.infer<typeof preferencesSchema>;
