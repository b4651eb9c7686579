/** So long may a line be that stands for a whole result, in characters. */
const longest = 200;

/**
 * The first line of a text that says something, without the marks of Markdown: a heading, or what leads in to a list, counts only
 * where nothing else is there. Empty where there is none.
 */
export function headlineOf(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const said = lines.find((line) => !isLeadIn(line) && wordsIn(line) !== '') ?? lines.find(isLeadIn) ?? '';
  return shorten(wordsIn(said));
}

const isLeadIn = (line: string): boolean => /^#{1,6}\s|[^:]:\**$/.test(line);

function wordsIn(line: string): string {
  // A fence, a rule, or what parts a table's head from its rows.
  if (/^(```|~~~)|^[-*_=|:\s]+$/.test(line)) return '';
  const isRow = line.startsWith('|');
  return (
    (
      isRow
        ? line
            .split('|')
            .filter((cell) => cell.trim() !== '')
            .join(' · ')
        : line
    )
      .replace(/^(?:>\s*)*(?:#{1,6}\s+|[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,3}[.)]\s+)?/, '')
      .replace(/!?\[([^\]]*)\]\([^)\s]*\)/g, '$1')
      .replace(/(\*\*|__|~~|`)(\S(?:.*?\S)?)\1/g, '$2')
      .replace(/(^|\s)[*_](\S(?:[^*_]*\S)?)[*_](?=\s|[.,:;!?)]|$)/g, '$1$2')
      // What moves or hides other text has no place in one line of a list.
      .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
      .trim()
  );
}

/** Cut at a word where one ends near by. */
function shorten(text: string): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest - 1);
  const end = cut.lastIndexOf(' ');
  return `${(end > longest / 2 ? cut.slice(0, end) : cut).replace(/[\ud800-\udbff]$/, '').trimEnd()}…`;
}
