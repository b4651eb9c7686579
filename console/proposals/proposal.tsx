/** One proposal, whole: what it would be or change, what it may reach, and a person's word about it. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { isRecord } from '../../src/contract/is-record.ts';
import type { Proposal } from '../../src/contract/proposals.ts';
import type { Step } from '../../src/contract/skills.ts';
import { proposalQuery } from '../api/queries.ts';
import { DifferenceList } from '../skills/difference-list.tsx';
import { StepList } from '../skills/step-list.tsx';
import { PageProblem } from '../ui/page-problem.tsx';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { WayBack } from '../ui/way-back.tsx';
import { rich, t } from '../words/t.ts';
import { ProposalActions } from './proposal-actions.tsx';
import { aboutOf, Facts, nameOf, ProposalMark, Rehearsal, StaleNote } from './proposal-parts.tsx';

const route = getRouteApi('/proposals/$id');

export function ProposalPage() {
  const { id } = route.useParams();
  const { data: proposal, error } = useQuery(proposalQuery(id));
  if (error)
    return (
      <PageProblem
        error={error}
        title={t('This proposal is not here')}
        list="/proposals"
        listName={t('All proposals')}
      />
    );
  if (!proposal) return <SkeletonRows rows={8} />;
  const { status, staleBecause, rehearsalId } = proposal;
  return (
    <>
      <WayBack to="/proposals">{t('Proposals')}</WayBack>
      <PageHead
        title={
          <span className="flex flex-wrap items-center gap-2">
            {nameOf(proposal)} <ProposalMark status={status} />
          </span>
        }
        lead={aboutOf(proposal)}
      />
      <div className="mb-5 space-y-3">
        {status === 'stale' ? <StaleNote reasons={staleBecause} /> : null}
        <ProposalActions proposal={proposal} hasKeys />
      </div>
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-5">
          <What proposal={proposal} />
        </div>
        <div className="min-w-0 space-y-5">
          <Panel title={t('What to look at')}>
            <Facts proposal={proposal} />
          </Panel>
          <Panel title={t('Where it comes from')}>
            <div className="space-y-2">
              <Origin proposal={proposal} />
              {rehearsalId === null ? (
                <p className="text-ink-2">{t('It was not rehearsed as it stands.')}</p>
              ) : (
                <Rehearsal id={rehearsalId} />
              )}
            </div>
          </Panel>
        </div>
      </div>
    </>
  );
}

/** Of a new skill its steps; of one that is there what would change. */
function What({ proposal: { status, baseVersion, definition, diff, slug } }: { proposal: Proposal }) {
  const isChange = baseVersion !== null && (status === 'open' || status === 'stale');
  if (!isChange)
    return (
      <>
        <Panel title={t('Steps')} flush>
          <StepList steps={definition.steps as Step[]} />
        </Panel>
        <Inputs schema={definition.inputSchema} />
      </>
    );
  return (
    <Panel title={t('What changes of {slug}', { slug })}>
      <DifferenceList
        left={t('As it is now')}
        right={t('As it is proposed')}
        differences={diff.map(({ part, field, before, after }) => ({ part, field, before, after }))}
      />
    </Panel>
  );
}

function Inputs({ schema }: { schema: unknown }) {
  const properties = isRecord(schema) && isRecord(schema.properties) ? Object.entries(schema.properties) : [];
  if (properties.length === 0) return null;
  return (
    <Panel title={t('What it is told on each run')}>
      <ul className="space-y-1">
        {properties.map(([name, property]) => (
          <li key={name}>
            <code className="font-mono text-[13px]">{name}</code>{' '}
            <span className="text-ink-2">
              {isRecord(property) && typeof property.description === 'string' ? property.description : ''}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Origin({ proposal: { from, createdAt, createdBy } }: { proposal: Proposal }) {
  const { conversationId, executionId } = from;
  return (
    <p>
      {typeof conversationId === 'string' ? (
        <Link
          to="/chat/$id"
          params={{ id: conversationId }}
          className="font-medium text-accent hover:underline"
        >
          {t('A conversation')}
        </Link>
      ) : typeof executionId === 'string' ? (
        <Link
          to="/executions/$id"
          params={{ id: executionId }}
          className="font-medium text-accent hover:underline"
        >
          {t('A run')}
        </Link>
      ) : (
        t('A SKILL.md')
      )}
      <span className="text-ink-2">
        {rich(', {ago}, by {createdBy}', { ago: <Ago at={createdAt} />, createdBy })}
      </span>
    </p>
  );
}
