/** What may be attached to one message: said before anything is sent. Sizes in bytes, before they are written in base64. */
export const attachmentLimits = { count: 10, bytes: 10 * 1024 * 1024, totalBytes: 15 * 1024 * 1024 } as const;
