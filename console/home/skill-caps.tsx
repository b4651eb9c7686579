/** Beside the caps on everything, those of skills: a run ends at whichever is met first. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Budget } from '../../src/contract/budget.ts';
import { skillsQuery } from '../api/queries.ts';
import { namesOf } from '../executions/execution-row.tsx';
import { raisedFrom } from '../skills/met-cap.ts';
import { RaiseButton, RaiseMetCap } from '../skills/raise-cap.tsx';
import { cx } from '../ui/cx.ts';
import { money } from '../ui/format.ts';
import { t } from '../words/t.ts';
import { CapReached } from './cap-reached.tsx';
import { capsOf, isReached, isUsedUp, type SkillCap } from './caps-of-skills.ts';

// What else tells of caps has them from here, so that all of it comes in one file.
export { CapReached, capsOf, RaiseMetCap };

/** More are on their skills' pages. */
const most = 5;

export function SkillCaps({ spends }: { spends: Budget['skills'] }) {
  const names = namesOf(useQuery(skillsQuery).data);
  return (
    <section className="border-t border-line pt-3">
      <h3 className="text-[13px] text-ink-2">{t('Caps of single skills')}</h3>
      <ul className="mt-1 space-y-1">
        {capsOf(spends)
          .slice(0, most)
          .map((cap) => (
            <li key={`${cap.slug} ${cap.period}`}>
              <Link
                to="/skills/$slug/edit"
                params={{ slug: cap.slug }}
                hash={fieldOf(cap)}
                className="flex flex-wrap justify-between gap-x-4 rounded-md hover:bg-hover"
              >
                <span className="max-w-full truncate">{names.get(cap.slug) ?? cap.slug}</span>
                <span className="whitespace-nowrap text-ink-2 tabular-nums">
                  {cap.period === 'day'
                    ? t('{spent} of {cap} today', amountsOf(cap.spend))
                    : t('{spent} of {cap} this month', amountsOf(cap.spend))}
                </span>
              </Link>
              {isReached(cap) ? <Reached cap={cap} /> : null}
            </li>
          ))}
      </ul>
    </section>
  );
}

const Reached = ({ cap }: { cap: SkillCap }) => (
  <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
    <span className={cx('text-[13px]', isUsedUp(cap) ? 'text-bad' : 'text-wait')}>
      {!isUsedUp(cap)
        ? t('What is left of it is set aside for runs under way.')
        : cap.period === 'day'
          ? t('Used up: it runs no more today.')
          : t('Used up: it runs no more this month.')}
    </span>
    <RaiseButton
      slug={cap.slug}
      raise={{
        field: fieldOf(cap),
        capUsd: cap.spend.capUsd,
        toUsd: raisedFrom(cap.spend.capUsd, cap.spend.spentUsd + cap.spend.heldUsd),
      }}
    />
  </div>
);

const fieldOf = ({ period }: SkillCap) => (period === 'day' ? 'maxCostPerDayUsd' : 'maxCostPerMonthUsd');

const amountsOf = ({ spentUsd, capUsd }: { spentUsd: number; capUsd: number }) => ({
  spent: money(spentUsd),
  cap: money(capUsd),
});
