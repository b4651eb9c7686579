/** What is known of a field of a skill: skill-fields.ts has them all. */
import type { z } from 'zod';

/** How the console shows a field that is one text, one number or one choice: the form, and the skill's page. */
export type FormControl = {
  label: string;
  hint?: string;
  /** `lines`: a text of several, which stands in the form with what the skill is, and on its page under the steps. */
  kind: 'text' | 'lines' | 'number' | 'choice' | 'skill';
  /** What holds where nothing is said, in words, where no setting has it. */
  empty?: string;
  /** One of what the label counts is so many of what is stored. */
  size?: number;
  /** Of a number: whether it is a whole one. */
  whole?: true;
  /** Of a choice, in its order: the value, and its words. An empty one is nothing said. */
  choices?: readonly (readonly [value: string, words: string])[];
};

/** What is known of a field beside what it may hold. */
export type FieldFacts = {
  /** Its name for people. */
  name: string;
  /** The same in a narrow place. */
  short?: string;
  unit?: 'usd' | 'ms';
  /** The setting that holds where the skill says nothing. */
  setting?: string;
  /** Bounds what may be spent: to lift it is to loosen the skill. */
  isCap?: true;
  /** It follows from others, and is not shown beside them. */
  isDerived?: true;
  /** It has no part in how a run goes: two runs that differ in it alone are runs of the same. */
  isApart?: true;
  /** Its column is JSON. */
  isJson?: true;
  /**
   * Its column came after rows were signed: a MAC is over it only where something is said, so that the rows from before stay
   * good. Such a field is an `optional` one.
   */
  isLater?: true;
  /** Where the console's form has no place of its own for it. */
  form?: FormControl;
  /** How `alfred skill create` takes it. */
  option?: { flag: string; words: string; isNumber?: true };
};

export type SkillField = FieldFacts & {
  /** What may be sent of it. */
  given: z.ZodType;
  /** What a whole skill has of it. */
  whole: z.ZodType;
  /** What it is where nothing is said; undefined for one that must be said. */
  unsaid: unknown;
};

/** Must be said. */
export const required = <Value extends z.ZodType, const Facts extends FieldFacts>(
  value: Value,
  facts: Facts,
) => ({
  given: value,
  whole: value,
  unsaid: undefined,
  ...facts,
});

/** Null where nothing is said. @param words what it means, for the API's document */
export const optional = <Value extends z.ZodType, const Facts extends FieldFacts>(
  value: Value,
  facts: Facts,
  words?: string,
) => ({
  given: words === undefined ? value.nullish() : value.nullish().describe(words),
  whole: value.nullable(),
  unsaid: null,
  ...facts,
});
