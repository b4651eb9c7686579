/** A text in which the words that were searched for are marked. */
export function Marked({ text, words }: { text: string; words: string | undefined }) {
  const wanted = (words ?? '')
    .split(/\s+/)
    // As the search has it: -word is left out, word* begins so, "…" is a phrase, or joins.
    .filter((word) => !word.startsWith('-') && word.toLowerCase() !== 'or')
    .map((word) => word.replace(/["*]/g, ''))
    .filter((word) => word.length > 1)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (wanted.length === 0) return text;
  const parts = text.split(new RegExp(`(${wanted.join('|')})`, 'gi'));
  return parts.map((part, index) => {
    if (index % 2 === 0) return part;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts have no name but their place
      <mark key={index} className="rounded-sm bg-wait-soft text-ink">
        {part}
      </mark>
    );
  });
}
