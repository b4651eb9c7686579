/** ETags and If-Match (RFC 9110, sections 8.8.3 and 13.1.1) over the revisions of features. */
import { asSent } from '../web/entity-tag.ts';

/** A strong ETag. Revisions hold no quotation marks. */
export const etagOf = (revision: string): string => `"${revision}"`;

/**
 * Whether a revision is one that the writer has seen, for features to ask within their transaction; undefined when the
 * request does not say. `*` fits any.
 *
 * A writer who sends back what a proxy made of an ETag has seen the revision all the same, so a weak one counts, although the
 * standard asks for strong ones: ours name what a feature holds, however it is encoded.
 */
export function expectedBy(ifMatch: string | undefined): ((revision: string) => boolean) | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const etags = new Set(ifMatch.split(',').map(asSent));
  return (revision) => etags.has(etagOf(revision));
}
