/** Letters that no accent was put on, as they are written without them. */
const letters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

/** A text in small Latin letters without accents, as far as it can be written so: `Küche für Łódź` → `kuche fur lodz`. */
export const inLatin = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[ßæœøđðþłı]/g, (letter) => letters[letter] ?? '')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
