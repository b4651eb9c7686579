/** What may be attached to one message: said before anything is sent. Sizes in bytes, before they are written in base64. */
export const attachmentLimits = { count: 10, bytes: 10 * 1024 * 1024, totalBytes: 15 * 1024 * 1024 } as const;

const { count, bytes, totalBytes } = attachmentLimits;
const inMiB = (value: number): string => `${Math.round(value / 1024 / 1024)} MiB`;

/** What is taken, before anything is picked. */
export const attachmentWords = `text, images and PDFs, ${count} at most, ${inMiB(bytes)} each and ${inMiB(totalBytes)} together`;

/** Why these cannot be sent; undefined when they can. */
export function attachmentProblem(files: readonly { name: string; size: number }[]): string | undefined {
  if (files.length > count) return `${files.length} files are too many: ${count} go with one message.`;
  const large = files.find(({ size }) => size > bytes);
  if (large) return `${large.name} is larger than ${inMiB(bytes)}.`;
  const empty = files.find(({ size }) => size === 0);
  if (empty) return `${empty.name} is empty.`;
  const total = files.reduce((sum, { size }) => sum + size, 0);
  return total > totalBytes ? `Together they are larger than ${inMiB(totalBytes)}.` : undefined;
}
