/** Who is signed in, and where. Each session can be ended. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { type OpenSession, sessionsQuery } from '../api/sign-in-queries.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';

const ways = { link: t('a link'), passkey: t('a passkey'), password: t('the password') } as const;

export function Sessions() {
  const sessions = useQuery(sessionsQuery);
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const onSettled = async () => {
    setAsked(false);
    await queries.invalidateQueries({ queryKey: ['sessions'] });
  };
  const end = useMutation({
    mutationFn: ({ id }: OpenSession) => api.endSession({ params: { id } }),
    onSuccess: () => say(t('Signed out there')),
    onError: sayProblem,
    onSettled,
  });
  const endOthers = useMutation({
    mutationFn: () => api.endSessions(),
    onSuccess: ({ ended }) =>
      say(ended === 1 ? t('One other was signed out') : t('{ended} others were signed out', { ended })),
    onError: sayProblem,
    onSettled,
  });
  const others = sessions.data?.filter(({ isThis }) => !isThis) ?? [];
  return (
    <Panel
      id="sessions"
      title={t('Signed in')}
      aside={
        others.length === 0 ? null : (
          <Button size="sm" onClick={() => setAsked(true)}>
            {t('Sign all others out')}
          </Button>
        )
      }
    >
      {sessions.isPending ? <SkeletonRows rows={2} /> : null}
      {sessions.error ? <ProblemNote error={sessions.error} /> : null}
      <ul className="-my-2 divide-y divide-line">
        {sessions.data?.map((session) => (
          <Row
            key={session.id}
            session={session}
            isBusy={end.isPending && end.variables.id === session.id}
            onEnd={() => end.mutate(session)}
          />
        ))}
      </ul>
      <Confirm
        open={isAsked}
        onClose={() => setAsked(false)}
        onConfirm={() => endOthers.mutate()}
        busy={endOthers.isPending}
        title={
          others.length === 1
            ? t('Sign the other one out?')
            : t('Sign {others} others out?', { others: others.length })
        }
        verb={t('Sign out')}
        keep={t('Keep them')}
      >
        {t('Whatever they show stops at once. This browser stays signed in.')}
      </Confirm>
    </Panel>
  );
}

function Row({ session, isBusy, onEnd }: { session: OpenSession; isBusy: boolean; onEnd(): void }) {
  const { browser, userAgent, address, way, signedInAt, lastSeenAt, isThis } = session;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 py-2.5">
      <span className="min-w-0">
        <span className="block font-medium first-letter:uppercase" title={userAgent ?? undefined}>
          {browser}
          {isThis ? (
            <span className="ml-2 rounded-full bg-good-soft px-2 py-0.5 text-xs font-medium text-good">
              {t('this one')}
            </span>
          ) : null}
        </span>
        <span className="block text-[13px] text-ink-2">
          {address === null ? null : <>{placeOf(address)} · </>}
          {rich('since {ago}{way, select, none {} other { by {way}}}', {
            ago: <Ago at={signedInAt} />,
            way: way === null ? 'none' : ways[way],
          })}
          {isThis ? null : <> {rich('· seen {ago}', { ago: <Ago at={lastSeenAt} /> })}</>}
        </span>
      </span>
      {isThis ? null : (
        <Button size="sm" look="danger" busy={isBusy} onClick={onEnd}>
          {t('Sign out')}
        </Button>
      )}
    </li>
  );
}

const placeOf = (address: string): string =>
  /^(127\.|::1$|::ffff:127\.)/.test(address) ? t('This machine') : address;
