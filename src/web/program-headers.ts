/**
 * What helmet says of our pages, for answers that are read by programs: no browser takes one for a page, or shows what a sender
 * wrote as one.
 *
 * @param isPublic whether the address has TLS: only then can TLS be promised
 */
export const programHeaders = (isPublic: boolean) => ({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  ...(isPublic ? { 'strict-transport-security': 'max-age=31536000' } : {}),
});
