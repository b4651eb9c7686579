import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../common.ts';
import { operation } from '../operation.ts';
import { requestOptionsSchema } from '../passkeys.ts';
import {
  linkInputSchema,
  openSessionSchema,
  sessionSchema,
  signInLinkSchema,
  signInSchema,
  signInWaysSchema,
} from '../session.ts';

export const sessionOperations = {
  signIn: operation('POST /api/v1/session', {
    access: 'public',
    records: ['sign_in.succeeded', 'sign_in.failed'],
    summary: 'Sign in with the code of a one-time link, a passkey or the password',
    description: 'In a browser that is signed in already, the new session takes the place of the other.',
    tags: ['session'],
    body: signInSchema,
    responses: { 200: sessionSchema },
  }),
  showSignInWays: operation('GET /api/v1/session/ways', {
    access: 'public',
    summary: 'How one can sign in, here',
    tags: ['session'],
    responses: { 200: signInWaysSchema },
  }),
  beginPasskeySignIn: operation('POST /api/v1/session/challenge', {
    access: 'public',
    summary: 'Begin to sign in with a passkey',
    description: 'The challenge is good once, for five minutes, in the browser that was given it.',
    tags: ['session'],
    responses: { 200: requestOptionsSchema },
  }),
  showSession: operation('GET /api/v1/session', {
    access: 'signed-in',
    summary: 'Who the caller is',
    tags: ['session'],
    responses: { 200: sessionSchema },
  }),
  signOut: operation('DELETE /api/v1/session', {
    access: 'signed-in',
    records: ['session.closed'],
    summary: 'Sign out',
    tags: ['session'],
    responses: { 204: z.undefined() },
  }),
  createSignInLink: operation('POST /api/v1/session/links', {
    // The session that a link opens has every scope, and nobody gives away what they have not.
    access: 'every-scope',
    records: ['sign_in.link_created'],
    summary: 'Make a one-time sign-in link',
    description:
      'The session that it opens has every scope, so the caller must have them all; a session must be of the last 15 minutes.',
    tags: ['session'],
    body: linkInputSchema.default({}),
    responses: { 201: signInLinkSchema },
  }),
  listSessions: operation('GET /api/v1/sessions', {
    access: 'admin',
    summary: 'Who is signed in, and where',
    tags: ['session'],
    query: pageQuerySchema,
    responses: { 200: pageOf(openSessionSchema) },
  }),
  endSession: operation('DELETE /api/v1/sessions/:id', {
    access: 'admin',
    records: ['session.closed'],
    summary: 'End a session',
    description: 'Whatever it holds open is ended too, at once.',
    tags: ['session'],
    params: z.object({ id: z.uuid() }),
    responses: { 204: z.undefined() },
  }),
  endSessions: operation('DELETE /api/v1/sessions', {
    access: 'admin',
    records: ['session.closed'],
    summary: 'End every session but the caller’s own',
    tags: ['session'],
    responses: { 200: z.object({ ended: z.int().describe('How many there were') }) },
  }),
};
