/**
 * What of a skill's folder is sent and read. Folders from elsewhere hold fonts, scripts and licences of megabytes; of those the
 * names are enough.
 */

/** Text that a step can be given. */
export const isReference = (path: string): boolean => /\.(md|mdx|txt|csv|json|ya?ml)$/i.test(path);

/** What says nothing of the work, and may be longer than all the rest. */
export const isLegal = (path: string): boolean =>
  /(^|\/)(licen[cs]e|copying|notice|third[-_ ]party[^/]*|changelog|changes|history|authors|contributors?|code_of_conduct|security)([-_.][^/]*)?$/i.test(
    path,
  );

export const isSkillFile = (path: string): boolean => /^skill\.md$/i.test(path);

/** As the API takes them. */
const mostFiles = 200;
/** In characters of all files together, well within the largest request. */
const mostText = 700_000;

/**
 * A folder in bounds: files that no step is given keep their name alone, as do the longest where all would be too much; of
 * more files than can be sent those are left out that would have kept no more than that.
 */
export function fitFolder(folder: Readonly<Record<string, string>>): Record<string, string> {
  const isRead = (path: string) => isSkillFile(path) || (isReference(path) && !isLegal(path));
  const files = Object.entries(folder)
    .map(([path, text]) => ({ path, text: isRead(path) ? text : '' }))
    .toSorted((one, other) => Number(isRead(other.path)) - Number(isRead(one.path)))
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
