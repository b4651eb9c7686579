/** What Core's API has of people: users, the provider's tokens, sessions, and who did what. */
import { z } from 'zod';
import {
  coreActsSchema,
  coreActsVerifiedSchema,
  coreForgottenSchema,
  coreLinkFollowedSchema,
  coreLinkSentSchema,
  coreOperatorSignInSchema,
  corePasskeyInputSchema,
  corePasswordChangeSchema,
  coreSessionSchema,
  coreSignInSchema,
  coreSignInWaysSchema,
  coreTokenSchema,
  coreUserChangeSchema,
  coreUserSchema,
  expiringTokenSchema,
  newCoreTokenSchema,
  newCoreUserSchema,
} from '../core-people.ts';
import { operation } from '../operation.ts';
import {
  creationOptionsSchema,
  passkeyAssertionSchema,
  passkeySchema,
  requestOptionsSchema,
} from '../passkeys.ts';
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
  sendLink: operation(coreRoutes.sendLink, {
    summary: 'A link by which a user sets their password, once',
    description:
      'An invitation for who has none, and a reset for who forgot theirs. By mail where the login is an address and Core sends mail, and else in the answer. In the place of any before.',
    params: idParams,
    responses: { 200: coreLinkSentSchema },
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
  readSignInWays: operation(coreRoutes.readSignInWays, {
    summary: 'How one may sign in at this address',
    responses: { 200: coreSignInWaysSchema },
  }),
  followLink: operation(coreRoutes.followLink, {
    summary: 'Set a password by a link, and sign in: a cookie, for the page',
    body: coreLinkFollowedSchema,
    responses: nothing,
  }),
  forgotPassword: operation(coreRoutes.forgotPassword, {
    summary: 'Have a link for a new password mailed',
    description: 'The answer is the same whether there is such a login or not.',
    body: coreForgottenSchema,
    responses: { 202: z.object({}) },
  }),
  changePassword: operation(coreRoutes.changePassword, {
    summary: "Change one's own password; other sessions end",
    body: corePasswordChangeSchema,
    responses: nothing,
  }),
  beginPasskeySignIn: operation(coreRoutes.beginPasskeySignIn, {
    summary: 'What to ask a device for, to sign in by a passkey',
    responses: { 200: requestOptionsSchema },
  }),
  signInByPasskey: operation(coreRoutes.signInByPasskey, {
    summary: 'Sign in by a passkey: a cookie, for the page',
    body: passkeyAssertionSchema,
    responses: nothing,
  }),
  listPasskeys: operation(coreRoutes.listPasskeys, {
    summary: "One's own passkeys",
    responses: { 200: itemsOf(passkeySchema) },
  }),
  beginPasskey: operation(coreRoutes.beginPasskey, {
    summary: 'What to ask a device for, to add a passkey',
    responses: { 200: creationOptionsSchema },
  }),
  addPasskey: operation(coreRoutes.addPasskey, {
    summary: 'Add a passkey',
    body: corePasskeyInputSchema,
    responses: { 201: passkeySchema },
  }),
  removePasskey: operation(coreRoutes.removePasskey, {
    summary: "Remove one of one's own passkeys",
    params: idParams,
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
