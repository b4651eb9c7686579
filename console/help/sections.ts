/** A document by its headings of the second order. */
import { t } from '../words/t.ts';

type Section = {
  /** As an address names it. */
  id: string;
  title: string;
  /** Markdown, without the heading. */
  text: string;
};

/** As GitHub makes the anchor of a heading, so that links lead to the same place here and there. */
export const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

/** The first has what stands before all headings, where there is something. */
export function sectionsOf(markdown: string): Section[] {
  // A line of a block of code may begin like a heading.
  const parts: { title: string; lines: string[] }[] = [{ title: t('In short'), lines: [] }];
  let isCode = false;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    const title = isCode ? undefined : /^## (.+)$/.exec(line)?.[1];
    if (title !== undefined) parts.push({ title, lines: [] });
    else if (isCode || !/^# |^<!--/.test(line)) parts.at(-1)?.lines.push(line);
  }
  return parts
    .map(({ title, lines }) => ({ id: anchorOf(title), title, text: lines.join('\n').trim() }))
    .filter(({ text }) => text !== '');
}

/**
 * Where a link of a document leads: to another document here, or elsewhere.
 *
 * @returns undefined for what is in the repository alone, and is no address that a browser can go to
 */
export function targetOf(
  href: string,
  here: string,
): { document: string; section: string | undefined } | { href: string } | undefined {
  if (/^https?:\/\//.test(href)) return { href };
  const inHere = /^(?:([\w-]+)\.md)?(?:#([\w-]+))?$/.exec(href);
  return inHere === null ? undefined : { document: inHere[1] ?? here, section: inHere[2] };
}
