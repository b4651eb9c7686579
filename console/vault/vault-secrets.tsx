/** Each secret by name: when it was used last, and what would break if it were changed. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Secret } from '../../src/contract/secret-uses.ts';
import { secretsQuery } from '../api/queries.ts';
import { buttonClass } from '../ui/button.tsx';
import { FoldRow } from '../ui/fold-row.tsx';
import { Empty, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { rich, t } from '../words/t.ts';

export function Secrets() {
  const secrets = useQuery(secretsQuery);
  return (
    <Panel title={t('Secrets')} flush>
      {secrets.error ? <ProblemNote error={secrets.error} /> : null}
      {secrets.isPending ? <SkeletonRows rows={3} /> : null}
      {secrets.data?.length === 0 ? (
        <Empty
          title={t('No secret yet')}
          action={
            <Link to="/connections/add" className={buttonClass()}>
              {t('Connect something')}
            </Link>
          }
        >
          {t(
            'Keys that you type into settings, connections and webhooks are sealed, and stand here by name.',
          )}
        </Empty>
      ) : null}
      <ul className="divide-y divide-line">
        {secrets.data?.map((secret) => (
          <li key={secret.secret}>
            <SecretPart secret={secret} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function SecretPart({
  secret: { secret, fingerprint, uses, lastUsedAt, destinations, breaks },
}: {
  secret: Secret;
}) {
  return (
    <FoldRow
      head={
        <span className="flex min-w-0 grow flex-wrap items-center gap-x-3 gap-y-0.5">
          <span className="min-w-0 flex-1 basis-40 font-medium break-all">{secret}</span>
          <span className="text-[13px] text-ink-2">
            {lastUsedAt === null
              ? t('not used yet')
              : rich('{uses, plural, one {# use} other {# uses}}, last {ago}', {
                  uses,
                  ago: <Ago at={lastUsedAt} />,
                })}
          </span>
          <code className="font-mono text-[13px] text-ink-2">{fingerprint}</code>
        </span>
      }
    >
      <div className="space-y-1">
        <h3 className="font-medium">{t('What breaks if I change this?')}</h3>
        <p className="text-ink-2">{breaks.note}</p>
      </div>
      <dl className="space-y-1.5">
        <Hit name={t('Connections')}>
          {breaks.connections.map((name) => (
            <Link key={name} to="/connections/$name" params={{ name }} className={linkClass}>
              {name}
            </Link>
          ))}
        </Hit>
        <Hit name={t('Skills')}>
          {breaks.skills.map(({ slug, isActive }) => (
            <span key={slug}>
              <Link to="/skills/$slug" params={{ slug }} className={linkClass}>
                {slug}
              </Link>
              {isActive ? null : <span className="text-ink-2"> {t('(off)')}</span>}
            </span>
          ))}
        </Hit>
        <Hit name={t('Next by schedule')}>
          {breaks.schedules.map(({ slug, nextRunAt }) => (
            <span key={slug}>
              {slug} {nextRunAt === null ? null : <Ago at={nextRunAt} className="text-ink-2" />}
            </span>
          ))}
        </Hit>
        <Hit name={t('Webhooks')}>
          {breaks.hooks.map(({ path }) => (
            <code key={path} className="font-mono text-[13px] break-all">
              {path}
            </code>
          ))}
        </Hit>
        <Hit name={t('Was sent to')}>
          {destinations.map((destination) => (
            <code key={destination} className="font-mono text-[13px] break-all">
              {destination}
            </code>
          ))}
        </Hit>
      </dl>
    </FoldRow>
  );
}

const linkClass = 'underline decoration-line-strong underline-offset-4 hover:decoration-current';

/** One line of what hangs on it; none where nothing does. */
const Hit = ({ name, children }: { name: string; children: ReactNode[] }) =>
  children.length === 0 ? null : (
    <div className="flex flex-wrap gap-x-4 gap-y-0.5">
      <dt className="w-36 shrink-0 text-ink-2">{name}</dt>
      <dd className="flex min-w-0 flex-wrap gap-x-4">{children}</dd>
    </div>
  );
