/** What comes with a message: text that the model reads, images and PDFs that it looks at, and nothing else. */
import { attachmentLimits } from '../contract/attachment-limits.ts';
import type { AttachmentInput } from '../contract/attachments.ts';
import { storableText } from '../database/storable.ts';
import { AlfredError, type FieldError } from '../kernel/errors.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Redactor } from '../vault/redact.ts';

export type CheckedAttachment = {
  name: string;
  /** What it is, whatever it was called. */
  mediaType: string;
  data: Buffer<ArrayBuffer>;
  sha256: Uint8Array<ArrayBuffer>;
};

/** How the formats begin that the Messages API takes. */
const signatures: readonly { mediaType: string; fits: (data: Buffer) => boolean }[] = [
  {
    mediaType: 'image/png',
    fits: (data) => data.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  },
  { mediaType: 'image/jpeg', fits: (data) => data.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')) },
  { mediaType: 'image/gif', fits: (data) => data.subarray(0, 4).toString('latin1') === 'GIF8' },
  {
    mediaType: 'image/webp',
    fits: (data) =>
      data.subarray(0, 4).toString('latin1') === 'RIFF' && data.subarray(8, 12).toString('latin1') === 'WEBP',
  },
  { mediaType: 'application/pdf', fits: (data) => data.subarray(0, 5).toString('latin1') === '%PDF-' },
];

/**
 * Looks at each by its content. Text is redacted here; what is in an image or a PDF cannot be.
 *
 * @throws AlfredError E_VALIDATION naming each that cannot be taken
 */
export function checkAttachments(given: readonly AttachmentInput[], redactor: Redactor): CheckedAttachment[] {
  const wrong: FieldError[] = [];
  const checked = given.map(({ name, mediaType, data }, index) => {
    const bytes = Buffer.from(data, 'base64');
    const field = `/attachments/${index}/data`;
    if (bytes.length > attachmentLimits.bytes) wrong.push({ field, message: 'is larger than 10 MiB' });
    const kind = signatures.find(({ fits }) => fits(bytes))?.mediaType;
    const text = kind === undefined ? textIn(bytes) : undefined;
    if (kind === undefined && text === undefined)
      wrong.push({ field, message: 'is neither text (UTF-8) nor a PNG, JPEG, GIF, WebP or PDF' });
    const content = text === undefined ? bytes : Buffer.from(redactor.text(text));
    return {
      name: storableText(redactor.text(name)),
      mediaType: kind ?? (mediaType.startsWith('text/') ? mediaType : 'text/plain'),
      data: content,
      sha256: Uint8Array.from(sha256(content)),
    };
  });
  const total = checked.reduce((sum, { data }) => sum + data.length, 0);
  if (total > attachmentLimits.totalBytes)
    wrong.push({ field: '/attachments', message: 'are larger than 15 MiB together' });
  if (wrong.length === 0) return checked;
  throw new AlfredError(
    'E_VALIDATION',
    `An attachment cannot be taken: ${wrong.map(({ message }) => message).join('; ')}.`,
    {
      remedy: 'Send text, images or PDFs, of at most 10 MiB each.',
      fields: wrong,
    },
  );
}

/** The text that the bytes are; undefined where they are none. */
function textIn(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined; // whether it is text was the question
  }
}
