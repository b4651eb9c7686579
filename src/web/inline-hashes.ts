/** What stands in a built document as script or style, by its hash: a policy that names it lets nothing else in a page run, or dress it. */
import { createHash } from 'node:crypto';

export type InlineHashes = { scripts: string[]; styles: string[] };

/** @param document as it is served. What has attributes is no script of ours: the build writes none with them */
export function inlineHashes(document: string): InlineHashes {
  const hashesOf = (name: 'script' | 'style') =>
    [...document.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(
      ([, content = '']) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`,
    );
  return { scripts: hashesOf('script'), styles: hashesOf('style') };
}
