/**
 * How a sender of webhooks proves itself, as data: where its signature stands, what is signed, with what. One scheme for all
 * senders; `senders/` holds those that are known by name, and a trigger with `auth: "custom"` one of its own.
 */
import { z } from 'zod';

/**
 * Where something stands in a delivery: `header:x-id`, `query:token`, `form:From`, `json:/data/id` (a JSON pointer; the same
 * without `json:`), or `part:t` of a signature that is a list of pairs. `*` in a pointer stands for every element.
 */
const deliveryPlaceSchema = z
  .string()
  .max(500)
  .regex(
    /^(header:[A-Za-z0-9-]+|query:[\w.-]+|form:[^\s].*|part:\w+|claim:\w+|(json:)?\/.*)$/,
    'use header:<name>, query:<name>, form:<field>, or a JSON pointer into the body: /data/id',
  );

const placesSchema = z.union([deliveryPlaceSchema, z.array(deliveryPlaceSchema).min(1).max(8)]);

/** What a delivery's proof may be; `plain` is the secret itself. */
const schemeAlgorithms = [
  'hmac-sha256',
  'hmac-sha1',
  'hmac-sha512',
  'ed25519',
  'ecdsa-sha256',
  'jwt-hs256',
  'plain',
] as const;

/** What the address answers a sender that tries it, without starting anything. */
const challengeSchema = z
  .object({
    method: z.enum(['GET', 'HEAD', 'POST']).default('POST'),
    /** `place`, or `place = text`: what tells such a request from a delivery; any request of the method when left out. */
    when: z.string().max(500).optional(),
    /** `signature`: proved as a delivery is. `token`: this place holds the trigger's `verifyToken`. */
    proof: z.enum(['signature', 'token', 'none']).default('none'),
    token: deliveryPlaceSchema.optional(),
    /** Text, or JSON, in which `{place}` is what stands there and `{hmac:place}` what the secret makes of it. */
    answer: z.union([z.string().max(2000), z.record(z.string(), z.unknown())]).default(''),
  })
  .strict();

export const webhookSchemeSchema = z
  .object({
    signature: z
      .object({
        from: placesSchema.describe('Where it stands; of several places each that is there is tried'),
        pairs: z.enum([',', ';']).optional().describe('The value is a list of name=value, parted by this'),
        part: z.string().max(50).optional().describe('The name of the pairs that hold signatures'),
        list: z.enum([' ', ',']).optional().describe('The value holds several signatures, parted by this'),
        prefix: z.string().max(50).optional(),
        encoding: z.enum(['hex', 'base64', 'base64url', 'text']).default('hex'),
      })
      .strict(),
    signed: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(12)
      .default(['{body}'])
      .describe(
        'One after the other: {body}, {url}, {method}, {timestamp}, {sortedForm}, {place}, {one place|or another}, or text',
      ),
    algorithm: z.enum(schemeAlgorithms).default('hmac-sha256'),
    key: z
      .enum(['utf8', 'base64', 'hex', 'whsec'])
      .default('utf8')
      .describe('What the secret is text of; `whsec` is base64 behind whsec_'),
    timestamp: z
      .object({
        from: placesSchema,
        unit: z.enum(['s', 'ms', 'iso']).default('s'),
        tolerance: z.int().min(1).max(86_400).default(300).describe('In seconds, to either side'),
      })
      .strict()
      .optional(),
    bodyHash: deliveryPlaceSchema.optional().describe('Where the SHA-256 of the body stands, in hex, signed'),
    id: placesSchema
      .optional()
      .describe("Where a delivery's id stands; the first place that holds one counts"),
    idRequired: z.boolean().optional().describe('A delivery without an id is refused'),
    challenge: z.union([challengeSchema, z.array(challengeSchema).min(1).max(4)]).optional(),
    handshake: z
      .object({
        secret: deliveryPlaceSchema.describe(
          'Where the sender hands its secret over, to a hook that has none yet',
        ),
        echo: z
          .string()
          .regex(/^[A-Za-z0-9-]+$/)
          .optional()
          .describe('A header that is sent back as it came'),
        isShown: z.boolean().optional().describe('The owner has to type it at the sender'),
      })
      .strict()
      .optional(),
    show: z
      .array(z.string().regex(/^[a-z0-9-]+$/))
      .max(20)
      .optional()
      .describe('Headers that say what a delivery is about'),
    jsonFields: z.array(z.string().max(100)).max(8).optional().describe('Fields of a form that hold JSON'),
  })
  .strict();

/** As it is written: what has a default may be left out. */
export type SchemeInput = z.input<typeof webhookSchemeSchema>;
export type WebhookScheme = z.output<typeof webhookSchemeSchema>;
export type Challenge = z.output<typeof challengeSchema>;

/** What a hook answers a delivery with. */
export const hookAnswerSchema = z
  .object({
    status: z.int().min(200).max(299).optional().describe('202 when left out; 200 with `response: "result"`'),
    body: z
      .string()
      .max(10_000)
      .optional()
      .describe(
        'Instead of the usual JSON; {{executionId}}, {{status}}, {{output}} and {{error}} are filled in, written as the content type wants it',
      ),
    contentType: z.enum(['application/json', 'text/plain', 'text/xml', 'application/xml']).optional(),
    failedStatus: z
      .int()
      .min(400)
      .max(599)
      .optional()
      .describe(
        'With `response: "result"`: what a run that did not succeed is answered with; 200 when left out',
      ),
  })
  .strict();
export type HookAnswer = z.infer<typeof hookAnswerSchema>;
