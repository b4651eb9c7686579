import { z } from 'zod';
import { operation } from '../operation.ts';
import { creationOptionsSchema, passkeyInputSchema, passkeyPatchSchema, passkeySchema } from '../passkeys.ts';
import { routes } from '../routes.ts';
import { endedSessionsSchema, passwordInputSchema } from '../session.ts';

const fresh = 'A session must be of the last 15 minutes.';

export const passkeysOperations = {
  listPasskeys: operation(routes.listPasskeys, {
    summary: 'The passkeys that sign in',
    tags: ['session'],
    responses: { 200: z.object({ items: z.array(passkeySchema), nextCursor: z.null() }) },
  }),
  beginPasskey: operation(routes.beginPasskey, {
    summary: 'Begin to add a passkey',
    description: `The challenge is good once, for five minutes, in the browser that was given it. ${fresh}`,
    tags: ['session'],
    responses: { 200: creationOptionsSchema },
  }),
  addPasskey: operation(routes.addPasskey, {
    summary: 'Add a passkey',
    description: fresh,
    tags: ['session'],
    body: passkeyInputSchema,
    responses: { 201: passkeySchema },
  }),
  renamePasskey: operation(routes.renamePasskey, {
    summary: 'Call a passkey by another name',
    tags: ['session'],
    params: z.object({ id: z.uuid() }),
    body: passkeyPatchSchema,
    responses: { 200: passkeySchema },
  }),
  removePasskey: operation(routes.removePasskey, {
    summary: 'Remove a passkey',
    description: `The sessions that it opened are ended, but for the caller’s own. ${fresh}`,
    tags: ['session'],
    params: z.object({ id: z.uuid() }),
    responses: { 200: endedSessionsSchema },
  }),
  setPassword: operation(routes.setPassword, {
    summary: 'Set the password that signs in, or another',
    description: `The sessions that the one before opened are ended, but for the caller’s own. ${fresh}`,
    tags: ['session'],
    body: passwordInputSchema,
    responses: { 200: endedSessionsSchema },
  }),
  removePassword: operation(routes.removePassword, {
    summary: 'Remove the password',
    description: `The sessions that it opened are ended, but for the caller’s own. ${fresh}`,
    tags: ['session'],
    responses: { 200: endedSessionsSchema },
  }),
};
