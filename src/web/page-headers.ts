import type { InlineHashes } from './inline-hashes.ts';

/**
 * What pages of ours are sent with: no inline script or style but those that were built in, nothing from elsewhere, and nobody may frame them.
 *
 * @param isPublic whether the address has TLS: only then can TLS be promised
 * @param inline what was built into the document
 */
export const pageHeaders = (isPublic: boolean, inline: InlineHashes = { scripts: [], styles: [] }) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", ...inline.scripts],
      styleSrc: ["'self'", ...inline.styles],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' as const },
  strictTransportSecurity: isPublic ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  frameguard: { action: 'deny' as const },
});
