/** The code of a one-time link, in what stands behind its `#`. */
export const codeIn = (hash: string): string | undefined =>
  new URLSearchParams(hash).get('code') ?? undefined;
