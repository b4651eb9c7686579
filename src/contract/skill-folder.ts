/**
 * What of a skill's folder is sent and kept. Folders from elsewhere hold fonts, pictures and archives of megabytes; of those
 * the names are enough.
 */
import { z } from 'zod';

/** Files by their path; null for one whose name alone is sent: it is no text, too long or hidden. */
export type SkillFolder = Readonly<Record<string, string | null>>;

/** Of a file, in bytes: longer ones are no text that a step could be given. */
export const largestFile = 500_000;

/** What programs leave behind and make anew. */
export const isLeftover = (name: string): boolean =>
  /^(\.git|\.svn|\.DS_Store|Thumbs\.db|node_modules|__pycache__|\.venv)$/.test(name);

/** Hidden files are named alone: an `.env` holds what no skill is to hold. */
export const isHidden = (path: string): boolean => path.split('/').some((part) => part.startsWith('.'));

/** A file's text to the letter, whatever its name ends with; null where it is none (not UTF-8, or with a NUL) or too long. */
export function fileText(bytes: Uint8Array): string | null {
  if (bytes.length > largestFile || bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** What says nothing of the work, and may be longer than all the rest: no step is shown it. */
export const isLegal = (path: string): boolean =>
  /(^|\/)(licen[cs]e|copying|notice|third[-_ ]party[^/]*|changelog|changes|history|authors|contributors?|code_of_conduct|security)([-_.][^/]*)?$/i.test(
    path,
  );

export const isSkillFile = (path: string): boolean => /^skill\.md$/i.test(path);

/** Its SKILL.md among them. */
const mostFiles = 200;
/** A folder of more is none of a skill. */
export const mostNames = 2_000;
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

/** A folder as it is sent. */
export const sentFolderSchema = z
  .record(z.string().min(1).max(500), z.string().max(1_000_000).nullable())
  .refine((files) => Object.keys(files).length <= mostNames, `names more than ${mostNames} files`)
  .refine(
    (files) => Object.values(files).filter((text) => text !== null).length <= mostFiles,
    `holds more than ${mostFiles} files`,
  )
  .describe(
    'Text files by path; null for one that is not sent, as it is no text or too long: it is said to be left out',
  );

export type SkillFiles = z.infer<typeof skillFilesSchema>;

/** A folder in bounds: of more files than a skill has, and where all would be too much of the longest, the name alone stays. */
export function fitFolder(folder: SkillFolder): Record<string, string | null> {
  const files = Object.entries(folder)
    .map(([path, text]) => ({ path, text }))
    .toSorted((one, other) => rank(other) - rank(one))
    .slice(0, mostNames)
    .map(({ path, text }, at) => ({ path, text: at < mostFiles ? text : null }));
  let size = files.reduce((sum, file) => sum + lengthOf(file), 0);
  for (const file of files.filter(({ path }) => !isSkillFile(path)).toSorted(byLength)) {
    if (size <= mostText) break;
    size -= lengthOf(file);
    file.text = null;
  }
  return Object.fromEntries(files.map(({ path, text }) => [path, text]));
}

type File = { path: string; text: string | null };
const rank = ({ path, text }: File): number => (isSkillFile(path) ? 2 : text === null ? 0 : 1);
const lengthOf = ({ text }: File): number => text?.length ?? 0;
const byLength = (one: File, other: File): number => lengthOf(other) - lengthOf(one);
