/** Which skills something may run: a list of those that are on, to be ticked. */
import { useQuery } from '@tanstack/react-query';
import { skillsQuery } from '../api/queries.ts';

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
    <fieldset className="space-y-1">
      <legend className="mb-1 font-medium">{legend}</legend>
      {hint === undefined ? null : <p className="text-[13px] text-ink-2">{hint}</p>}
      {offered.map(({ slug, name }) => (
        <label key={slug} className="flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={chosen.includes(slug)}
            onChange={() =>
              onChoose(chosen.includes(slug) ? chosen.filter((one) => one !== slug) : [...chosen, slug])
            }
          />
          {name}
        </label>
      ))}
      {skills.data && offered.length === 0 ? <p className="text-ink-2">There are none yet.</p> : null}
    </fieldset>
  );
}
