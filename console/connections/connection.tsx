/** One connection: what it starts or calls, how it stands, and its tools, to be looked at and tried. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { connectionTypes } from '../../src/contract/connection-types.ts';
import type { Connection, ConnectionTest } from '../../src/contract/connections.ts';
import { visibleLines, visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { isPassing } from '../api/client.ts';
import { connectionQuery, skillsQuery } from '../api/queries.ts';
import { duration } from '../ui/format.ts';
import { JsonBox } from '../ui/json-tree.tsx';
import { PageProblem } from '../ui/page-problem.tsx';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ConnectionStatusMark } from '../ui/status.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { Verdict } from '../ui/verdict.tsx';
import { WayBack } from '../ui/way-back.tsx';
import { rich, t, told } from '../words/t.ts';
import { ConnectionActions } from './connection-actions.tsx';
import { ConnectionApproval } from './connection-approval.tsx';
import { ConnectionLogin } from './connection-login.tsx';
import { ConnectionSecrets } from './connection-secrets.tsx';
import { Tools } from './connection-tools.tsx';
import { ConnectionUsers, usersOf } from './connection-users.tsx';
import { Destination } from './destination.tsx';
import { Walls } from './walls.tsx';

const route = getRouteApi('/connections/$name');

export function ConnectionPage() {
  const { name } = route.useParams();
  const connection = useQuery(connectionQuery(name));
  const skills = useQuery(skillsQuery);
  const queries = useQueryClient();
  const test = useMutation({
    mutationFn: () => api.testConnection({ params: { name } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['connections'] }),
    onError: sayProblem,
  });
  const discover = useMutation({
    mutationFn: () => api.discoverTools({ params: { name } }),
    onSuccess: ({ tools }) =>
      say(t('{tools, plural, one {# tool} other {# tools}} found', { tools: tools.length })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['connections'] }),
    onError: sayProblem,
  });
  if (connection.error && !(connection.data && isPassing(connection.error)))
    return (
      <PageProblem
        error={connection.error}
        title={t('This connection is not here')}
        list="/connections"
        listName={t('All connections')}
      />
    );
  if (!connection.data) return <SkeletonRows rows={8} />;
  const it = connection.data;
  const users = usersOf(it.name, skills.data ?? []);
  return (
    <>
      <WayBack to="/connections">{t('Connections')}</WayBack>
      <PageHead
        title={it.name}
        lead={<Standing connection={it} />}
        actions={<ConnectionActions connection={it} test={test} discover={discover} users={users} />}
      />
      <div className="space-y-5">
        <ConnectionApproval connection={it} />
        <ConnectionLogin connection={it} />
        {it.lastError && it.approved && !isSaidBySignIn(it) ? <LastError>{it.lastError}</LastError> : null}
        {test.data ? <TestResult test={test.data} /> : null}
        <Warnings all={discover.data?.warnings ?? []} />
        <Panel title={t('What it is')}>
          <Destination connection={it} />
          {it.approved ? <Walls connection={it} className="mt-3" /> : null}
          <details className="mt-3">
            <summary className="text-[13px] text-ink-2">
              {t('All of its settings; secrets are never shown')}
            </summary>
            <div className="mt-2">
              <JsonBox value={it.config} />
            </div>
          </details>
        </Panel>
        <ConnectionSecrets connection={it} onSaved={() => test.mutate()} />
        <ConnectionUsers users={users} />
        <Tools connection={it} />
      </div>
    </>
  );
}

const Standing = ({ connection }: { connection: Connection }) => (
  <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
    <ConnectionStatusMark connection={connection} /> {told(connectionTypes[connection.type].words)}
    {connection.lastUsedAt ? (
      <span>{rich('last used {ago}', { ago: <Ago at={connection.lastUsedAt} /> })}</span>
    ) : null}
  </span>
);

/** What the last look for tools found worth saying. */
const Warnings = ({ all }: { all: string[] }) =>
  all.length === 0 ? null : (
    <section role="status" className="space-y-2 rounded-xl border border-wait/30 bg-wait-soft px-4 py-3">
      {all.map((warning) => (
        <p key={warning} className="break-words">
          {visibleText(warning)}
        </p>
      ))}
    </section>
  );

/** Its sentence, and beneath it what the program itself said. */
function LastError({ children }: { children: string }) {
  const [said, ...lines] = children.split('\n');
  return (
    <section className="space-y-2 rounded-xl border border-bad/30 bg-bad-soft px-4 py-3">
      <h2 className="text-[13px] text-ink-2">{t('What went wrong last')}</h2>
      <p className="font-medium break-words">{said}</p>
      {lines.length === 0 ? null : (
        <pre className="font-mono text-[12.5px] break-words whitespace-pre-wrap text-ink-2">
          {lines.map((line) => line.trim()).join('\n')}
        </pre>
      )}
    </section>
  );
}

const TestResult = ({ test }: { test: ConnectionTest }) => (
  <div className="space-y-3">
    <Verdict test={test}>
      {test.server ? `${test.server.name} ${test.server.version}, ` : ''}
      {duration(test.durationMs)}
    </Verdict>
    {test.server?.instructions === undefined ? null : <SaidOfItself>{test.server.instructions}</SaidOfItself>}
  </div>
);

const SaidOfItself = ({ children }: { children: string }) => (
  <details className="rounded-xl border border-line bg-surface">
    <summary className="px-4 py-3 font-medium">{t('What the server says of its use')}</summary>
    <div className="space-y-3 px-4 pb-4">
      <p className="text-[13px] text-ink-2">
        {t(
          'Models are not given it: it may be another tomorrow, and nobody approved it. Put what is good of it into the guidance of a step.',
        )}
      </p>
      <p className="whitespace-pre-wrap break-words">{visibleLines(children)}</p>
    </div>
  </details>
);

/** What the sign-in's own place says already. */
const isSaidBySignIn = ({ type, status, lastError, login }: Connection): boolean =>
  login === undefined
    ? connectionTypes[type].signsIn && status === 'needs_login'
    : login.ended !== null && login.ended.why === lastError;
