/** What owners do most, for whoever looks for it by typing: the place where it is done, and how (console/help/tasks.tsx). */
import { useNavigate } from '@tanstack/react-router';
import { monthBeside, monthName } from '../costs/months.ts';
import { tasks } from '../help/tasks.tsx';
import { sections } from '../settings/sections.ts';
import { dateOf } from '../ui/dates.ts';
import { ChartColumn, CircleHelp, WandSparkles } from '../ui/icons.tsx';
import { t } from '../words/t.ts';
import type { Entry, Section } from './find-settings.ts';
import { places } from './places.ts';

/** So many months, this one among them, are found by their names; by so many letters. */
const [monthsFound, fewestLetters] = [12, 3];

export function useTasks(typed: string): Section {
  const navigate = useNavigate();
  const items = tasks.flatMap(({ id, task, also, place }): Entry[] => [
    {
      key: `task ${id}`,
      words: `${task} ${also}`,
      label: task,
      icon: WandSparkles,
      note: nameOf(place),
      act: () => navigate(place),
    },
    {
      key: `help ${id}`,
      words: `${task} ${also}`,
      label: t('How to: {task}', { task }),
      icon: CircleHelp,
      note: t('Help'),
      act: () => navigate({ to: '/help', hash: id }),
    },
  ]);
  const months = monthsIn(typed).map(
    (month): Entry => ({
      key: `costs ${month}`,
      words: `${t('Costs')} cost ${monthName(month)}`,
      label: t('Costs in {month}', { month: monthName(month) }),
      icon: ChartColumn,
      act: () => navigate({ to: '/costs', search: { month } }),
    }),
  );
  return { heading: t('What do you want to do?'), items: [...months, ...items] };
}

const nameOf = ({ to, hash }: { to: string; hash?: string }): string =>
  sections.find(({ id }) => id === hash)?.title ?? places.find((place) => place.to === to)?.name ?? '';

/** The latest months whose names begin with a word that was typed. */
function monthsIn(typed: string): string[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word.length >= fewestLetters);
  const present = dateOf(Date.now()).slice(0, 7);
  return Array.from({ length: monthsFound }, (_, back) => monthBeside(present, -back)).filter((month) =>
    words.some((word) => monthName(month).toLowerCase().startsWith(word)),
  );
}
