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

export const peopleOperations = {
  listUsers: operation('GET /v1/users', {
    summary: 'Who has VMs here',
    responses: { 200: itemsOf(coreUserSchema) },
  }),
  createUser: operation('POST /v1/users', {
    summary: 'Add a user',
    body: newCoreUserSchema,
    responses: { 201: coreUserSchema.pick({ id: true, login: true }) },
  }),
  changeUser: operation('PATCH /v1/users/:id', {
    summary: 'Suspend a user or let them in again; set the number that the provider has for them',
    params: idParams,
    body: coreUserChangeSchema,
    responses: nothing,
  }),
  removeUser: operation('DELETE /v1/users/:id', {
    summary: 'Remove a user who has no VM; their bills stay',
    params: idParams,
    responses: nothing,
  }),
  sendLink: operation('POST /v1/users/:id/link', {
    summary: 'A link by which a user sets their password, once',
    description:
      'An invitation for who has none, and a reset for who forgot theirs. By mail where the login is an address and Core sends mail, and else in the answer. In the place of any before.',
    params: idParams,
    responses: { 200: coreLinkSentSchema },
  }),
  createToken: operation('POST /v1/tokens', {
    summary: 'A token of the provider’s, with a role and an end; shown this once',
    body: newCoreTokenSchema,
    responses: { 201: coreTokenSchema.extend({ token: z.string() }) },
  }),
  listTokens: operation('GET /v1/tokens', {
    summary: 'The tokens of the provider’s that are good',
    responses: { 200: itemsOf(coreTokenSchema) },
  }),
  endToken: operation('DELETE /v1/tokens/:id', {
    summary: 'End a token, and all that was opened or made with it',
    params: idParams,
    responses: nothing,
  }),
  listActs: operation('GET /v1/audit', {
    summary: 'Who did what at Core, the newest first',
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(500).default(100),
      before: z.coerce.number().int().min(1).optional().describe('Those with a lower seq'),
    }),
    responses: { 200: coreActsSchema },
  }),
  verifyActs: operation('GET /v1/audit/verify', {
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
  signIn: operation('POST /v1/session', {
    summary: 'Sign in: a bearer',
    body: coreSignInSchema,
    responses: { 201: expiringTokenSchema },
  }),
  signInPage: operation('POST /v1/session/cookie', {
    summary: 'Sign in: a cookie, for the page',
    body: z.union([coreSignInSchema, coreOperatorSignInSchema]),
    responses: nothing,
  }),
  readSignInWays: operation('GET /v1/session/ways', {
    summary: 'How one may sign in at this address',
    responses: { 200: coreSignInWaysSchema },
  }),
  followLink: operation('POST /v1/session/link', {
    summary: 'Set a password by a link, and sign in: a cookie, for the page',
    body: coreLinkFollowedSchema,
    responses: nothing,
  }),
  forgotPassword: operation('POST /v1/session/forgotten', {
    summary: 'Have a link for a new password mailed',
    description: 'The answer is the same whether there is such a login or not.',
    body: coreForgottenSchema,
    responses: { 202: z.object({}) },
  }),
  changePassword: operation('PUT /v1/session/password', {
    summary: "Change one's own password; other sessions end",
    body: corePasswordChangeSchema,
    responses: nothing,
  }),
  beginPasskeySignIn: operation('POST /v1/session/passkey/challenge', {
    summary: 'What to ask a device for, to sign in by a passkey',
    responses: { 200: requestOptionsSchema },
  }),
  signInByPasskey: operation('POST /v1/session/passkey', {
    summary: 'Sign in by a passkey: a cookie, for the page',
    body: passkeyAssertionSchema,
    responses: nothing,
  }),
  listPasskeys: operation('GET /v1/passkeys', {
    summary: "One's own passkeys",
    responses: { 200: itemsOf(passkeySchema) },
  }),
  beginPasskey: operation('POST /v1/passkeys/challenge', {
    summary: 'What to ask a device for, to add a passkey',
    responses: { 200: creationOptionsSchema },
  }),
  addPasskey: operation('POST /v1/passkeys', {
    summary: 'Add a passkey',
    body: corePasskeyInputSchema,
    responses: { 201: passkeySchema },
  }),
  removePasskey: operation('DELETE /v1/passkeys/:id', {
    summary: "Remove one of one's own passkeys",
    params: idParams,
    responses: nothing,
  }),
  showSession: operation('GET /v1/session', {
    summary: 'Who the caller is',
    responses: { 200: coreSessionSchema },
  }),
  describeCoreApi: operation('GET /v1/openapi.json', {
    summary: 'This document',
    responses: { 200: z.record(z.string(), z.unknown()) },
  }),
  signOut: operation('DELETE /v1/session', { summary: 'Sign out', responses: nothing }),
};
