/** What Core's API has of people: users, the provider's tokens, sessions, and who did what. */
import { z } from 'zod';
import {
  coreActsSchema,
  coreActsVerifiedSchema,
  coreOperatorSignInSchema,
  coreSessionSchema,
  coreSignInSchema,
  coreTokenSchema,
  coreUserChangeSchema,
  coreUserSchema,
  expiringTokenSchema,
  newCoreTokenSchema,
  newCoreUserSchema,
} from '../core-people.ts';
import { operation } from '../operation.ts';
import { idParams, itemsOf, nothing } from './parts.ts';
import { coreRoutes } from './routes.ts';

export const peopleOperations = {
  listUsers: operation(coreRoutes.listUsers, {
    summary: 'Who has VMs here',
    responses: { 200: itemsOf(coreUserSchema) },
  }),
  createUser: operation(coreRoutes.createUser, {
    summary: 'Add a user',
    body: newCoreUserSchema,
    responses: { 201: coreUserSchema.pick({ id: true, login: true }) },
  }),
  changeUser: operation(coreRoutes.changeUser, {
    summary: 'Suspend a user or let them in again; set the number that the provider has for them',
    params: idParams,
    body: coreUserChangeSchema,
    responses: nothing,
  }),
  removeUser: operation(coreRoutes.removeUser, {
    summary: 'Remove a user who has no VM; their bills stay',
    params: idParams,
    responses: nothing,
  }),
  createToken: operation(coreRoutes.createToken, {
    summary: 'A token of the provider’s, with a role and an end; shown this once',
    body: newCoreTokenSchema,
    responses: { 201: coreTokenSchema.extend({ token: z.string() }) },
  }),
  listTokens: operation(coreRoutes.listTokens, {
    summary: 'The tokens of the provider’s that are good',
    responses: { 200: itemsOf(coreTokenSchema) },
  }),
  endToken: operation(coreRoutes.endToken, {
    summary: 'End a token, and all that was opened or made with it',
    params: idParams,
    responses: nothing,
  }),
  listActs: operation(coreRoutes.listActs, {
    summary: 'Who did what at Core, the newest first',
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(500).default(100),
      before: z.coerce.number().int().min(1).optional().describe('Those with a lower seq'),
    }),
    responses: { 200: coreActsSchema },
  }),
  verifyActs: operation(coreRoutes.verifyActs, {
    summary: 'Hold every act on record against the one before it',
    query: z.strictObject({
      head: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'use a SHA-256 in hexadecimal')
        .optional()
        .describe('A head of an earlier time: is it still in the chain?'),
    }),
    responses: { 200: coreActsVerifiedSchema },
  }),
  signIn: operation(coreRoutes.signIn, {
    summary: 'Sign in: a bearer',
    body: coreSignInSchema,
    responses: { 201: expiringTokenSchema },
  }),
  signInPage: operation(coreRoutes.signInPage, {
    summary: 'Sign in: a cookie, for the page',
    body: z.union([coreSignInSchema, coreOperatorSignInSchema]),
    responses: nothing,
  }),
  showSession: operation(coreRoutes.showSession, {
    summary: 'Who the caller is',
    responses: { 200: coreSessionSchema },
  }),
  describeCoreApi: operation(coreRoutes.describeCoreApi, {
    summary: 'This document',
    responses: { 200: z.record(z.string(), z.unknown()) },
  }),
  signOut: operation(coreRoutes.signOut, { summary: 'Sign out', responses: nothing }),
};
