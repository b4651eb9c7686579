/** Which skills something may run: a list of those that are on, to be ticked. */
import { useQuery } from '@tanstack/react-query';
import { skillsQuery } from '../api/queries.ts';
import { CheckList } from '../ui/check-list.tsx';
import { t } from '../words/t.ts';

export function SkillPicks({
  legend,
  hint,
  chosen,
  onChoose,
}: {
  legend: string;
  hint?: string;
  chosen: readonly string[];
  onChoose(chosen: string[]): void;
}) {
  const skills = useQuery(skillsQuery);
  const offered = skills.data?.filter(({ isSystem, isActive }) => isActive && !isSystem) ?? [];
  return (
    <>
      <CheckList
        legend={legend}
        {...(hint === undefined ? {} : { hint })}
        options={offered.map(({ slug, name }) => ({ value: slug, label: name }))}
        chosen={chosen}
        onChoose={onChoose}
      />
      {skills.data && offered.length === 0 ? <p className="text-ink-2">{t('There are none yet.')}</p> : null}
    </>
  );
}
