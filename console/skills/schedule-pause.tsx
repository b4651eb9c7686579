/** The pause of a schedule: its next time left out, or all of them until a day; each with a way back. */
import { useState } from 'react';
import type { z } from 'zod';
import type { Skill } from '../../src/contract/skills.ts';
import type { triggerConfigSchemas } from '../../src/contract/triggers.ts';
import { Button } from '../ui/button.tsx';
import { dateOf } from '../ui/dates.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { dayName, dayTime } from '../ui/format.ts';
import { t } from '../words/t.ts';
import { pausedUntilOf, pauseWords } from './paused.ts';
import { useSetPause } from './use-set-pause.ts';

export type ScheduleConfig = z.input<typeof triggerConfigSchemas.schedule>;

/** For how many weeks people go away. */
const lengths = [1, 2, 3, 4];

/** As a person reads it, whichever order the field has of day and month. */
const dayInWords = (day: string): string => dayName(Date.parse(`${day}T00:00`), Date.now());

/** The end of the day before: what is planned for the very first minute of `day` fires. */
const justBefore = (day: string): string => new Date(new Date(`${day}T00:00`).getTime() - 1).toISOString();

export function SchedulePause({
  skill,
  next,
}: {
  skill: Pick<Skill, 'slug' | 'isActive' | 'triggerType' | 'triggerConfig'>;
  /** When it fires next; undefined when it never does again. */
  next: string | undefined;
}) {
  // Whoever comes to pause it finds that open.
  const [isOpen, setOpen] = useState(() => location.hash === '#pause');
  const set = useSetPause();
  const paused = pausedUntilOf(skill);
  const pause = (until: string | null, said: string) =>
    set.mutate(
      { slug: skill.slug, until, said, before: paused ?? null },
      { onSuccess: () => setOpen(false) },
    );
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      {paused === undefined ? null : <p className="w-full text-[13px] text-wait">{pauseWords(paused)}</p>}
      {next === undefined ? null : (
        <Button
          size="sm"
          busy={set.isPending}
          onClick={() => pause(next, t('{next} is left out', { next: dayTime(next) }))}
        >
          {t('Skip the next')}
        </Button>
      )}
      {paused === undefined ? (
        <Button size="sm" onClick={() => setOpen(true)}>
          {t('Pause…')}
        </Button>
      ) : (
        <Button
          size="sm"
          busy={set.isPending}
          onClick={() => pause(null, t('It starts by its schedule again'))}
        >
          {t('Resume')}
        </Button>
      )}
      <PauseDialog
        open={isOpen}
        busy={set.isPending}
        onClose={() => setOpen(false)}
        onPause={(day) => pause(justBefore(day), pauseWords(justBefore(day)))}
      />
    </div>
  );
}

function PauseDialog({
  open,
  busy,
  onClose,
  onPause,
}: {
  open: boolean;
  busy: boolean;
  onClose(): void;
  onPause(day: string): void;
}) {
  const [day, setDay] = useState(() => dateOf(Date.now(), 7));
  const isRight = Date.parse(day) > Date.now();
  return (
    <Dialog open={open} onClose={onClose} title={t('Pause its schedule')}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isRight) onPause(day);
        }}
      >
        <div className="flex flex-wrap gap-2">
          {lengths.map((weeks) => (
            <Button
              key={weeks}
              size="sm"
              aria-pressed={day === dateOf(Date.now(), 7 * weeks)}
              className="aria-pressed:border-accent aria-pressed:bg-accent-soft"
              onClick={() => setDay(dateOf(Date.now(), 7 * weeks))}
            >
              {t('{weeks, plural, one {# week} other {# weeks}}', { weeks })}
            </Button>
          ))}
        </div>
        <Field
          label={t('It starts again on')}
          hint={
            isRight
              ? t('Until {day} nothing starts by itself. You can run it by hand all the same.', {
                  day: dayInWords(day),
                })
              : t('Until then nothing starts by itself. You can run it by hand all the same.')
          }
          error={isRight ? undefined : t('Choose a day to come.')}
        >
          {(props) => (
            <Input
              {...props}
              type="date"
              min={dateOf(Date.now(), 1)}
              value={day}
              onChange={(event) => setDay(event.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button type="button" look="quiet" onClick={onClose}>
            {t('Not now')}
          </Button>
          <Button type="submit" look="primary" busy={busy}>
            {t('Pause it')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
