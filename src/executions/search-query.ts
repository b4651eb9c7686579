/** What a person typed, and what they filter by, as a tsquery over search documents. */

/** A word of a search document as a tsquery has it (PostgreSQL, 8.11.2). */
const quoted = (word: string): string => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** Any of these words. */
export const anyOf = (words: readonly string[]): string => `(${words.map(quoted).join(' | ')})`;

export type TypedSearch = {
  /** For `websearch_to_tsquery`: words, "phrases", or, -without. */
  words: string;
  /** For `to_tsquery`: beginnings of words, which the former does not know. */
  beginnings: string;
};

/** Takes `begin*` out of a search. */
export function parseSearch(text: string): TypedSearch {
  const beginnings: string[] = [];
  const words = text
    // Even pieces stand outside quotation marks.
    .split('"')
    .map((piece, index) =>
      index % 2 === 1
        ? piece
        : piece.replaceAll(/(?<=^|\s)([\p{L}\p{N}][^\s*]*)\*(?=\s|$)/gu, (_, word: string) => {
            beginnings.push(`${quoted(word)}:*`);
            return ' ';
          }),
    )
    .join('"');
  return { words, beginnings: beginnings.join(' & ') };
}
