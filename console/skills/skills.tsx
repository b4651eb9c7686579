import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ListedSkill } from '../../src/contract/listed-skill.ts';
import { triggers } from '../../src/contract/trigger-types.ts';
import { proposalsQuery, skillsQuery } from '../api/queries.ts';
import { buttonClass } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { dayTime } from '../ui/format.ts';
import { CalendarClock, WandSparkles } from '../ui/icons.tsx';
import { Plus } from '../ui/more-icons.tsx';
import { Empty, PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { ExecutionStatusMark } from '../ui/status.tsx';
import { Ago } from '../ui/time.tsx';
import { triggerPictures } from '../ui/trigger-pictures.ts';
import { rich, t, told } from '../words/t.ts';
import { pausedUntilOf, pauseWords } from './paused.ts';
import { ImportSkill } from './skill-import.tsx';

const route = getRouteApi('/skills');

export function SkillsPage() {
  const { tag } = route.useSearch();
  const skills = useQuery(skillsQuery);
  const tags = [...new Set(skills.data?.flatMap((skill) => skill.tags ?? []))].sort();
  const shown = skills.data?.filter((skill) => tag === undefined || skill.tags?.includes(tag) === true);
  return (
    <>
      <PageHead
        title={t('Skills')}
        help="architecture#words"
        lead={t('What Alfred can do: steps, each with the tools that it may use and no others.')}
        actions={
          <>
            <Link to="/calendar" className={buttonClass('quiet')}>
              <CalendarClock aria-hidden="true" className="size-4" /> {t('What comes')}
            </Link>
            <ProposalsLink />
            <ImportSkill />
            <Link to="/skills/new" className={buttonClass('primary')}>
              <Plus aria-hidden="true" className="size-4" /> {t('New skill')}
            </Link>
          </>
        }
      />
      {skills.error ? <ProblemNote error={skills.error} /> : null}
      {tags.length === 0 ? null : <TagFilter tags={tags} picked={tag} />}
      <section aria-label={t('Skills')} className="overflow-hidden rounded-xl border border-line bg-surface">
        {skills.isPending ? <SkeletonRows /> : null}
        {skills.data?.length === 0 ? (
          <Empty
            title={t('No skill yet')}
            action={
              <Link to="/skills/new" className={buttonClass('primary')}>
                {t('Choose a template')}
              </Link>
            }
          >
            {t(
              'Make the first from a template: it stands ready in a minute. A SKILL.md can be dropped here.',
            )}
          </Empty>
        ) : null}
        {skills.data !== undefined && skills.data.length > 0 && shown?.length === 0 ? (
          <p className="px-4 py-6 text-ink-2">
            {t('No skill has this tag any more.')} <TagLink>{t('Show all of them')}</TagLink>
          </p>
        ) : null}
        <ul className="divide-y divide-line">
          {shown?.map((skill) => (
            <li key={skill.slug}>
              <SkillRow skill={skill} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

/** One tag at a time, in the address. */
const TagFilter = ({ tags, picked }: { tags: readonly string[]; picked: string | undefined }) => (
  <nav aria-label={t('Tags')} className="mb-3 flex flex-wrap gap-1.5">
    {[undefined, ...tags].map((tag) => (
      <Link
        key={tag ?? ''}
        to="/skills"
        search={tag === undefined ? {} : { tag }}
        aria-current={tag === picked ? 'true' : undefined}
        className={cx(
          'rounded-full border px-2.5 text-[13px] leading-6',
          tag === picked
            ? 'border-accent bg-accent-soft font-medium text-accent'
            : 'border-line-strong/70 text-ink-2 hover:bg-hover hover:text-ink',
        )}
      >
        {tag ?? t('All')}
      </Link>
    ))}
  </nav>
);

const TagLink = ({ children }: { children: React.ReactNode }) => (
  <Link to="/skills" search={{}} className="font-medium text-accent hover:underline">
    {children}
  </Link>
);

/** What was taught and waits for a word. */
function ProposalsLink() {
  const open = useInfiniteQuery(proposalsQuery('open'));
  const waiting = open.data?.pages[0]?.items.length ?? 0;
  return (
    <Link to="/proposals" className={buttonClass('quiet')}>
      <WandSparkles aria-hidden="true" className="size-4" />
      {waiting === 0
        ? t('Teach one')
        : t('{waiting, plural, one {# proposal} other {# proposals}}', { waiting })}
    </Link>
  );
}

function SkillRow({ skill }: { skill: ListedSkill }) {
  const { lastSkippedAt, lastRun } = skill;
  const skippedLast =
    lastSkippedAt !== null && !(lastRun && lastRun.createdAt > lastSkippedAt) ? lastSkippedAt : undefined;
  const { icon, words } = triggers[skill.triggerType];
  const Picture = triggerPictures[icon];
  const paused = pausedUntilOf(skill);
  return (
    <Link
      to="/skills/$slug"
      params={{ slug: skill.slug }}
      className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-hover sm:grid-cols-[auto_minmax(0,1fr)_11rem_11.5rem]"
    >
      <Picture aria-label={told(words)} className="size-4.5 text-ink-3" />
      <span className="min-w-0">
        <span className="flex items-center gap-2">
          <span className="truncate font-medium">{skill.name}</span>
          {skill.isActive ? null : <Tag>{t('draft')}</Tag>}
          {skill.isSystem ? <Tag>{t('built in')}</Tag> : null}
          <span className="hidden min-w-0 truncate text-[13px] text-ink-3 sm:inline">
            {skill.tags?.join(', ')}
          </span>
        </span>
        <span className="block truncate text-[13px] text-ink-2">
          {skill.description ||
            t('{steps, plural, one {# step} other {# steps}}', { steps: skill.steps.length })}
        </span>
      </span>
      <span className="col-start-2 flex items-center gap-2 text-[13px] text-ink-2 sm:col-start-3">
        {skippedLast !== undefined ? (
          <span title={t('Alfred was off at that time, or a run was under way')}>
            {rich('skipped {ago}', { ago: <Ago at={skippedLast} /> })}
          </span>
        ) : lastRun ? (
          <>
            <ExecutionStatusMark status={lastRun.status} bare />
            <Ago at={lastRun.createdAt} />
          </>
        ) : (
          t('never ran')
        )}
      </span>
      <span className="col-start-2 text-[13px] text-ink-2 empty:hidden sm:col-start-4 sm:text-right">
        {paused !== undefined ? (
          <span className="text-wait">{pauseWords(paused)}</span>
        ) : skill.nextRunAt && skill.isActive ? (
          t('next {nextRunAt}', { nextRunAt: dayTime(skill.nextRunAt) })
        ) : null}
      </span>
    </Link>
  );
}

export const Tag = ({ children }: { children: React.ReactNode }) => (
  <span className="rounded border border-line-strong/70 px-1.5 text-xs leading-5 text-ink-2">{children}</span>
);
