/** When a schedule fires: a choice in plain words, or an expression of one's own. */
import { useState } from 'react';
import { cx } from '../ui/cx.ts';
import { Field, Input, Select } from '../ui/field.tsx';
import { t } from '../words/t.ts';
import { cronOf, inRhythm, type Rhythm, rhythmOf } from './cron.ts';

const kinds: Record<Rhythm['kind'], string> = {
  day: t('every day'),
  weekdays: t('every weekday, Monday to Friday'),
  week: t('every week'),
  month: t('every month'),
  hour: t('every hour'),
  own: t('a cron expression of my own'),
};
const weekdays = [
  t('Sunday'),
  t('Monday'),
  t('Tuesday'),
  t('Wednesday'),
  t('Thursday'),
  t('Friday'),
  t('Saturday'),
];
/** Weeks begin on Monday, as ISO 8601 has them. */
const weekOrder = [1, 2, 3, 4, 5, 6, 0];

export function CronPicker({
  cron,
  onCron,
  error,
}: {
  cron: string;
  onCron(cron: string): void;
  error: string | undefined;
}) {
  const [isOwn, setOwn] = useState(() => rhythmOf(cron).kind === 'own');
  const rhythm: Rhythm = isOwn ? { kind: 'own' } : rhythmOf(cron);
  const choose = (next: Rhythm): void => {
    setOwn(next.kind === 'own');
    const expression = cronOf(next);
    if (expression !== undefined) onCron(expression);
  };
  return (
    <>
      <Field label={t('How often')}>
        {(props) => (
          <Select
            {...props}
            value={rhythm.kind}
            onChange={({ target }) => choose(inRhythm(target.value as Rhythm['kind'], rhythmOf(cron)))}
          >
            {Object.entries(kinds).map(([kind, words]) => (
              <option key={kind} value={kind}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {rhythm.kind === 'own' ? (
        <OwnCron cron={cron} onCron={onCron} error={error} />
      ) : rhythm.kind === 'hour' ? (
        <Minute minute={rhythm.minute} onMinute={(minute) => choose({ ...rhythm, minute })} error={error} />
      ) : (
        <Time time={rhythm.time} onTime={(time) => choose({ ...rhythm, time })} error={error} />
      )}
      {rhythm.kind === 'week' ? (
        <Weekdays days={rhythm.days} onDays={(days) => choose({ ...rhythm, days })} />
      ) : null}
      {rhythm.kind === 'month' ? (
        <DayOfMonth day={rhythm.day} onDay={(day) => choose({ ...rhythm, day })} />
      ) : null}
    </>
  );
}

type WithError = { error: string | undefined };

const OwnCron = ({ cron, onCron, error }: WithError & { cron: string; onCron(cron: string): void }) => (
  <Field
    label={t('Cron expression')}
    hint={t('minute hour day month weekday: 0 7 * * 1-5 is 07:00 on weekdays')}
    error={error}
  >
    {(props) => (
      <Input
        {...props}
        value={cron}
        onChange={({ target }) => onCron(target.value)}
        spellCheck={false}
        className="font-mono"
      />
    )}
  </Field>
);

const Minute = ({
  minute,
  onMinute,
  error,
}: WithError & { minute: number; onMinute(minute: number): void }) => (
  <Field label={t('Minutes past the hour')} error={error}>
    {(props) => (
      <Input
        {...props}
        type="number"
        min="0"
        max="59"
        value={minute}
        onChange={({ target }) => onMinute(Math.min(59, Math.max(0, Math.trunc(Number(target.value)))))}
      />
    )}
  </Field>
);

const Time = ({ time, onTime, error }: WithError & { time: string; onTime(time: string): void }) => (
  <Field label={t('At')} error={error}>
    {(props) => (
      <Input
        {...props}
        type="time"
        required
        value={time}
        onChange={({ target }) => (target.value ? onTime(target.value) : undefined)}
      />
    )}
  </Field>
);

/** One at least. */
const Weekdays = ({ days, onDays }: { days: readonly number[]; onDays(days: number[]): void }) => (
  <fieldset className="space-y-1.5 sm:col-span-2">
    <legend className="font-medium">{t('On')}</legend>
    <div className="flex flex-wrap gap-1.5">
      {weekOrder.map((day) => {
        const isOn = days.includes(day);
        return (
          <label
            key={day}
            className={cx(
              'relative flex h-9 cursor-pointer items-center rounded-md border px-3 has-focus-visible:outline-2 has-focus-visible:outline-accent',
              isOn ? 'border-accent bg-accent-soft font-medium' : 'border-line-strong/80 text-ink-2',
            )}
          >
            <input
              type="checkbox"
              className="sr-only"
              aria-label={weekdays[day]}
              checked={isOn}
              disabled={isOn && days.length === 1}
              onChange={() => onDays(isOn ? days.filter((other) => other !== day) : [...days, day])}
            />
            {weekdays[day]?.slice(0, 3)}
          </label>
        );
      })}
    </div>
  </fieldset>
);

const DayOfMonth = ({ day, onDay }: { day: number; onDay(day: number): void }) => (
  <Field
    label={t('On day')}
    hint={day > 28 ? t('A month without a day {day} is left out.', { day }) : undefined}
  >
    {(props) => (
      <Select {...props} value={day} onChange={({ target }) => onDay(Number(target.value))}>
        {Array.from({ length: 31 }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the days of a month are numbered
          <option key={index} value={index + 1}>
            {index + 1}
          </option>
        ))}
      </Select>
    )}
  </Field>
);
