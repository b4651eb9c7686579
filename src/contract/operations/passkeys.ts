import { z } from 'zod';
import { operation } from '../operation.ts';
import { creationOptionsSchema, passkeyInputSchema, passkeyPatchSchema, passkeySchema } from '../passkeys.ts';
import { endedSessionsSchema, passwordInputSchema } from '../session.ts';

const fresh = 'A session must be of the last 15 minutes.';

export const passkeysOperations = {
  listPasskeys: operation('GET /api/v1/passkeys', {
    // Who adds a way in, or takes one away, must be as the owner.
    access: 'admin',
    summary: 'The passkeys that sign in',
    tags: ['session'],
    responses: { 200: z.object({ items: z.array(passkeySchema), nextCursor: z.null() }) },
  }),
  beginPasskey: operation('POST /api/v1/passkeys/challenge', {
    access: 'every-scope',
    summary: 'Begin to add a passkey',
    description: `The challenge is good once, for five minutes, in the browser that was given it. ${fresh}`,
    tags: ['session'],
    responses: { 200: creationOptionsSchema },
  }),
  addPasskey: operation('POST /api/v1/passkeys', {
    access: 'every-scope',
    records: ['passkey.added'],
    summary: 'Add a passkey',
    description: fresh,
    tags: ['session'],
    body: passkeyInputSchema,
    responses: { 201: passkeySchema },
  }),
  renamePasskey: operation('PATCH /api/v1/passkeys/:id', {
    access: 'every-scope',
    records: ['passkey.renamed'],
    summary: 'Call a passkey by another name',
    tags: ['session'],
    params: z.object({ id: z.uuid() }),
    body: passkeyPatchSchema,
    responses: { 200: passkeySchema },
  }),
  removePasskey: operation('DELETE /api/v1/passkeys/:id', {
    access: 'every-scope',
    records: ['passkey.removed'],
    summary: 'Remove a passkey',
    description: `The sessions that it opened are ended, but for the caller’s own. ${fresh}`,
    tags: ['session'],
    params: z.object({ id: z.uuid() }),
    responses: { 200: endedSessionsSchema },
  }),
  setPassword: operation('PUT /api/v1/password', {
    access: 'every-scope',
    records: ['password.set'],
    summary: 'Set the password that signs in, or another',
    description: `The sessions that the one before opened are ended, but for the caller’s own. ${fresh}`,
    tags: ['session'],
    body: passwordInputSchema,
    responses: { 200: endedSessionsSchema },
  }),
  removePassword: operation('DELETE /api/v1/password', {
    access: 'every-scope',
    records: ['password.removed'],
    summary: 'Remove the password',
    description: `The sessions that it opened are ended, but for the caller’s own. ${fresh}`,
    tags: ['session'],
    responses: { 200: endedSessionsSchema },
  }),
};
