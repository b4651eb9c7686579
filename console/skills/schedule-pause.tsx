/** A schedule that rests: its next time left out, or all of them until a day; each with a way back. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import type { Skill } from '../../src/contract/skills.ts';
import type { triggerConfigSchemas } from '../../src/contract/triggers.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { dayName, dayTime } from '../ui/format.ts';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

export type ScheduleConfig = z.input<typeof triggerConfigSchemas.schedule>;

type Pause = { until: string | null; said: string };

const dayMs = 86_400_000;

/** `2026-11-27`, as a field of a day takes it, in the reader's zone. */
const dayField = (time: number): string => new Date(time).toLocaleDateString('en-CA');

/** As a person reads it, whichever order the field has of day and month. */
const dayInWords = (day: string): string => dayName(Date.parse(`${day}T00:00`), Date.now());

/** The end of the day before: what is planned for the very first minute of `day` fires. */
const justBefore = (day: string): string => new Date(new Date(`${day}T00:00`).getTime() - 1).toISOString();

export function SchedulePause({
  skill: { slug },
  pausedUntil,
  next,
}: {
  skill: Pick<Skill, 'slug'>;
  pausedUntil: string | undefined;
  /** When it fires next; undefined when it never does again. */
  next: string | undefined;
}) {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const before = pausedUntil ?? null;
  const set = useMutation({
    mutationFn: ({ until }: Pause) =>
      api.updateSkill({ params: { slug }, body: { triggerConfig: { pausedUntil: until } } }),
    onSuccess: (_skill, { until, said }) => {
      setOpen(false);
      say(
        said,
        undefined,
        until === before ? undefined : () => set.mutate({ until: before, said: t('As before') }),
      );
      return queries.invalidateQueries({ queryKey: ['skills'] });
    },
    onError: sayProblem,
  });
  const rests = pausedUntil !== undefined && Date.parse(pausedUntil) > Date.now();
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      {rests ? (
        <p className="w-full text-[13px] text-wait">
          {t('It rests until {pausedUntil}.', { pausedUntil: dayTime(pausedUntil) })}
        </p>
      ) : null}
      {next === undefined ? null : (
        <Button
          size="sm"
          busy={set.isPending}
          onClick={() => set.mutate({ until: next, said: t('{next} is left out', { next: dayTime(next) }) })}
        >
          {t('Skip the next')}
        </Button>
      )}
      {rests ? (
        <Button
          size="sm"
          busy={set.isPending}
          onClick={() => set.mutate({ until: null, said: t('It starts by its schedule again') })}
        >
          {t('Start again')}
        </Button>
      ) : (
        <Button size="sm" onClick={() => setOpen(true)}>
          {t('Pause…')}
        </Button>
      )}
      <PauseDialog
        open={isOpen}
        busy={set.isPending}
        onClose={() => setOpen(false)}
        onPause={(day) =>
          set.mutate({ until: justBefore(day), said: t('Paused until {day}', { day: dayInWords(day) }) })
        }
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
  const [day, setDay] = useState(() => dayField(Date.now() + 7 * dayMs));
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
              min={dayField(Date.now() + dayMs)}
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
