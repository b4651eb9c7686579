/** That a cap on everything is reached: by what was spent, or by what is set aside for calls that go on. */
import type { Spend } from '../../src/contract/budget.ts';
import { raisedFrom } from '../skills/met-cap.ts';
import { RaiseButton } from '../skills/raise-cap.tsx';
import { t } from '../words/t.ts';

export function CapReached({ spend, isDay }: { spend: Spend; isDay: boolean }) {
  const { capUsd, spentUsd, heldUsd } = spend;
  if (capUsd === null) return null;
  const isSpent = spentUsd >= capUsd;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
      <p className={isSpent ? 'text-[13px] text-bad' : 'text-[13px] text-wait'}>
        {isSpent
          ? isDay
            ? t('The cap is used up: nothing more runs today.')
            : t('The cap is used up: nothing more runs this month.')
          : t('What is left of it is set aside for runs under way.')}
      </p>
      <RaiseButton
        raise={{
          key: isDay ? 'max_cost_per_day_usd' : 'max_cost_per_month_usd',
          capUsd,
          toUsd: raisedFrom(capUsd, spentUsd + heldUsd),
        }}
      />
    </div>
  );
}
