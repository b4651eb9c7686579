/** The text files beside a SKILL.md that its step is given as guidance. */
import { isLegal, isReference, isSkillFile } from '../../contract/skill-folder.ts';

/** More than this would crowd out the prompt. In characters. */
const limit = 60_000;

/** In the order in which the body names them, each by the end of its path. */
function named(body: string, paths: string[]): string[] {
  const places = paths
    .map((path) => ({ path, place: placeIn(body, path) }))
    .filter(({ place }) => place !== -1);
  return places.toSorted((one, other) => one.place - other.place).map(({ path }) => path);
}

function placeIn(body: string, path: string): number {
  const whole = body.indexOf(path);
  // `see forms.md` names references/forms.md.
  return whole === -1 ? body.indexOf(path.slice(path.lastIndexOf('/') + 1)) : whole;
}

/**
 * Files that the body names come first, licences and changelogs never.
 *
 * @returns what there was room for, and the paths of what there was none for, or what is no text
 */
export function references(
  folder: Readonly<Record<string, string>>,
  body: string,
): { text: string; left: string[] } {
  const paths = Object.keys(folder)
    .filter((path) => !isSkillFile(path) && !isLegal(path))
    .sort((one, other) => one.localeCompare(other, 'en'));
  const first = named(body, paths);
  const left: string[] = [];
  let text = '';
  for (const path of [...first, ...paths.filter((one) => !first.includes(one))]) {
    const content = folder[path]?.trim() ?? '';
    const part = `## ${path}\n\n${content}\n\n`;
    if (content === '' || !isReference(path) || text.length + part.length > limit) left.push(path);
    else text += part;
  }
  return { text: text.trim(), left };
}
