/** One connection: what it starts or calls, how it stands, and its tools, to be looked at and tried. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Connection, ConnectionTest, PinnedTool } from '../../src/contract/connections.ts';
import { visibleJsonLine, visibleText, visibleWord } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { connectionQuery, skillsQuery } from '../api/queries.ts';
import { ToolMarks } from '../skills/tool-picker.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { duration, plural } from '../ui/format.ts';
import { ArrowLeft, ChevronRight, Pencil, RefreshCw, Stethoscope } from '../ui/icons.tsx';
import { ExactJson, JsonBox } from '../ui/json-tree.tsx';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { ConnectionStatusMark } from '../ui/status.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.tsx';
import { ConnectionUsers, RemoveConnection, usersOf } from './connection-users.tsx';
import { connectionTypeWords } from './connections.tsx';
import { TryTool } from './try-tool.tsx';

// It brings the comparer of texts, which most visits do not need.
const ToolChange = lazy(async () => ({ default: (await import('./tool-change.tsx')).ToolChange }));

const ConnectionForm = lazy(async () => ({
  default: (await import('./connection-form.tsx')).ConnectionForm,
}));

const route = getRouteApi('/connections/$name');

export function ConnectionPage() {
  const { name } = route.useParams();
  const connection = useQuery(connectionQuery(name));
  const skills = useQuery(skillsQuery);
  const [isChanging, setChanging] = useState(false);
  const queries = useQueryClient();
  const renew = () => queries.invalidateQueries({ queryKey: ['connections'] });
  const test = useMutation({
    mutationFn: () => api.testConnection({ params: { name } }),
    onSettled: renew,
    onError: sayProblem,
  });
  const discover = useMutation({
    mutationFn: () => api.discoverTools({ params: { name } }),
    onSuccess: ({ tools }) => say(`${plural(tools.length, 'tool')} found`),
    onSettled: renew,
    onError: sayProblem,
  });
  const approve = useMutation({
    mutationFn: async (looked: Connection) => {
      // Only what stands here is approved: what became of it since is refused by the ETag.
      const { origin } = looked.config;
      const query = typeof origin === 'string' ? { origin } : {};
      await api.approveConnection({ params: { name }, query }, { etag: `"${looked.updatedAt}"` });
      if (looked.toolCatalog.length === 0) await api.discoverTools({ params: { name } });
    },
    onSuccess: () => say(`${name} is approved`),
    onSettled: renew,
    onError: sayProblem,
  });
  const place = useMutation({
    mutationFn: () => api.approveConnection({ params: { name }, query: { preview: 'true' } }),
  });
  if (connection.error) return <ProblemNote error={connection.error} />;
  if (!connection.data) return <SkeletonRows rows={8} />;
  const it = connection.data;
  const users = usersOf(it.name, skills.data ?? []);
  // Where only its document says where the API is, that is read when it is asked for, and seen before it is approved.
  const seen = place.data?.updatedAt === it.updatedAt ? place.data : undefined;
  const looked = !it.approved && hasUnseenPlace(it) ? seen : it;
  const pending = it.toolCatalog.filter(({ off }) => off !== undefined);
  return (
    <>
      <Link
        to="/connections"
        className="mb-3 inline-flex items-center gap-1.5 text-[13px] text-ink-2 hover:text-ink"
      >
        <ArrowLeft aria-hidden="true" className="size-3.5" /> Connections
      </Link>
      <PageHead
        title={it.name}
        lead={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <ConnectionStatusMark connection={it} /> {connectionTypeWords[it.type]}
            {it.lastUsedAt ? (
              <span>
                last used <Ago at={it.lastUsedAt} />
              </span>
            ) : null}
          </span>
        }
        actions={
          <>
            <Button
              icon={<Stethoscope className="size-4" />}
              busy={test.isPending}
              disabled={!it.approved}
              onClick={() => test.mutate()}
            >
              Test
            </Button>
            <Button
              icon={<RefreshCw className="size-4" />}
              busy={discover.isPending}
              disabled={!it.approved}
              onClick={() => discover.mutate()}
            >
              Look for tools
            </Button>
            <Button icon={<Pencil className="size-4" />} onClick={() => setChanging(true)}>
              Change
            </Button>
            <RemoveConnection connection={it} users={users} />
          </>
        }
      />
      {isChanging ? (
        <Suspense fallback={null}>
          <ConnectionForm connection={it} onClose={() => setChanging(false)} />
        </Suspense>
      ) : null}
      <div className="space-y-5">
        {it.approved && pending.length === 0 ? null : (
          <section className="space-y-3 rounded-xl border border-wait/40 bg-wait-soft p-4">
            <h2 className="font-semibold">
              {it.approved
                ? `${plural(pending.length, 'tool')} changed since you approved them`
                : 'Nothing is started before you approve it'}
            </h2>
            <p className="text-ink-2">
              {it.approved
                ? 'They are off until you have looked. A server that changes what a tool says of itself can steer what a model does with it: approve only what you expect.'
                : 'This is exactly what would run or be called. Approve it if you trust it.'}
            </p>
            {it.approved ? null : (
              <>
                <Destination connection={looked ?? it} />
                <ExactJson value={(looked ?? it).config} />
                {place.error ? <ProblemNote error={place.error} /> : null}
              </>
            )}
            {it.changedSinceApproval?.length ? <SinceApproval changes={it.changedSinceApproval} /> : null}
            {it.approved ? (
              <Suspense fallback={<SkeletonRows rows={pending.length} />}>
                <ul className="space-y-4">
                  {pending.map((tool) => (
                    <li key={tool.name}>
                      <ToolChange tool={tool} />
                    </li>
                  ))}
                </ul>
              </Suspense>
            ) : null}
            {looked === undefined ? (
              <Button look="primary" busy={place.isPending} onClick={() => place.mutate()}>
                Read its document, to see where its API is
              </Button>
            ) : (
              <Button look="primary" busy={approve.isPending} onClick={() => approve.mutate(looked)}>
                {it.approved ? `Approve ${pending.length === 1 ? 'the change' : 'these changes'}` : 'Approve'}
              </Button>
            )}
          </section>
        )}
        {it.status === 'needs_login' && it.approved ? <NeedsSignIn /> : null}
        {it.lastError && it.approved ? (
          <section className="rounded-xl border border-bad/30 bg-bad-soft px-4 py-3">
            <h2 className="text-[13px] text-ink-2">What went wrong last</h2>
            <p className="font-medium break-words">{it.lastError}</p>
          </section>
        ) : null}
        {test.data ? <TestResult test={test.data} /> : null}
        <Panel title="What it is">
          <Destination connection={it} />
          <details className="mt-3">
            <summary className="text-[13px] text-ink-2">All of its settings; secrets are never shown</summary>
            <div className="mt-2">
              <JsonBox value={it.config} />
            </div>
          </details>
        </Panel>
        <ConnectionUsers users={users} />
        <Tools connection={it} />
      </div>
    </>
  );
}

/** Whether only its document says where the API is, and nobody has seen what it says. */
const hasUnseenPlace = ({ type, config }: Connection): boolean =>
  type === 'http_api' && config.baseUrl === undefined && config.origin === undefined;

