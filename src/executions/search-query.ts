/** What a person typed, and what they filter by, as a tsquery over search documents. */

/** A word of a search document as a tsquery has it (PostgreSQL, 8.11.2). */
const quoted = (word: string): string => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** Any of these words. */
export const anyOf = (words: readonly string[]): string => `(${words.map(quoted).join(' | ')})`;

/** What holds of an execution that is found; of several of these, one must. */
export type TypedSearch = {
  /** For `websearch_to_tsquery`; of each list one text must be there: "phrases" and -without are part of it. */
  texts: string[][];
  /** For `to_tsquery`: beginnings of words, which the former does not know. */
  beginnings: string[];
  /** As a tsquery has it: letters side by side. */
  letters: string[];
};

/** Letters of scripts that set no blanks between words; the function execution_search_document of the database has the same. */
const letter = String.raw`[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\u{20000}-\u{323AF}]`;
const letterRuns = new RegExp(`${letter}+`, 'gu');

/** What joins words, as the same function has it, where a word is behind it. */
const joined = /[./\\_:@=&?#][^./\\_:@=&?#\s]/;
const partsOf = (word: string): string => word.replaceAll(/[./\\_:@=&?#]+/g, ' ').trim();

/** Reads a search: its alternatives, as `or` has them. */
export function parseSearch(text: string): TypedSearch[] {
  const alternatives: TypedSearch[] = [];
  let current = begin(alternatives);
  for (const [index, piece] of text.split('"').entries()) {
    // Odd pieces stand between quotation marks.
    if (index % 2 === 1) {
      const isWithout = /(?:^|\s)-$/.test(text.split('"')[index - 1] ?? '');
      addPhrase(current, piece, isWithout);
      continue;
    }
    for (const word of piece.split(/\s+/)) {
      if (/^or$/i.test(word)) current = begin(alternatives);
      else if (word !== '' && word !== '-') addWord(current, word);
    }
  }
  return alternatives;
}

function begin(alternatives: TypedSearch[]): TypedSearch {
  const next = { texts: [], beginnings: [], letters: [] };
  alternatives.push(next);
  return next;
}

function addPhrase(search: TypedSearch, phrase: string, isWithout: boolean): void {
  const sign = isWithout ? '-' : '';
  const { letters, rest } = partLetters(phrase);
  if (letters.length > 0) addLetters(search, letters, isWithout);
  if (letters.length > 0 && isWithout) return;
  addTexts(search, [`${sign}"${rest}"`, ...(joined.test(rest) ? [`${sign}"${partsOf(rest)}"`] : [])], sign);
}

function addWord(search: TypedSearch, word: string): void {
  const sign = word.startsWith('-') ? '-' : '';
  const { letters, rest } = partLetters(word.slice(sign.length));
  if (letters.length > 0) {
    addLetters(search, letters, sign !== '');
    if (sign === '') for (const part of rest.split(/[\s*]+/)) if (part !== '') addWord(search, part);
    return;
  }
  const [, beginning] = /^([\p{L}\p{N}][^*]*)\*$/u.exec(rest) ?? [];
  if (beginning !== undefined && sign === '') search.beginnings.push(`${quoted(beginning)}:*`);
  else addTexts(search, [word, ...(joined.test(rest) ? [`${sign}"${partsOf(rest)}"`] : [])], sign);
}

/** Where a text must not be there, none of its forms may; else one is enough. */
function addTexts({ texts }: TypedSearch, forms: string[], sign: string): void {
  if (sign === '') texts.push(forms);
  else texts.push(...forms.map((form) => [form]));
}

/** A run is there where each two of its letters are. */
function addLetters(search: TypedSearch, runs: string[], isWithout: boolean): void {
  const pairs = runs.flatMap((run) => {
    const letters = [...run];
    const [first = ''] = letters;
    if (letters.length === 1) return [`${quoted(first)}:*`];
    return letters.slice(1).map((next, at) => quoted(`${letters[at]}${next}`));
  });
  const all = [...new Set(pairs)].join(' & ');
  search.letters.push(isWithout ? `!(${all})` : all);
}

/** The runs of such letters in a text, and what it is without them. */
const partLetters = (text: string): { letters: string[]; rest: string } => ({
  letters: text.match(letterRuns) ?? [],
  rest: text.replaceAll(letterRuns, ' ').trim(),
});
