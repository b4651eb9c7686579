/** What waits for the owner's word: a connection that was never approved, or tools that changed since. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { hasUnknownOrigin } from '../../src/contract/connection-types.ts';
import type { Connection, PinnedTool } from '../../src/contract/connections.ts';
import { visibleJsonLine, visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { ExactJson } from '../ui/json-tree.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { useIsLong } from '../ui/use-is-long.ts';
import { rich, t } from '../words/t.ts';
import { Destination } from './destination.tsx';
import { Walls } from './walls.tsx';

// It brings the comparer of texts, which most visits do not need.
const ToolChange = onDemand(
  async () => (await import('./tool-change.tsx')).ToolChange,
  () => <SkeletonRows rows={1} />,
);

export function ConnectionApproval({ connection: it }: { connection: Connection }) {
  const approve = useApprove(it.name);
  const isLong = useIsLong(approve.isPending);
  const place = useMutation({
    mutationFn: () => api.approveConnection({ params: { name: it.name }, query: { preview: 'true' } }),
  });
  // Where only its document says where the API is, that is read when it is asked for, and seen before it is approved.
  const seen = place.data?.updatedAt === it.updatedAt ? place.data : undefined;
  const looked = !it.approved && hasUnknownOrigin(it) ? seen : it;
  const pending = it.toolCatalog.filter(({ off }) => off !== undefined && off !== 'unusable');
  if (it.approved && pending.length === 0) return null;
  return (
    <section className="space-y-3 rounded-xl border border-wait/40 bg-wait-soft p-4">
      <Why connection={it} pending={pending} />
      {it.approved ? null : (
        <>
          <Destination connection={looked ?? it} />
          <ExactJson value={(looked ?? it).config} />
          <Walls connection={it} />
          {place.error ? <ProblemNote error={place.error} /> : null}
        </>
      )}
      {it.changedSinceApproval?.length ? <SinceApproval changes={it.changedSinceApproval} /> : null}
      {it.approved ? <ToolChanges tools={pending} /> : null}
      {isLong ? (
        <p role="status" className="text-[13px] text-ink-2">
          {t(
            'It is started, and asked for its tools. What a program like npx, uvx or docker fetches is downloaded first, which can take minutes: you may go on elsewhere meanwhile.',
          )}
        </p>
      ) : null}
      {looked === undefined ? (
        <Button look="primary" busy={place.isPending} onClick={() => place.mutate()}>
          {t('Read its document, to see where its API is')}
        </Button>
      ) : (
        <Button look="primary" busy={approve.isPending} onClick={() => approve.mutate(looked)}>
          {it.approved
            ? t('Approve {changes, plural, =1 {the change} other {these changes}}', {
                changes: pending.length,
              })
            : t('Approve')}
        </Button>
      )}
    </section>
  );
}

function useApprove(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (looked: Connection) => {
      // Only what stands here is approved: what became of it since is refused by the ETag.
      const { origin } = looked.config;
      const query = typeof origin === 'string' ? { origin } : {};
      await api.approveConnection({ params: { name }, query }, { etag: `"${looked.updatedAt}"` });
      if (looked.toolCatalog.length === 0) await api.discoverTools({ params: { name } });
    },
    onSuccess: () => say(t('{name} is approved', { name })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['connections'] }),
    onError: sayProblem,
  });
}

const Why = ({ connection: { approved }, pending }: { connection: Connection; pending: PinnedTool[] }) => (
  <>
    <h2 className="font-semibold">
      {approved
        ? t('{pending, plural, one {# tool} other {# tools}} changed since you approved them', {
            pending: pending.length,
          })
        : t('Nothing is started before you approve it')}
    </h2>
    <p className="text-ink-2">
      {approved
        ? t(
            'They are off until you have looked. A server that changes what a tool says of itself can steer what a model does with it: approve only what you expect.',
          )
        : t('This is exactly what would run or be called. Approve it if you trust it.')}
    </p>
  </>
);

const ToolChanges = ({ tools }: { tools: PinnedTool[] }) => (
  <ul className="space-y-4">
    {tools.map((tool) => (
      <li key={tool.name}>
        <ToolChange tool={tool} />
      </li>
    ))}
  </ul>
);

/** What of the command or address is other than it was approved. */
const SinceApproval = ({ changes }: { changes: NonNullable<Connection['changedSinceApproval']> }) => (
  <dl className="space-y-2">
    {changes.map(({ field, before, after }) => (
      <div key={field} className="text-[13px]">
        <dt className="text-ink-2">
          {rich('{field} was approved as', { field: <code>{visibleText(field.slice(1))}</code> })}
        </dt>
        <dd className="font-mono break-all">
          <del className="rounded-sm bg-bad-soft text-bad no-underline">{said(before)}</del>{' '}
          <span className="font-sans text-ink-2">{t('and is now')}</span>{' '}
          <ins className="rounded-sm bg-good-soft text-good no-underline">{said(after)}</ins>
        </dd>
      </div>
    ))}
  </dl>
);

const said = (value: unknown): string =>
  value === undefined
    ? t('nothing')
    : typeof value === 'string'
      ? visibleText(value)
      : visibleJsonLine(value);