/** The exact command or address. */
export function Destination({ connection: { config } }: { connection: Pick<Connection, 'config'> }) {
  const { command, args, url, baseUrl, origin } = config as {
    command?: string;
    args?: string[];
    url?: string;
    baseUrl?: string;
    origin?: string;
  };
  return (
    <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px] whitespace-pre-wrap break-all">
      {command === undefined
        ? visibleText(url ?? baseUrl ?? origin ?? 'An address from its OpenAPI document')
        : [command, ...(args ?? [])].map(visibleWord).join(' ')}
    </pre>
  );
}

const TestResult = ({ test }: { test: ConnectionTest }) => (
  <section
    role="status"
    className={cx(
      'rounded-xl border px-4 py-3',
      test.ok ? 'border-good/30 bg-good-soft' : 'border-bad/30 bg-bad-soft',
    )}
  >
    <p className="font-medium">{test.message}</p>
    {test.remedy ? <p className="text-ink-2">{test.remedy}</p> : null}
    <p className="text-[13px] text-ink-2">
      {test.server ? `${test.server.name} ${test.server.version}, ` : ''}
      {duration(test.durationMs)}
    </p>
  </section>
);

function Tools({ connection }: { connection: Connection }) {
  const tools = connection.toolCatalog;
  return (
    <Panel title={tools.length === 0 ? 'Tools' : plural(tools.length, 'tool')} flush>
      {tools.length === 0 ? (
        <p className="px-4 py-4 text-ink-2">None is known yet. “Look for tools” asks the server.</p>
      ) : null}
      <ul className="divide-y divide-line">
        {tools.map((tool) => (
          <li key={tool.name}>
            <ToolPart connection={connection} tool={tool} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function ToolPart({ connection, tool }: { connection: Connection; tool: PinnedTool }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-start gap-3 px-4 py-2.5 text-left hover:bg-hover"
      >
        <ChevronRight
          aria-hidden="true"
          className={cx('mt-1 size-3.5 shrink-0 text-ink-3 transition-transform', isOpen && 'rotate-90')}
        />
        <span className="min-w-0">
          <span className="flex flex-wrap items-center gap-2">
            <span className="font-medium break-all">{visibleText(tool.name)}</span>
            <ToolMarks tool={tool} />
          </span>
          {tool.description ? (
            <span className={cx('block text-[13px] text-ink-2', !isOpen && 'line-clamp-1')}>
              {tool.description}
            </span>
          ) : null}
        </span>
      </button>
      {isOpen ? (
        <div className="space-y-4 px-4 pt-1 pb-4 pl-10">
          <TryTool
            connection={connection.name}
            tool={tool}
            disabled={!connection.approved || tool.off !== undefined}
          />
          <details>
            <summary className="text-[13px] text-ink-2">Its schema</summary>
            <div className="mt-2">
              <JsonBox value={tool.inputSchema} />
            </div>
          </details>
        </div>
      ) : null}
    </div>
  );
}

/** What of the command or address is other than it was approved. */
const SinceApproval = ({ changes }: { changes: NonNullable<Connection['changedSinceApproval']> }) => (
  <dl className="space-y-2">
    {changes.map(({ field, before, after }) => (
      <div key={field} className="text-[13px]">
        <dt className="text-ink-2">
          <code>{visibleText(field.slice(1))}</code> was approved as
        </dt>
        <dd className="font-mono break-all">
          <del className="rounded-sm bg-bad-soft text-bad no-underline">{said(before)}</del>{' '}
          <span className="font-sans text-ink-2">and is now</span>{' '}
          <ins className="rounded-sm bg-good-soft text-good no-underline">{said(after)}</ins>
        </dd>
      </div>
    ))}
  </dl>
);

const said = (value: unknown): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? visibleText(value) : visibleJsonLine(value);

/** Signing in with the browser has its place here when it comes. */
const NeedsSignIn = () => (
  <section className="space-y-1 rounded-xl border border-wait/40 bg-wait-soft p-4">
    <h2 className="font-semibold">It wants to know who you are</h2>
    <p className="text-ink-2">
      The server refused us without a sign-in. Signing in with the browser is not in this version yet. If the
      service gives out keys (often called API key or personal access token), make one there, add the
      connection again with it in a header, and it is sealed like every secret.
    </p>
  </section>
);
