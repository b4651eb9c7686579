import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { routes } from '../routes.ts';
import { sessionSchema, signInLinkSchema, signInSchema } from '../session.ts';

export const sessionApi = {
  signIn: endpoint(routes.signIn, {
    summary: 'Sign in with the code of a one-time link',
    tags: ['session'],
    body: signInSchema,
    responses: { 200: sessionSchema },
  }),
  showSession: endpoint(routes.showSession, {
    summary: 'Who the caller is',
    tags: ['session'],
    responses: { 200: sessionSchema },
  }),
  signOut: endpoint(routes.signOut, {
    summary: 'Sign out',
    tags: ['session'],
    responses: { 204: z.undefined() },
  }),
  createSignInLink: endpoint(routes.createSignInLink, {
    summary: 'Make a one-time sign-in link',
    description: 'The session that it opens has every scope, so the caller must have them all.',
    tags: ['session'],
    responses: { 201: signInLinkSchema },
  }),
};
