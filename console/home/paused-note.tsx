import { useQuery } from '@tanstack/react-query';
import { skillsQuery } from '../api/queries.ts';
import { pausedUntilOf, pauseWords } from '../skills/paused.ts';

/** Beside what is coming up: that it comes late. */
export function PausedNote({ slug }: { slug: string }) {
  const skill = useQuery(skillsQuery).data?.find((one) => one.slug === slug);
  const paused = skill && pausedUntilOf(skill);
  return paused === undefined ? null : (
    <span className="w-full text-[13px] text-wait">{pauseWords(paused)}</span>
  );
}
