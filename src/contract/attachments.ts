/** Files of a message, on the wire. */
import { z } from 'zod';
import { attachmentLimits } from './attachment-limits.ts';

export const attachmentInputSchema = z
  .object({
    name: z.string().min(1).max(255),
    mediaType: z
      .string()
      .max(100)
      .regex(/^[\w.+-]+\/[\w.+-]+$/, 'use a media type, such as image/png'),
    data: z
      .base64()
      .min(1)
      .max(Math.ceil((attachmentLimits.bytes * 4) / 3) + 4, 'is larger than 10 MiB')
      .describe('The content, in base64'),
  })
  .strict();
export type AttachmentInput = z.infer<typeof attachmentInputSchema>;

export const attachmentSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
});
export type Attachment = z.infer<typeof attachmentSchema>;
