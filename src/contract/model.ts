/** The model and its endpoint, on the wire. */
import { z } from 'zod';
import { timeSchema } from './common.ts';
import { errorCodes } from './errors.ts';

const modelTroubleSchema = z.object({
  since: timeSchema.describe('When it first failed behind its last answer'),
  code: z.enum(Object.keys(errorCodes) as [keyof typeof errorCodes]),
  message: z.string().describe('A sentence for a person'),
  remedy: z.string(),
});
export type ModelTrouble = z.infer<typeof modelTroubleSchema>;

export const modelSchema = z.object({
  model: z.string(),
  rehearsal: z
    .boolean()
    .describe('The built-in rehearsal model answers: it is chosen, or nothing else could'),
  baseUrl: z.string(),
  hasApiKey: z.boolean(),
  trouble: modelTroubleSchema
    .nullable()
    .describe('What keeps it from answering, until it answers again or is set up anew'),
});
export type Model = z.infer<typeof modelSchema>;

export const modelTestSchema = z.object({
  ok: z.boolean(),
  message: z.string().describe('A sentence for a person'),
  code: z.enum(Object.keys(errorCodes) as [keyof typeof errorCodes]).optional(),
  remedy: z.string().optional(),
  model: z.string(),
  rehearsal: z.boolean().describe('The built-in rehearsal model answers: nothing was called, nothing costs'),
  durationMs: z.int(),
  costUsd: z.number().nullable().describe('Of this try; null when the price is not known'),
});
export type ModelTest = z.infer<typeof modelTestSchema>;
