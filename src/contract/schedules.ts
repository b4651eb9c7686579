/** Schedules on the wire. */
import { z } from 'zod';
import { timeSchema } from './common.ts';
import { languageNames } from './preferences.ts';

/** Of what is said in plain words. */
export const wordsLanguageSchema = z
  .enum(languageNames)
  .optional()
  .describe('Of what is said in plain words; English when left out');

export const schedulePreviewRequestSchema = z
  .object({
    cron: z.string().min(1).max(200).describe('minute hour day month weekday, or @daily and the like'),
    timezone: z.string().min(1).max(100).optional().describe("An IANA zone; the owner's when left out"),
    pausedUntil: timeSchema.optional().describe('Fire times up to then are left out'),
    language: wordsLanguageSchema,
  })
  .strict();

export const schedulePreviewSchema = z.object({
  description: z.string().describe('The expression in plain words'),
  timezone: z.string(),
  next: z.array(timeSchema).describe('The next five fire times'),
});
