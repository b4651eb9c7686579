/** With which version of its skill a run is run again: what differs stands beside each, and what is likely meant is chosen. */
import { useQuery } from '@tanstack/react-query';
import type { Execution, RetryRequest } from '../../src/contract/executions.ts';
import { type Difference, differencesOf } from '../../src/contract/skill-differences.ts';
import { versionsQuery } from '../api/queries.ts';
import { ChoiceCards } from '../ui/choice-cards.tsx';
import { t, told } from '../words/t.ts';
import { helpFor } from './execution-help.ts';

type Version = RetryRequest['version'];

export function VersionChoice({
  execution: { skillSlug, skillVersion, errorCode },
  current,
  isCarriedOver,
  picked,
  onPick,
}: {
  execution: Execution;
  current: number;
  /** Whether results of steps are carried over. */
  isCarriedOver: boolean;
  picked: Version;
  onPick(version: Version): void;
}) {
  const versions = useQuery(versionsQuery(skillSlug)).data;
  const definitionOf = (wanted: number) => versions?.find(({ version }) => version === wanted)?.definition;
  const [before, after] = [definitionOf(skillVersion), definitionOf(current)];
  const differences = before && after ? differencesOf(before, after) : [];
  const changed =
    differences.length === 0
      ? t('With what was changed since.')
      : t('Changed since: {changes}.', { changes: changesIn(differences) });
  return (
    <ChoiceCards<Version>
      name="version"
      legend={t('Which version of the skill')}
      isLegendShown
      picked={picked}
      onPick={onPick}
      cards={[
        [
          'current',
          t('Version {current}, as it is now', { current }),
          isCarriedOver
            ? t('{changed} The steps that are carried over must be the same in it.', { changed })
            : changed,
        ],
        [
          'original',
          t('Version {skillVersion}, as it ran', { skillVersion }),
          helpFor(errorCode).limit !== undefined
            ? t('Exactly what was run before, under the limits of then.')
            : t('Exactly what was run before.'),
        ],
      ]}
    />
  );
}

/** So many changes are named; and values that are short. */
const [most, longest] = [3, 24];

/** “Cap of each run 0.5 → 1, Prompt, 2 more”. */
function changesIn(differences: readonly Difference[]): string {
  const named = differences.slice(0, most).map(({ field, before = '–', after = '–' }) => {
    const isShort = before.length <= longest && after.length <= longest;
    return isShort ? `${told(field)} ${before} → ${after}` : told(field);
  });
  const left = differences.length - named.length;
  return [...named, ...(left > 0 ? [t('{left} more', { left })] : [])].join(', ');
}
