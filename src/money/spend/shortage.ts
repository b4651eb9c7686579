/** What a run is told that a cap stops: which cap, how much of it is gone, when there is more, and what to do. */
import { AlfredError } from '../../kernel/errors.ts';
import { sayTime } from '../../schedules/windows.ts';
import { dollars, smallerStep } from '../spend-caps.ts';
import { type Cap, type Caps, codeOf } from './caps.ts';

export type Spent = {
  spentUsd: number;
  /** By calls that go on just now. */
  heldUsd: number;
  /** Part of `spentUsd`: calls that a crash cut off, with all they may have cost. */
  lostUsd: number;
};

/** What bounds, for a person: "$5.00 a day for this VM". */
export function describeCap(cap: Cap, { skill }: Pick<Caps, 'skill'>): string {
  if (cap.kind === 'run') return `${dollars(cap.capUsd)} for this run`;
  const whose = cap.kind === 'skill' ? `for the skill "${skill ?? ''}"` : 'for this VM';
  return `${dollars(cap.capUsd)} a ${cap.period} ${whose}`;
}

/**
 * The error of a run that a cap leaves too little for its next call, or whose answer it cut short.
 *
 * @param leastUsd what the next call costs at least; undefined for an answer that was cut
 */
export function capReached(
  cap: Cap,
  spent: Spent,
  leastUsd: number | undefined,
  { timezone, skill }: Pick<Caps, 'timezone' | 'skill'>,
): AlfredError {
  const since = cap.window ? ` since ${sayTime(cap.window.from, timezone)}` : '';
  const gone = [
    `${dollars(spent.spentUsd)} is spent${since}`,
    ...(spent.lostUsd > 0
      ? [`${dollars(spent.lostUsd)} of it perhaps, by calls that were cut off with their worker`]
      : []),
    ...(spent.heldUsd > 0 ? [`${dollars(spent.heldUsd)} is held by calls that go on`] : []),
  ].join(', ');
  const subject = `The cap of ${describeCap(cap, { skill })}`;
  const sentence =
    leastUsd === undefined
      ? `${subject} left no more for the answer, which was cut short`
      : `${subject} leaves too little for another model call, which may cost ${dollars(leastUsd)} or more`;
  return new AlfredError(codeOf(cap), `${sentence}: ${gone}.`, { remedy: remedyOf(cap, timezone, skill) });
}

function remedyOf(cap: Cap, timezone: string, skill: string | undefined): string {
  if (!cap.window) return `Raise the cap (${cap.setting}), or ${smallerStep}`;
  const when = `It goes on from ${sayTime(cap.window.until, timezone)}: retry then`;
  return cap.kind === 'skill'
    ? `${when}, or raise ${cap.setting} now (npx alfred skill edit ${skill ?? ''}).`
    : `${when}, or raise it now: npx alfred config set ${cap.setting}`;
}
