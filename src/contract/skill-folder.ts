/**
 * What of a skill's folder is sent and kept. Folders from elsewhere hold fonts, pictures and archives of megabytes; of those
 * the names are enough.
 */
import { z } from 'zod';

/** Text that a step can read. */
const isText = (path: string): boolean =>
  /\.(md|mdx|markdown|txt|rst|adoc|csv|tsv|jsonl?|ya?ml|toml|ini|xml|html?|css|sql|py|sh|bash|ps1|[cm]?[jt]sx?|rb|go|rs|java|php|lua|pl|r)$/i.test(
    path,
  );

/** What says nothing of the work, and may be longer than all the rest: no step is shown it. */
export const isLegal = (path: string): boolean =>
  /(^|\/)(licen[cs]e|copying|notice|third[-_ ]party[^/]*|changelog|changes|history|authors|contributors?|code_of_conduct|security)([-_.][^/]*)?$/i.test(
    path,
  );

export const isSkillFile = (path: string): boolean => /^skill\.md$/i.test(path);

/** What is kept of a folder beside its SKILL.md, licences too: they come back at export. */
export const isKept = (path: string): boolean => !isSkillFile(path) && (isText(path) || isLegal(path));

/** As the API takes them. */
const mostFiles = 200;
/** In characters of all files together, well within the largest request. */
const mostText = 700_000;

/** Below the skill's folder, on every system. */
export const isFilePath = (path: string): boolean =>
  path.length > 0 &&
  path.length <= 300 &&
  !/[\\:\p{Cc}]/u.test(path) &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

/** A skill's own files by their paths, its SKILL.md not among them. */
export const skillFilesSchema = z
  .record(
    z.string().refine((path) => isFilePath(path) && !isSkillFile(path), {
      message: 'is no path of a file beside a SKILL.md, such as references/forms.md',
    }),
    z.string(),
  )
  .refine((files) => Object.keys(files).length < mostFiles, `are ${mostFiles} files or more`)
  .refine(
    (files) => Object.values(files).reduce((sum, text) => sum + text.length, 0) <= mostText,
    `are longer than ${mostText.toLocaleString('en')} characters`,
  );

export type SkillFiles = z.infer<typeof skillFilesSchema>;

/**
 * A folder in bounds: files that are not kept keep their name alone, as do the longest where all would be too much; of more
 * files than can be sent those are left out that would have kept no more than that.
 */
export function fitFolder(folder: Readonly<Record<string, string>>): Record<string, string> {
  const isSent = (path: string) => isSkillFile(path) || isKept(path);
  const files = Object.entries(folder)
    .map(([path, text]) => ({ path, text: isSent(path) ? text : '' }))
    .toSorted((one, other) => Number(isSent(other.path)) - Number(isSent(one.path)))
    .slice(0, mostFiles);
  let size = files.reduce((sum, { text }) => sum + text.length, 0);
  for (const file of files.filter(({ path }) => !isSkillFile(path)).toSorted(byLength)) {
    if (size <= mostText) break;
    size -= file.text.length;
    file.text = '';
  }
  return Object.fromEntries(files.map(({ path, text }) => [path, text]));
}

const byLength = (one: { text: string }, other: { text: string }) => other.text.length - one.text.length;
