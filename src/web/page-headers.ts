/**
 * What pages of ours are sent with: no inline script or style, nothing from elsewhere, and nobody may frame them.
 *
 * @param isPublic whether the address has TLS: only then can TLS be promised
 */
export const pageHeaders = (isPublic: boolean) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
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
