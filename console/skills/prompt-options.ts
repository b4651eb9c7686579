/** The inputs that fit what is typed behind `{{`, to be chosen from. */
import { t } from '../words/t.ts';

export type InputName = { name: string; about: string };

/** What the steps of one skill may name. */
export type InputNames = {
  names: InputName[];
  /** Of a text, the names that the skill's inputs do not have. */
  strangers(text: string): string[];
  onDeclare(name: string): void;
};

export type Option = InputName & { isNew?: true };

/** Of an input. */
export const namePattern = /^[\p{L}_][\p{L}\p{N}_-]*$/u;

export function optionsFor(text: string, { names }: InputNames): Option[] {
  const wanted = text.toLowerCase();
  const fitting = names
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort(
      (a, b) =>
        Number(b.name.toLowerCase().startsWith(wanted)) - Number(a.name.toLowerCase().startsWith(wanted)),
    )
    .slice(0, 8);
  const isKnown = names.some(({ name }) => name === text);
  return isKnown || !namePattern.test(text)
    ? fitting
    : [...fitting, { name: text, about: t('a new input'), isNew: true }];
}
