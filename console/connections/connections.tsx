import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { connectionTypes } from '../../src/contract/connection-types.ts';
import type { Connection } from '../../src/contract/connections.ts';
import { connectionsQuery } from '../api/queries.ts';
import { buttonClass } from '../ui/button.tsx';
import { Plus } from '../ui/more-icons.tsx';
import { Empty, PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { ConnectionStatusMark } from '../ui/status.tsx';
import { Ago } from '../ui/time.tsx';
import { rich, t, told } from '../words/t.ts';
import { ConnectionIcon } from './connection-icon.tsx';
import { ReplaceKey } from './replace-key.tsx';

const addLink = (
  <Link to="/connections/add" className={buttonClass('primary')}>
    <Plus aria-hidden="true" className="size-4" /> {t('Add a connection')}
  </Link>
);

export function ConnectionsPage() {
  const connections = useQuery({ ...connectionsQuery, refetchInterval: 10_000 });
  return (
    <>
      <PageHead
        title={t('Connections')}
        help="operations#connections"
        lead={t('The servers and APIs whose tools skills may use.')}
        actions={addLink}
      />
      {connections.error ? <ProblemNote error={connections.error} /> : null}
      <section
        aria-label={t('Connections')}
        className="overflow-hidden rounded-xl border border-line bg-surface"
      >
        {connections.isPending ? <SkeletonRows /> : null}
        {connections.data?.length === 0 ? (
          <Empty title={t('Nothing is connected')} action={addLink}>
            {t(
              'Paste a command, an address, or the settings of another program. You see what it would run before it runs.',
            )}
          </Empty>
        ) : null}
        <ul className="divide-y divide-line">
          {connections.data?.map((connection) => (
            <li key={connection.name} className="flex items-center hover:bg-hover">
              <ConnectionRow connection={connection} />
              <span className="w-11 shrink-0 sm:mr-2 sm:w-9">
                <ReplaceKey connection={connection} />
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function ConnectionRow({ connection }: { connection: Connection }) {
  return (
    <Link
      to="/connections/$name"
      params={{ name: connection.name }}
      className="grid min-w-0 flex-1 grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 py-3 pr-1 pl-4 sm:pr-3 sm:grid-cols-[auto_minmax(0,1fr)_7rem_10rem_8rem]"
    >
      <ConnectionIcon type={connection.type} className="size-4.5 text-ink-3" />
      <span className="min-w-0">
        <span className="block truncate font-medium">{connection.name}</span>
        <span className="block truncate text-[13px] text-ink-2">
          {connection.lastError ?? told(connectionTypes[connection.type].words)}
        </span>
      </span>
      <span className="hidden text-[13px] text-ink-2 sm:block">
        {t('{tools, plural, one {# tool} other {# tools}}', { tools: connection.tools.length })}
      </span>
      <span className="justify-self-end sm:justify-self-start">
        <ConnectionStatusMark connection={connection} />
      </span>
      <span className="hidden text-right text-[13px] text-ink-2 sm:block">
        {connection.lastUsedAt
          ? rich('used {ago}', { ago: <Ago at={connection.lastUsedAt} /> })
          : t('no tool used yet')}
      </span>
    </Link>
  );
}
