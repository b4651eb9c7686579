/** A skill's own files, as its steps are told of them and read them. */
import { isLegal, type SkillFiles } from '../contract/skill-folder.ts';
import { AlfredError } from '../kernel/errors.ts';

/** Of one answer, in characters: less than what a model can be given of one. */
const mostAtOnce = 40_000;

/** Those that a step may read: the ones that `texts` name first, as they name them, then the others by name. */
export function readableFiles(files: SkillFiles, texts: readonly string[]): string[] {
  const text = texts.join('\n');
  const paths = Object.keys(files)
    .filter((path) => !isLegal(path))
    .sort((one, other) => one.localeCompare(other, 'en'));
  const placeOf = (path: string) => {
    const whole = text.indexOf(path);
    // `see forms.md` names references/forms.md.
    const place = whole === -1 ? text.indexOf(path.slice(path.lastIndexOf('/') + 1)) : whole;
    return place === -1 ? Number.POSITIVE_INFINITY : place;
  };
  const places = new Map(paths.map((path) => [path, placeOf(path)]));
  return paths.toSorted((one, other) => {
    const [first, second] = [places.get(one) ?? 0, places.get(other) ?? 0];
    return first === second ? 0 : first - second;
  });
}

/**
 * A file, or the part of it that begins at the character `from`, with how to go on.
 *
 * @param path as it stands among the skill's files, or the end of one of them alone: `forms.md` for `references/forms.md`
 * @throws AlfredError E_NOT_FOUND for what is none of them
 */
export function readSkillFile(files: SkillFiles, path: string, from = 0): string {
  const asked = path.replace(/^(\.\/)+/, '');
  const readable = Object.entries(files).filter(([name]) => !isLegal(name));
  const named = readable.filter(([name]) => name === asked || name.endsWith(`/${asked}`));
  const exact = named.find(([name]) => name === asked);
  const found = exact ?? (named.length === 1 ? named[0] : undefined);
  if (found === undefined) {
    const near = named.length > 1 ? ` Say which: ${named.map(([name]) => name).join(', ')}.` : '';
    throw new AlfredError('E_NOT_FOUND', `This skill has no file "${path.slice(0, 300)}".${near}`, {
      remedy: 'Read one of those that the step names, by its whole path.',
    });
  }
  const [, text] = found;
  // A letter of two characters is not cut in its middle.
  const isPair = /[\uD800-\uDBFF]/.test(text.charAt(from + mostAtOnce - 1));
  const part = text.slice(from, from + mostAtOnce - (isPair ? 1 : 0));
  const end = from + part.length;
  return end < text.length
    ? `${part}\n[characters ${from} to ${end} of ${text.length}; go on with "from": ${end}]`
    : part;
}
