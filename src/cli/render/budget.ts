/** Money spent against its cap. */
import type { Forecast, Spend } from '../../contract/budget.ts';
import type { Colors } from '../context.ts';
import { formatMoney } from './figures.ts';

/** From here on a cap is nearly used up. */
const nearlyUsed = 0.8;

const shareOf = ({ capUsd, spentUsd }: Spend): number | undefined =>
  capUsd === null ? undefined : spentUsd / capUsd;

/** `$0.42 of $5.00`, or `$0.42` without a cap. */
export const spentOf = ({ capUsd, spentUsd }: Spend): string =>
  capUsd === null ? formatMoney(spentUsd) : `${formatMoney(spentUsd)} of ${formatMoney(capUsd)}`;

/** The same with what calls hold just now and what a crash may have cost, in the colour of how much is left. */
export function describeSpend(spend: Spend, colors: Colors): string {
  const share = shareOf(spend) ?? 0;
  const text = spentOf(spend);
  const painted = share >= 1 ? colors.red(text) : share >= nearlyUsed ? colors.yellow(text) : text;
  const more = [
    ...(spend.capUsd === null ? ['no cap'] : []),
    ...(spend.heldUsd > 0 ? [`${formatMoney(spend.heldUsd)} held by calls`] : []),
    ...(spend.lostUsd > 0 ? [`${formatMoney(spend.lostUsd)} perhaps, cut off by a crash`] : []),
  ];
  return more.length === 0 ? painted : `${painted} ${colors.dim(`(${more.join(', ')})`)}`;
}

/** `$38.20 this month, at $1.27 a day; the cap is used up 27 Nov 16:00` */
export function describeForecast(
  { perDayUsd, monthUsd, capReachedAt }: Forecast,
  { capUsd, spentUsd }: Spend,
  at: (iso: string) => string,
): string {
  const cap =
    capReachedAt === null || capUsd === null || spentUsd >= capUsd
      ? ''
      : `; the cap is used up ${at(capReachedAt)}`;
  return `${formatMoney(monthUsd)} this month, at ${formatMoney(perDayUsd)} a day${cap}`;
}
