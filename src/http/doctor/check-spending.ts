/** What is left of the caps, and the kill switch. */
import type { Budget, Spend, Stopped } from '../../contract/budget.ts';
import type { Finding } from '../../contract/doctor.ts';
import { dollars } from '../../money/spend-caps.ts';
import { sayTime } from '../../schedules/windows.ts';

const nearly = 0.8;
/** With so little no call of any use is left. */
const usedUp = 0.99;

export function checkBudget(id: string, { timezone, day, month, skills }: Budget): Finding {
  const capped = [
    { whose: 'today', spend: day, key: 'npx alfred config set max_cost_per_day_usd' },
    { whose: 'this month', spend: month, key: 'npx alfred config set max_cost_per_month_usd' },
    ...skills.flatMap(({ slug, ...of }) => [
      { whose: `${slug} today`, spend: of.day, key: `maxCostPerDayUsd of ${slug}` },
      { whose: `${slug} this month`, spend: of.month, key: `maxCostPerMonthUsd of ${slug}` },
    ]),
  ].filter(({ spend }) => spend.capUsd !== null);
  const share = ({ capUsd, spentUsd }: Spend) => (capUsd === null ? 0 : spentUsd / capUsd);
  const worst = capped.reduce<(typeof capped)[number] | undefined>(
    (a, b) => (a === undefined || share(b.spend) > share(a.spend) ? b : a),
    undefined,
  );
  if (!worst) {
    const spent = `${dollars(day.spentUsd)} today, ${dollars(month.spentUsd)} this month`;
    return { id, state: 'good', message: `no cap of a day or month is set; ${spent}` };
  }
  const { spend, whose, key } = worst;
  const lost = spend.lostUsd > 0 ? `, ${dollars(spend.lostUsd)} of it perhaps, cut off by a crash` : '';
  const message = `${whose}: ${dollars(spend.spentUsd)} of ${dollars(spend.capUsd ?? 0)} is spent${lost}`;
  if (share(spend) < nearly) return { id, state: 'good', message };
  const remedy = `it begins anew ${sayTime(new Date(spend.until), timezone)}; to raise it: ${key}`;
  return { id, state: share(spend) >= usedUp ? 'bad' : 'warn', message, remedy };
}

export const checkStopped = (id: string, stopped: Stopped | undefined): Finding =>
  stopped
    ? {
        id,
        state: 'warn',
        message: `everything was stopped by ${stopped.by} at ${stopped.since}`,
        remedy: 'to let triggers start runs again: npx alfred go-on',
      }
    : { id, state: 'good', message: 'no: triggers start runs' };
