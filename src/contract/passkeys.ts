/** Passkeys on the wire. What browsers send and take is theirs (Web Authentication Level 3, JSON serialization). */
import { z } from 'zod';
import { timeSchema } from './common.ts';

const base64url = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[A-Za-z0-9_-]+$/, 'is base64url');

const id = base64url(1400);

const credential = {
  id,
  rawId: id,
  type: z.literal('public-key'),
  // Nothing is asked of extensions.
  clientExtensionResults: z.unknown().transform(() => ({})),
};

/** What `navigator.credentials.get()` gives, by its `toJSON()`. */
export const passkeyAssertionSchema = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: base64url(8192),
      authenticatorData: base64url(8192),
      signature: base64url(4096),
      userHandle: base64url(100),
    }),
  })
  .describe('What navigator.credentials.get() gives, by its toJSON()');

/** What `navigator.credentials.create()` gives, by its `toJSON()`. */
const attestationSchema = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: base64url(8192),
      attestationObject: base64url(65_536),
      transports: z
        .array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']))
        .max(10)
        .catch([]),
    }),
  })
  .describe('What navigator.credentials.create() gives, by its toJSON()');

const name = z.string().trim().min(1).max(100).describe('What you call the device');

export const passkeyInputSchema = z.object({ name, response: attestationSchema }).strict();

export const passkeyPatchSchema = z.object({ name }).strict();

export const passkeySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  host: z.string().describe('The host name that it is for: browsers offer it at no other'),
  isSynced: z.boolean().describe('Whether its owner’s other devices have it too'),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.nullable(),
});

/** For `PublicKeyCredential.parseCreationOptionsFromJSON()`. */
export const creationOptionsSchema = z.looseObject({ challenge: z.string() });
/** For `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
export const requestOptionsSchema = z.looseObject({ challenge: z.string() });
