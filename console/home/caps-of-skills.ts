/** Caps of skills' own, the fullest first. */
import type { Budget, Spend } from '../../src/contract/budget.ts';

export type SkillCap = { slug: string; period: 'day' | 'month'; spend: Spend & { capUsd: number } };

export const capsOf = (skills: Budget['skills']): SkillCap[] =>
  skills
    .flatMap(({ slug, day, month }) => [
      { slug, period: 'day' as const, spend: day },
      { slug, period: 'month' as const, spend: month },
    ])
    .filter((cap): cap is SkillCap => cap.spend.capUsd !== null)
    .toSorted((one, other) => shareOf(other.spend) - shareOf(one.spend));

/** What is set aside counts, as whoever asks for more is told. */
const shareOf = ({ spentUsd, heldUsd, capUsd }: SkillCap['spend']): number =>
  capUsd === 0 ? 1 : (spentUsd + heldUsd) / capUsd;

/** Nothing is left of it for another call: what is set aside for calls that go on counts. */
export const isReached = ({ spend }: SkillCap): boolean => shareOf(spend) >= 1;

/** And it is spent, so that nothing comes back of it. */
export const isUsedUp = ({ spend }: SkillCap): boolean => spend.spentUsd >= spend.capUsd;
