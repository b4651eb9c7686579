import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarClock, Hand, MessageCircle, Plus, Webhook } from 'lucide-react';
import type { Skill } from '../../src/contract/skills.ts';
import { skillsQuery } from '../api/queries.ts';
import { buttonClass } from '../ui/button.tsx';
import { dayTime, plural } from '../ui/format.ts';
import { Empty, PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';

export const triggerIcons = {
  manual: Hand,
  schedule: CalendarClock,
  webhook: Webhook,
  chat: MessageCircle,
} as const;

export function SkillsPage() {
  const skills = useQuery(skillsQuery);
  return (
    <>
      <PageHead
        title="Skills"
        lead="What Alfred can do: steps, each with the tools that it may use and no others."
        actions={
          <Link to="/skills/new" className={buttonClass('primary')}>
            <Plus aria-hidden="true" className="size-4" /> New skill
          </Link>
        }
      />
      {skills.error ? <ProblemNote error={skills.error} /> : null}
      <section aria-label="Skills" className="overflow-hidden rounded-xl border border-line bg-surface">
        {skills.isPending ? <SkeletonRows /> : null}
        {skills.data?.length === 0 ? (
          <Empty title="No skill yet">Make the first from a template: it stands ready in a minute.</Empty>
        ) : null}
        <ul className="divide-y divide-line">
          {skills.data?.map((skill) => (
            <li key={skill.slug}>
              <SkillRow skill={skill} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function SkillRow({ skill }: { skill: Skill }) {
  const Icon = triggerIcons[skill.triggerType];
  return (
    <Link
      to="/skills/$slug"
      params={{ slug: skill.slug }}
      className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 px-4 py-3 hover:bg-hover sm:grid-cols-[auto_minmax(0,1fr)_9rem_9rem]"
    >
      <Icon aria-label={skill.triggerType} className="size-4.5 text-ink-3" />
      <span className="min-w-0">
        <span className="flex items-center gap-2">
          <span className="truncate font-medium">{skill.name}</span>
          {skill.isActive ? null : <Tag>draft</Tag>}
          {skill.isSystem ? <Tag>built in</Tag> : null}
        </span>
        <span className="block truncate text-[13px] text-ink-2">
          {skill.description || plural(skill.steps.length, 'step')}
        </span>
      </span>
      <span className="hidden text-[13px] text-ink-2 sm:block">
        {skill.lastRunAt ? (
          <>
            ran <Ago at={skill.lastRunAt} />
          </>
        ) : (
          'never ran'
        )}
      </span>
      <span className="hidden text-right text-[13px] text-ink-2 sm:block">
        {skill.nextRunAt && skill.isActive ? `next ${dayTime(skill.nextRunAt)}` : ''}
      </span>
    </Link>
  );
}

export const Tag = ({ children }: { children: React.ReactNode }) => (
  <span className="rounded border border-line-strong/70 px-1.5 text-xs leading-5 text-ink-2">{children}</span>
);
