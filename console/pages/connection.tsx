/** One connection: what it starts or calls, how it stands, and its tools, to be looked at and tried. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, ChevronRight, RefreshCw, Stethoscope, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Connection, ConnectionTest, PinnedTool } from '../../src/contract/connections.ts';
import { api } from '../api/client.ts';
import { connectionQuery } from '../api/queries.ts';
import { ToolMarks } from '../forms/tool-picker.tsx';
import { TryTool } from '../forms/try-tool.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Confirm } from '../ui/dialog.tsx';
import { duration, plural } from '../ui/format.ts';
import { JsonBox } from '../ui/json-tree.tsx';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { ConnectionStatusMark } from '../ui/status.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.tsx';
import { connectionTypeWords } from './connections.tsx';

const route = getRouteApi('/connections/$name');

export function ConnectionPage() {
  const { name } = route.useParams();
  const connection = useQuery(connectionQuery(name));
  const queries = useQueryClient();
  const renew = () => queries.invalidateQueries({ queryKey: ['connections'] });
  const path = `/api/v1/connections/${name}`;
  const test = useMutation({
    mutationFn: () => api<ConnectionTest>('POST', `${path}/test`),
    onSettled: renew,
    onError: sayProblem,
  });
  const discover = useMutation({
    mutationFn: () => api<{ tools: unknown[] }>('POST', `${path}/discover`),
    onSuccess: ({ tools }) => say(`${plural(tools.length, 'tool')} found`),
    onSettled: renew,
    onError: sayProblem,
  });
  const approve = useMutation({
    mutationFn: async () => {
      await api('POST', `${path}/approve`);
      if (connection.data?.toolCatalog.length === 0) await api('POST', `${path}/discover`);
    },
    onSuccess: () => say(`${name} is approved`),
    onSettled: renew,
    onError: sayProblem,
  });
  if (connection.error) return <ProblemNote error={connection.error} />;
  if (!connection.data) return <SkeletonRows rows={8} />;
  const it = connection.data;
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
            <Remove name={it.name} />
          </>
        }
      />
      <div className="space-y-5">
        {it.approved && pending.length === 0 ? null : (
          <section className="space-y-3 rounded-xl border border-wait/40 bg-wait-soft p-4">
            <p className="font-semibold">
              {it.approved
                ? `${plural(pending.length, 'tool')} changed since you approved them`
                : 'Nothing is started before you approve it'}
            </p>
            <p className="text-ink-2">
              {it.approved
                ? 'They are off until you have looked: below each, what it has become.'
                : 'This is exactly what would run or be called. Approve it if you trust it.'}
            </p>
            <Destination connection={it} />
            <Button look="primary" busy={approve.isPending} onClick={() => approve.mutate()}>
              Approve
            </Button>
          </section>
        )}
        {it.lastError && it.approved ? (
          <section className="rounded-xl border border-bad/30 bg-bad-soft px-4 py-3">
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
        <Tools connection={it} />
      </div>
    </>
  );
}

/** The exact command or address. */
export function Destination({ connection: { config } }: { connection: Pick<Connection, 'config'> }) {
  const { command, args, url, baseUrl } = config as {
    command?: string;
    args?: string[];
    url?: string;
    baseUrl?: string;
  };
  return (
    <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px] whitespace-pre-wrap break-all">
      {command === undefined
        ? (url ?? baseUrl ?? 'An address from its OpenAPI document')
        : [command, ...(args ?? [])].join(' ')}
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
            <span className="font-medium break-all">{tool.name}</span>
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
          {tool.pending ? (
            <div className="space-y-1">
              <p className="text-[13px] font-medium text-wait">What it has become</p>
              <JsonBox
                value={{ description: tool.pending.description, inputSchema: tool.pending.inputSchema }}
              />
            </div>
          ) : null}
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

function Remove({ name }: { name: string }) {
  const [isAsking, setAsking] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api('DELETE', `/api/v1/connections/${name}`),
    onSuccess: async () => {
      await navigate({ to: '/connections' });
      await queries.invalidateQueries({ queryKey: ['connections'] });
      say(`${name} was removed`);
    },
    onError: (error) => {
      setAsking(false);
      sayProblem(error);
    },
  });
  return (
    <>
      <Button look="quiet" size="icon" aria-label="Remove this connection" onClick={() => setAsking(true)}>
        <Trash2 className="size-4" />
      </Button>
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        title={`Remove ${name}?`}
        verb="Remove"
      >
        Its secrets are gone with it. Skills that use its tools cannot run without it.
      </Confirm>
    </>
  );
}
