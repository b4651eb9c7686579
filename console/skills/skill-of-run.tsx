/** What the editor of a new skill begins with when it is made of a run. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { parseToolName } from '../../src/contract/common.ts';
import type { Skill } from '../../src/contract/skills.ts';
import { executionQuery, versionsQuery } from '../api/queries.ts';
import { useRun } from '../api/use-run.ts';
import { plural } from '../ui/format.ts';
import { Sparkles } from '../ui/icons.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { type SkillOfRun, skillOfRun } from './skill-draft-of-run.ts';

/** Reads the run and its skill, then draws the editor with what it begins with. */
export function FromRun({ id, children }: { id: string; children: (start: SkillOfRun) => ReactNode }) {
  // What is being written must not change under the hand.
  const execution = useQuery({ ...executionQuery(id), staleTime: Number.POSITIVE_INFINITY });
  const versions = useQuery({
    ...versionsQuery(execution.data?.skillSlug ?? ''),
    enabled: execution.data !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { run } = useRun(id);
  if (execution.error) return <ProblemNote error={execution.error} />;
  if (!execution.data || versions.isPending) return <SkeletonRows rows={8} />;
  const version = versions.data?.find((one) => one.version === execution.data.skillVersion);
  // Of a skill that was removed only the run itself knows what it was asked.
  if (version === undefined && !run.isOver) return <SkeletonRows rows={8} />;
  const start = skillOfRun(execution.data, version?.definition as Partial<Skill> | undefined, run.steps);
  return (
    <>
      <FromNote id={id} leftOut={start.leftOut} />
      {children(start)}
    </>
  );
}

const FromNote = ({ id, leftOut }: { id: string; leftOut: readonly string[] }) => (
  <div className="mb-5 flex gap-3 rounded-xl border border-line bg-accent-soft px-4 py-3">
    <Sparkles aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-accent" />
    <div className="min-w-0 space-y-1">
      <p>
        Filled with the steps of{' '}
        <Link to="/executions/$id" params={{ id }} className="font-medium text-accent hover:underline">
          a run that went well
        </Link>
        , each with the tools that it really used. Nothing is saved yet, and it is a draft until you make it
        active.
      </p>
      {leftOut.length === 0 ? null : (
        <p className="text-[13px] text-ink-2">
          {plural(leftOut.length, 'tool')} that it was allowed and did not use{' '}
          {leftOut.length === 1 ? 'is' : 'are'} left out: {leftOut.map(shortName).join(', ')}.
        </p>
      )}
    </div>
  </div>
);

function shortName(name: string): string {
  const tool = parseToolName(name);
  return tool ? `${tool.connection} ${tool.tool}` : name;
}
