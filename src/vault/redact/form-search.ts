import type { BrokenForms } from './broken-forms.ts';
import type { Match, PatternIndex } from './pattern-index.ts';

/** Goes through one text from match to match: of whole forms and of broken ones the first, and of two at one place the longer. */
export class FormSearch {
  readonly #text: string;
  readonly #sources: { find(text: string, from: number): Match | undefined }[];
  readonly #next: (Match | undefined)[] = [];

  constructor(text: string, whole: PatternIndex, broken: BrokenForms) {
    this.#text = text;
    this.#sources = [whole, broken];
    this.#next = this.#sources.map((source) => source.find(text, 0));
  }

  /** The first match at or after `from`, which never is less than it was before. */
  at(from: number): Match | undefined {
    let first: Match | undefined;
    this.#sources.forEach((source, index) => {
      let match = this.#next[index];
      if (match && match.start < from) {
        match = source.find(this.#text, from);
        this.#next[index] = match;
      }
      if (
        match &&
        (!first || match.start < first.start || (match.start === first.start && match.end > first.end))
      )
        first = match;
    });
    return first;
  }
}
