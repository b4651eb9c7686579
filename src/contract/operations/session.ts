import { z } from 'zod';
import { operation } from '../operation.ts';
import { routes } from '../routes.ts';
import { sessionSchema, signInLinkSchema, signInSchema } from '../session.ts';

export const sessionOperations = {
  signIn: operation(routes.signIn, {
    summary: 'Sign in with the code of a one-time link',
    tags: ['session'],
    body: signInSchema,
    responses: { 200: sessionSchema },
  }),
  showSession: operation(routes.showSession, {
    summary: 'Who the caller is',
    tags: ['session'],
    responses: { 200: sessionSchema },
  }),
  signOut: operation(routes.signOut, {
    summary: 'Sign out',
    tags: ['session'],
    responses: { 204: z.undefined() },
  }),
  createSignInLink: operation(routes.createSignInLink, {
    summary: 'Make a one-time sign-in link',
    description: 'The session that it opens has every scope, so the caller must have them all.',
    tags: ['session'],
    responses: { 201: signInLinkSchema },
  }),
};
