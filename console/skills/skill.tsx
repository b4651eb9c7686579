/** One skill: what it does, how to start it, and what came of it lately. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { isFinal } from '../../src/contract/execution-status.ts';
import type { FormControl } from '../../src/contract/skill-field.ts';
import type { Skill } from '../../src/contract/skills.ts';
import { triggerTexts } from '../../src/contract/trigger-texts.ts';
import { isPassing } from '../api/client.ts';
import { executionsQuery, skillQuery } from '../api/queries.ts';
import { DayRows } from '../executions/day-rows.tsx';
import { RunDialog } from '../executions/run-dialog.tsx';
import { RunsLink } from '../executions/runs-link.tsx';
import { duration, money } from '../ui/format.ts';
import { PageProblem } from '../ui/page-problem.tsx';
import { PageHead, Panel, Skeleton, SkeletonRows } from '../ui/panel.tsx';
import { WayBack } from '../ui/way-back.tsx';
import { t, told } from '../words/t.ts';
import { CancelRuns } from './cancel-runs.tsx';
import { useInherited, useModel } from './inherited.ts';
import { type ScheduleConfig, SchedulePause } from './schedule-pause.tsx';
import { Fires } from './schedule-preview.tsx';
import { schedulePreviewQuery } from './schedule-queries.ts';
import { SkillActions } from './skill-actions.tsx';
import { type FormField, formFields, isLines } from './skill-draft.ts';
import { SkillFileList } from './skill-files.tsx';
import { HookPart } from './skill-hook.tsx';
import { Versions } from './skill-versions.tsx';
import { Tag } from './skills.tsx';
import { StepList } from './step-list.tsx';

const route = getRouteApi('/skills/$slug');

export function SkillPage() {
  const { slug } = route.useParams();
  const { run } = route.useSearch();
  const navigate = useNavigate();
  const skill = useQuery(skillQuery(slug));
  const [isRunOpen, setRunOpen] = useState(false);
  useEffect(() => {
    if (run === true) setRunOpen(true);
  }, [run]);
  if (skill.error && !(skill.data && isPassing(skill.error)))
    return (
      <PageProblem
        error={skill.error}
        title={t('This skill is not here')}
        list="/skills"
        listName={t('All skills')}
      />
    );
  if (!skill.data) return <SkeletonRows rows={8} />;
  const it = skill.data;
  return (
    <>
      <WayBack to="/skills">{t('Skills')}</WayBack>
      <PageHead
        title={
          <span className="flex flex-wrap items-center gap-2">
            {it.name} {it.isActive ? null : <Tag>{t('draft')}</Tag>}
          </span>
        }
        lead={
          <>
            {it.description} <RunsLink slug={slug} />
            <Tags tags={it.tags} />
          </>
        }
        actions={<SkillActions skill={it} onRun={() => setRunOpen(true)} />}
      />
      <RunDialog
        skill={it}
        open={isRunOpen}
        onClose={() => {
          setRunOpen(false);
          if (run === true)
            void navigate({ to: '/skills/$slug', params: { slug }, search: {}, replace: true });
        }}
      />
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-5">
          <Panel title={t('Steps')} flush>
            <StepList steps={it.steps} />
          </Panel>
          <Texts skill={it} />
          {it.files === null ? null : (
            <Panel title={t('Files')} flush>
              <p className="px-4 pt-3 text-ink-2">
                {t('Each step reads those that it needs, when it needs them.')}
              </p>
              <SkillFileList files={it.files} />
            </Panel>
          )}
          <LatestRuns slug={slug} />
        </div>
        <div className="min-w-0 space-y-5">
          <Trigger skill={it} />
          <Limits skill={it} />
          <Versions skill={it} />
        </div>
      </div>
    </>
  );
}

/** What else it says in several lines; what it does stands at the head of the page. */
const Texts = ({ skill }: { skill: Skill }) =>
  formFields
    .filter((one) => isLines(one) && one.field !== 'description' && skill[one.field] !== one.unsaid)
    .map(({ field, name }) => (
      <Panel key={field} title={told(name)}>
        <p className="whitespace-pre-wrap">{skill[field]}</p>
      </Panel>
    ));

