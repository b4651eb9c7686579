/** The slug of a skill from elsewhere, from whatever it calls itself. */
import { slugSchema } from '../../contract/common.ts';
import { sha256 } from '../../kernel/hash.ts';
import { inLatin } from '../../kernel/latin.ts';
import { nameLimit } from './frontmatter.ts';

/**
 * The same for the same name each time, so that a skill that is imported again is found. Of a name without a Latin letter or
 * digit it has a digest: no two of them are one.
 *
 * @returns `isGuessed` where the name says nothing of it, so that a person had better choose one
 */
export function slugFrom(name: string): { slug: string; isGuessed: boolean } {
  if (slugSchema.safeParse(name).success) return { slug: name, isGuessed: false };
  const slug = inLatin(name)
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, nameLimit)
    .replace(/^-+|-+$/g, '');
  const isBare = !/[a-z]/.test(slug) && /\p{L}/u.test(name);
  return isBare || slug === ''
    ? { slug: `skill-${sha256(name).toString('hex').slice(0, 8)}`, isGuessed: true }
    : { slug, isGuessed: false };
}
