/** Leads a newcomer: a model, a connection, a skill, a run. Each step says what it is for, and can be left out. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { modelQuery, skillsQuery } from '../api/queries.ts';
import { RunDialog } from '../executions/run-dialog.tsx';
import { ModelForm } from '../settings/model-form.tsx';
import { usePutConfig } from '../settings/put-config.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Check } from '../ui/icons.tsx';
import { ChevronDown, Play } from '../ui/more-icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { type FirstRun, type FirstStep, firstSteps, useSkip } from './first-run-state.ts';

const titles: Record<FirstStep, string> = {
  model: t('Give Alfred a model'),
  connection: t('Connect something of yours'),
  skill: t('Make a skill of your own'),
  run: t('Run a skill, and see what it did'),
};

export function FirstRunGuide({ state }: { state: FirstRun }) {
  const skip = useSkip();
  const put = usePutConfig();
  const model = useQuery(modelQuery);
  const hasFailed = model.data != null && model.data.trouble !== null;
  const open = firstSteps.filter((step) => state[step] === 'open');
  const [first] = useState(open[0]);
  const [chosen, setChosen] = useState<FirstStep | null>();
  // The answer of a model is still to be read when it is there. Of the other steps, what was known of them when the page came may be old.
  const isRead = first === 'model' || (first !== undefined && state[first] === 'open');
  const shown = chosen === undefined ? (isRead ? first : open[0]) : chosen;
  const setShown = (step: FirstStep | undefined): void => setChosen(step ?? null);
  const goOn = (step: FirstStep): void => setShown(open.find((other) => other !== step));
  const leave = (step: FirstStep): void => {
    goOn(step);
    skip.mutate([step]);
  };
  const takeBack = (): void =>
    put.mutate(
      ['anthropic_api_key', 'model_base_url'].map((key) => ({ key, value: '' })),
      {
        onSuccess: () => leave('model'),
        onError: sayProblem,
      },
    );
  return (
    <Panel
      title={t('Getting started')}
      aside={
        <span className="flex items-center gap-3 text-[13px] text-ink-2">
          {t('{firstSteps} of {firstSteps2} done', {
            firstSteps: firstSteps.filter((step) => state[step] === 'done').length,
            firstSteps2: firstSteps.length,
          })}
          <Button look="quiet" size="sm" busy={skip.isPending} onClick={() => skip.mutate(open)}>
            {t('Hide this')}
          </Button>
        </span>
      }
      flush
    >
      <ol className="divide-y divide-line">
        {firstSteps.map((step, index) => {
          const isShown = step === shown;
          return (
            <li key={step}>
              <button
                type="button"
                aria-expanded={isShown}
                onClick={() => setShown(isShown ? undefined : step)}
                className="flex w-full items-center gap-3 px-4 py-3 text-left hover:bg-hover"
              >
                <Mark state={state[step]} place={index + 1} />
                <span className={cx('flex-1 font-medium', state[step] !== 'open' && 'text-ink-2')}>
                  {titles[step]}
                </span>
                <ChevronDown
                  aria-hidden="true"
                  className={cx('size-4 text-ink-3 transition-transform', isShown && 'rotate-180')}
                />
              </button>
              {isShown ? (
                <div className="space-y-3 pr-4 pb-4 pl-4 sm:pl-13">
                  <Body
                    step={step}
                    onWorks={(message) => {
                      say(t('Alfred has a model'), message);
                      goOn(step);
                    }}
                  >
                    {state[step] !== 'open' ? null : step === 'model' && hasFailed ? (
                      <Button look="quiet" busy={put.isPending} onClick={takeBack}>
                        {t('Take it back, and rehearse')}
                      </Button>
                    ) : (
                      <Button look="quiet" onClick={() => leave(step)}>
                        {step === 'model' ? t('Rehearse without one') : t('Not now')}
                      </Button>
                    )}
                  </Body>
                </div>
              ) : null}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

const Mark = ({ state, place }: { state: FirstRun[FirstStep]; place: number }) =>
  state === 'done' ? (
    <span className="flex size-6 items-center justify-center rounded-full bg-good-soft text-good">
      <Check aria-label={t('done')} className="size-3.5" strokeWidth={2.8} />
    </span>
  ) : (
    <span className="flex size-6 items-center justify-center rounded-full border border-line-strong text-xs font-semibold text-ink-2">
      {place}
      {state === 'skipped' ? <span className="sr-only">{t('left out')}</span> : null}
    </span>
  );

/** @param children the way past the step */
function Body({
  step,
  onWorks,
  children,
}: {
  step: FirstStep;
  onWorks(message: string): void;
  children: ReactNode;
}) {
  const skills = useQuery(skillsQuery);
  const [isRunOpen, setRunOpen] = useState(false);
  const actions = 'flex flex-wrap gap-2';
  if (step === 'model') {
    return (
      <>
        <p className="text-ink-2">
          {t(
            'The model is what understands and decides. Paste an API key of Anthropic: it is sealed in the vault at once, no skill and no tool ever sees it, and it is tried right away, for a fraction of a cent. Without one, skills can be rehearsed: real tools, nothing changed, no cost, and no understanding.',
          )}
        </p>
        <ModelForm isShort onWorks={onWorks}>
          {children}
        </ModelForm>
      </>
    );
  }
  if (step === 'connection') {
    return (
      <>
        <p className="text-ink-2">
          {t(
            'A connection is something that Alfred may reach for you: a mailbox, files, a database, a service. You see exactly what would run before it does. Two stand ready to play with: the papers of a sample house, and a memory.',
          )}
        </p>
        <div className={actions}>
          <Link to="/connections/add" className={buttonClass('primary')}>
            {t('Connect something')}
          </Link>
          <Link to="/connections" className={buttonClass()}>
            {t('See the two')}
          </Link>
          {children}
        </div>
      </>
    );
  }
  if (step === 'skill') {
    return (
      <>
        <p className="text-ink-2">
          {t(
            'A skill says in plain words what to do, step by step, and which tools each step may use: those and no others. It runs when you say so, by a schedule, or when another program calls.',
          )}
        </p>
        <div className={actions}>
          <Link to="/skills/new" className={buttonClass('primary')}>
            {t('Choose a template')}
          </Link>
          <Link to="/skills/write" className={buttonClass()}>
            {t('Write one')}
          </Link>
          {children}
        </div>
      </>
    );
  }
  const sample = skills.data?.find(({ slug }) => slug === 'house-report');
  return (
    <>
      <p className="text-ink-2">
        {sample
          ? `${t('The skill “House report” comes with Alfred: it reads the papers of a sample house and says what needs doing.')} `
          : ''}
        {t(
          'You can watch each call as it happens. Afterwards all of it stays on record: what was asked, what came back, how long it took, what it cost.',
        )}
      </p>
      <div className={actions}>
        {sample?.isActive ? (
          <Button look="primary" icon={<Play className="size-4" />} onClick={() => setRunOpen(true)}>
            {t('Run House report')}
          </Button>
        ) : (
          <Link to="/skills" className={buttonClass('primary')}>
            {t('Choose a skill to run')}
          </Link>
        )}
        {children}
      </div>
      {sample ? <RunDialog skill={sample} open={isRunOpen} onClose={() => setRunOpen(false)} /> : null}
    </>
  );
}