/** Each leads to all skills that have it. */
const Tags = ({ tags }: Pick<Skill, 'tags'>) =>
  tags === null ? null : (
    <span className="mt-2 flex flex-wrap gap-1.5">
      {tags.map((tag) => (
        <Link
          key={tag}
          to="/skills"
          search={{ tag }}
          className="rounded-full border border-line-strong/70 px-2.5 text-[13px] leading-6 hover:bg-hover hover:text-ink"
        >
          {tag}
        </Link>
      ))}
    </span>
  );

function LatestRuns({ slug }: { slug: string }) {
  const runs = useInfiniteQuery(executionsQuery({ skill: slug }, 6));
  const rows = runs.data?.pages[0]?.items ?? [];
  return (
    <Panel
      title={t('Latest runs')}
      flush
      aside={
        <span className="flex flex-wrap items-center gap-3">
          {rows.some(({ status }) => !isFinal(status)) ? <CancelRuns slug={slug} /> : null}
          {rows.length > 0 ? <RunsLink slug={slug} /> : null}
        </span>
      }
    >
      {rows.length === 0 ? <p className="px-4 py-4 text-ink-2">{t('It was not run yet.')}</p> : null}
      <DayRows rows={rows} />
    </Panel>
  );
}

function Trigger({ skill }: { skill: Skill }) {
  const facts = triggerTexts[skill.triggerType];
  const { cron, timezone, pausedUntil } = skill.triggerConfig as Partial<ScheduleConfig>;
  const preview = useQuery({
    ...schedulePreviewQuery(cron ?? '', timezone, pausedUntil),
    enabled: skill.triggerType === 'schedule' && cron !== undefined,
  });
  return (
    <Panel title={t('Starts')}>
      {'starts' in facts ? <p>{told(facts.starts)}</p> : null}
      {skill.triggerType === 'webhook' ? <HookPart skill={skill} /> : null}
      {skill.triggerType === 'schedule' ? (
        preview.data ? (
          <>
            <Fires {...preview.data} cron={cron ?? ''} next={skill.isActive ? preview.data.next : []} />
            {skill.isActive ? (
              <SchedulePause skill={skill} next={preview.data.next[0]} />
            ) : (
              <p className="mt-2 text-ink-2">{t('A draft does not start by itself.')}</p>
            )}
          </>
        ) : (
          <Skeleton className="h-44" />
        )
      ) : null}
    </Panel>
  );
}

/** What is said of these is shown even where the skill says nothing. */
const always: readonly FormField[] = ['maxCostUsd', 'timeoutMs', 'concurrency', 'model'];

function Limits({ skill }: { skill: Skill }) {
  const limits = formFields
    .filter((one) => !isLines(one) && (always.includes(one.field) || skill[one.field] !== one.unsaid))
    .map(({ field, name, unit, form, setting }) => ({ field, name, unit, form, setting }));
  return (
    <Panel
      title={t('Caps and limits')}
      aside={
        <Link
          to="/skills/$slug/edit"
          params={{ slug: skill.slug }}
          hash="limits"
          className="text-[13px] font-medium text-accent hover:underline"
        >
          {t('Change')}
        </Link>
      }
    >
      <dl className="space-y-1.5">
        {limits.map(({ field, name, unit, form, setting }) => (
          <div key={field} className="flex justify-between gap-4">
            <dt className="shrink-0 text-ink-2">{told(name)}</dt>
            <dd className="text-right text-balance">
              {skill[field] === null ? (
                <InheritedLimit field={field} setting={setting} unit={unit} form={form} />
              ) : (
                limitText(skill[field], unit, form)
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** What holds where the skill says nothing. */
function InheritedLimit({
  field,
  setting,
  unit,
  form,
}: {
  field: FormField;
  setting: string | undefined;
  unit: Unit;
  form: FormControl;
}) {
  const model = useModel(field);
  const { value = model, words } = useInherited(setting) ?? {};
  if (value === undefined) return words === undefined ? t('as in settings') : told(words);
  return t('{value}, as in settings', { value: limitText(value, unit, form) });
}

type Unit = 'usd' | 'ms' | undefined;

function limitText(value: string | number, unit: Unit, form: FormControl): string {
  if (unit === 'usd') return t('at most {value}', { value: money(Number(value)) });
  if (unit === 'ms') return t('at most {value}', { value: duration(Number(value)) });
  const words = form.choices?.find(([choice]) => choice === value)?.[1];
  return words === undefined ? String(value) : told(words);
}
