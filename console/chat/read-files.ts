/** Files as they are sent with a message. */
import type { AttachmentInput } from '../../src/contract/attachments.ts';

export const readFiles = (files: readonly File[]): Promise<AttachmentInput[]> =>
  Promise.all(files.map(async (file) => ({ ...kindOf(file), data: await base64Of(file) })));

const kindOf = ({ name, type }: File) => ({
  name: name.slice(0, 255) || 'pasted',
  // What it is the server finds out by itself.
  mediaType: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'text/plain',
});

/** @throws DOMException when the file went away meanwhile */
function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
