/** Signing in, on the wire. */
import { z } from 'zod';
import { scopeSchema, timeSchema } from './common.ts';
import { passkeyAssertionSchema } from './passkeys.ts';
import { preferencesSchema } from './preferences.ts';

export const signInSchema = z
  .object({
    code: z.string().min(1).max(200).optional().describe('Of a one-time sign-in link'),
    passkey: passkeyAssertionSchema.optional(),
    password: z.string().min(1).max(1000).optional(),
  })
  .strict()
  .refine((body) => Object.values(body).filter((value) => value !== undefined).length === 1, {
    message: 'send one of code, passkey and password',
  });

/** How an owner can sign in. */
export const signInWaySchema = z.enum(['link', 'passkey', 'password']);
export type SignInWay = z.infer<typeof signInWaySchema>;

/** Who the caller is. */
export const sessionSchema = z.object({
  kind: z.enum(['session', 'token', 'app', 'core']),
  actor: z.string().describe('As executions and versions name the caller'),
  scopes: z.array(scopeSchema),
  expiresAt: timeSchema.nullable(),
  publicUrl: z
    .string()
    .nullish()
    .describe('Where this VM is reached from outside (ALFRED_PUBLIC_URL), where one is asked who one is'),
  preferences: preferencesSchema.optional().describe('How the owner wants the console, told to a session'),
});

/** What the page that asks to sign in must know. It is told to strangers, too. */
export const signInWaysSchema = z.object({
  passkey: z.object({
    isSet: z.boolean().describe('Whether there is one for this address, or for the one where they work'),
    isHere: z.boolean().describe('Whether browsers take passkeys at this address'),
    address: z.url().nullable().describe('Where they do; null: nowhere'),
  }),
  password: z.boolean().describe('Whether one is set'),
});

/** Fewer are soon guessed, and one letter over and over is as few. */
const shortestPassword = 12;

export const passwordInputSchema = z
  .object({
    password: z
      .string()
      .max(200)
      .refine((text) => [...text].length >= shortestPassword, `has at least ${shortestPassword} characters`)
      .refine((text) => new Set(text).size >= 5, 'has at least five different characters')
      .refine((text) => text.isWellFormed(), 'holds half of a character'),
  })
  .strict();

/** How many others were signed out by it. */
export const endedSessionsSchema = z.object({ endedSessions: z.int() });

export const linkInputSchema = z
  .object({
    for: z.literal('passkeys').optional().describe('At the address where browsers take passkeys'),
  })
  .strict();

export const signInLinkSchema = z.object({
  url: z.url().describe('Works once, for 15 minutes; the code stands behind the #, so it reaches no log'),
  expiresAt: timeSchema,
});

/** One of those who are signed in: the owner, in some browser. */
export const openSessionSchema = z.object({
  id: z.uuid(),
  isThis: z.boolean().describe('Whether the caller asks by it'),
  way: signInWaySchema.nullable().describe('Null of a session from before it was kept'),
  browser: z.string().describe('In plain words: `Firefox on Linux`'),
  userAgent: z.string().nullable().describe('As the browser calls itself'),
  address: z.string().nullable().describe('Where the sign-in came from'),
  signedInAt: timeSchema,
  lastSeenAt: timeSchema.describe('To the minute'),
  expiresAt: timeSchema,
});
