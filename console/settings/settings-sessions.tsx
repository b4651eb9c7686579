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
import { say, sayProblem } from '../ui/toast.tsx';

const ways = { link: 'a link', passkey: 'a passkey', password: 'the password' } as const;

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
    onSuccess: () => say('Signed out there'),
    onError: sayProblem,
    onSettled,
  });
  const endOthers = useMutation({
    mutationFn: () => api.endSessions(),
    onSuccess: ({ ended }) =>
      say(ended === 1 ? 'One other was signed out' : `${ended} others were signed out`),
    onError: sayProblem,
    onSettled,
  });
  const others = sessions.data?.filter(({ isThis }) => !isThis) ?? [];
  return (
    <Panel
      id="sessions"
      title="Signed in"
      aside={
        others.length === 0 ? null : (
          <Button size="sm" onClick={() => setAsked(true)}>
            Sign all others out
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
        title={others.length === 1 ? 'Sign the other one out?' : `Sign ${others.length} others out?`}
        verb="Sign out"
        keep="Keep them"
      >
        Whatever they show stops at once. This browser stays signed in.
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
              this one
            </span>
          ) : null}
        </span>
        <span className="block text-[13px] text-ink-2">
          {address === null ? null : <>{placeOf(address)} · </>}
          since <Ago at={signedInAt} />
          {way === null ? null : ` by ${ways[way]}`}
          {isThis ? null : (
            <>
              {' '}
              · seen <Ago at={lastSeenAt} />
            </>
          )}
        </span>
      </span>
      {isThis ? null : (
        <Button size="sm" look="danger" busy={isBusy} onClick={onEnd}>
          Sign out
        </Button>
      )}
    </li>
  );
}

const placeOf = (address: string): string =>
  /^(127\.|::1$|::ffff:127\.)/.test(address) ? 'This machine' : address;
