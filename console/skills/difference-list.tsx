/** Two skills side by side, field by field, word by word. */
import { diffWordsWithSpace } from 'diff';
import type { Difference } from '../../src/contract/skill-differences.ts';
import { Side } from '../ui/side.tsx';
import { t, told } from '../words/t.ts';
import { placeOf, shown } from './difference-words.ts';

export function DifferenceList({
  left,
  right,
  differences,
}: {
  /** What each side is called. */
  left: string;
  right: string;
  differences: readonly Difference[];
}) {
  if (differences.length === 0) return <p className="text-ink-2">{t('They are the same.')}</p>;
  const parts = [...new Set(differences.map(({ part }) => part))];
  return (
    <div className="space-y-5">
      <div aria-hidden="true" className="hidden grid-cols-2 gap-3 text-[13px] font-medium text-ink-2 md:grid">
        <span>{left}</span>
        <span>{right}</span>
      </div>
      {parts.map((part) => (
        <section key={part} className="space-y-3">
          <h3 className="font-semibold">{placeOf(part)}</h3>
          {differences
            .filter((one) => one.part === part)
            .map(({ field, before, after }) => {
              const changes = diffWordsWithSpace(shown(field, before), shown(field, after));
              return (
                <div key={field} className="space-y-1">
                  <h4 className="text-[13px] text-ink-2">{told(field)}</h4>
                  <div className="grid gap-2 md:grid-cols-2 md:gap-3">
                    <Side of={left} changes={before === undefined ? undefined : changes} side="removed" />
                    <Side of={right} changes={after === undefined ? undefined : changes} side="added" />
                  </div>
                </div>
              );
            })}
        </section>
      ))}
    </div>
  );
}
