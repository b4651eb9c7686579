/** Today on a line: what ran, where the day is, and what comes. */
import type { ExecutionSummary } from '../../src/contract/executions.ts';
import type { Coming } from '../../src/contract/home.ts';
import type { SkillNames } from '../executions/execution-row.tsx';
import { cx } from '../ui/cx.ts';
import { clock } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { statusWord } from '../ui/status.tsx';
import { useNow } from '../ui/time.tsx';
import { t } from '../words/t.ts';

const hours = [0, 6, 12, 18, 24];
const tones: Partial<Record<ExecutionSummary['status'], string>> = {
  succeeded: 'bg-good',
  failed: 'bg-bad',
  waiting_approval: 'bg-wait',
  running: 'bg-live',
};

export function DayLine({
  rows,
  coming,
  names,
}: {
  rows: readonly ExecutionSummary[];
  coming: readonly Coming[];
  names: SkillNames;
}) {
  const now = useNow(60_000);
  const left = coming.filter(({ at }) => isToday(at, now) && Date.parse(at) > now);
  const failed = rows.filter(({ status }) => status === 'failed').length;
  const words = [
    rows.length === 0
      ? t('Nothing ran yet')
      : t('{rows, plural, one {# run} other {# runs}}', { rows: rows.length }),
    ...(failed > 0 ? [t('{failed} failed', { failed })] : []),
    left.length === 0 ? t('nothing more is planned') : t('{left} still to come', { left: left.length }),
  ].join(', ');
  return (
    <Panel title={t('The day')} aside={<span className="text-[13px] text-ink-2">{words}</span>}>
      <div aria-hidden="true" className="px-2">
        <div className="relative h-7">
          <span className="absolute inset-x-0 top-1/2 h-px bg-line-strong" />
          <span className="absolute inset-y-0 w-px bg-accent" style={placeOf(now)} />
          {left.map(({ slug, name, at }) => (
            <span
              key={slug}
              title={`${clock(at)} ${name}`}
              className={cx(dot, 'border-2 border-line-strong bg-surface')}
              style={placeOf(Date.parse(at))}
            />
          ))}
          {rows.map(({ id, skillSlug, status, createdAt }) => (
            <span
              key={id}
              title={`${clock(createdAt)} ${names.get(skillSlug) ?? skillSlug}, ${statusWord(status)}`}
              className={cx(dot, 'ring-2 ring-surface', tones[status] ?? 'bg-ink-3')}
              style={placeOf(Date.parse(createdAt))}
            />
          ))}
        </div>
        <div className="relative h-4 text-xs text-ink-3 tabular-nums">
          {hours.map((hour) => (
            <span
              key={hour}
              className="absolute -translate-x-1/2 whitespace-nowrap"
              style={{ left: `${(hour / 24) * 100}%` }}
            >
              {String(hour).padStart(2, '0')}
            </span>
          ))}
        </div>
      </div>
    </Panel>
  );
}

const dot = 'absolute top-1/2 size-2.5 -translate-x-1/2 -translate-y-1/2 rounded-full';

/** By the clock, so that a day whose clocks change has its hours where the line says. */
function placeOf(time: number): { left: string } {
  const at = new Date(time);
  return { left: `${((at.getHours() + at.getMinutes() / 60) / 24) * 100}%` };
}

const isToday = (at: string, now: number): boolean =>
  new Date(at).toDateString() === new Date(now).toDateString();
