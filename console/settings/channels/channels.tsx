/** Where the owner is told of what happens: each channel, how it stands, and what can be done with it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ChannelKind, kindFacts } from '../../../src/contract/channel-kinds.ts';
import type { Channel } from '../../../src/contract/channels.ts';
import { api } from '../../api/api.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Plus } from '../../ui/more-icons.tsx';
import { Panel, SkeletonRows } from '../../ui/panel.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { Ago } from '../../ui/time.tsx';
import { say, sayProblem } from '../../ui/toast.ts';
import { rich, t, told } from '../../words/t.ts';
import { ChannelDialog } from './channel-dialog.tsx';
import { channelsQuery } from './channels-query.ts';
import { NoAddress } from './no-address.tsx';
import { forgetChannel, isThisBrowser, whyNot } from './this-browser.ts';

/** What the dialog is open for: a channel that is there, or a new one, of a kind or of one to be chosen. */
type Open = { channel?: Channel; kind?: ChannelKind };

export function Channels() {
  const channels = useQuery(channelsQuery);
  const [open, setOpen] = useState<Open>();
  return (
    <Panel
      id="notices"
      title={t('Notices')}
      aside={
        <Button size="sm" icon={<Plus className="size-4" />} onClick={() => setOpen({})}>
          {t('Add a channel')}
        </Button>
      }
    >
      {channels.isPending ? <SkeletonRows rows={2} /> : null}
      {channels.error ? <ProblemNote error={channels.error} /> : null}
      {channels.data?.length === 0 ? <Nobody onAdd={(kind) => setOpen({ kind })} /> : null}
      <ul className="divide-y divide-line">
        {channels.data?.map((channel) => (
          <ChannelRow key={channel.id} channel={channel} onChange={() => setOpen({ channel })} />
        ))}
      </ul>
      {channels.data === undefined ? null : (
        <div className="mt-3">
          <NoAddress />
        </div>
      )}
      {open === undefined ? null : (
        <ChannelDialog channel={open.channel} begin={open.kind} onClose={() => setOpen(undefined)} />
      )}
    </Panel>
  );
}

/** One thing to do: this browser where it can be told, and otherwise the mailbox, which everybody has. */
function Nobody({ onAdd }: { onAdd(kind: ChannelKind): void }) {
  const canTell = whyNot() === undefined;
  return (
    <div className="space-y-2">
      <p className="font-medium">{t('Nobody is told yet')}</p>
      <p className="text-ink-2">
        {t('When a run fails or waits for you, it stands here, and you hear of it when you next look.')}
      </p>
      <Button onClick={() => onAdd(canTell ? 'browser' : 'email')}>
        {canTell ? t('Tell me in this browser') : t('Tell me by mail')}
      </Button>
    </div>
  );
}

function ChannelRow({ channel, onChange }: { channel: Channel; onChange(): void }) {
  const { name, place, isActive } = channel;
  const queries = useQueryClient();
  const renew = () => queries.invalidateQueries({ queryKey: ['channels'] });
  const [isAsking, setAsking] = useState(false);
  const params = { name };
  const test = useMutation({
    mutationFn: () => api.testChannel({ params }),
    onSuccess: ({ isDelivered, answer }) =>
      isDelivered
        ? say(t('{name} took the test', { name }), answer)
        : sayProblem(new Error(t('{name} did not take it: {answer}', { name, answer }))),
    onError: sayProblem,
    onSettled: renew,
  });
  const remove = useMutation({
    mutationFn: async () => {
      await api.removeChannel({ params });
      await forgetChannel(channel.id);
    },
    onSuccess: () => say(t('{name} is removed', { name })),
    onError: sayProblem,
    onSettled: async () => {
      setAsking(false);
      await renew();
    },
  });
  const turn = useMutation({
    mutationFn: () => api.updateChannel({ params, body: { isActive: !isActive } }),
    onError: sayProblem,
    onSettled: renew,
  });
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium break-words">
          {name} <span className="font-normal text-ink-2">· {kindWords(channel)}</span>
        </p>
        <p className="text-[13px] break-words text-ink-2">{place}</p>
        <Standing channel={channel} />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" busy={test.isPending} disabled={!isActive} onClick={() => test.mutate()}>
          {t('Send a test')}
        </Button>
        <Button size="sm" onClick={onChange}>
          {t('Change')}
        </Button>
        <Button size="sm" look="quiet" busy={turn.isPending} onClick={() => turn.mutate()}>
          {isActive ? t('Pause') : t('Go on')}
        </Button>
        <Button size="sm" look="danger" onClick={() => setAsking(true)}>
          {t('Remove')}
        </Button>
      </div>
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        title={t('Remove {name}?', { name })}
        verb={t('Remove')}
      >
        {t(
          'Its secrets go with it{waiting, plural, =0 {} one {, and # notice that nobody was told} other {, and # notices that nobody was told}}. To keep it and be told nothing, pause it.',
          { waiting: channel.waiting },
        )}
      </Confirm>
    </li>
  );
}

/** What kind it is; of browsers, which of them this one is. */
const kindWords = ({ id, kind }: Channel): string =>
  kindFacts(kind).isMadeByBrowser
    ? isThisBrowser(id)
      ? t('this browser')
      : t('another browser')
    : told(kindFacts(kind).label);

function Standing({ channel }: { channel: Channel }) {
  const { isActive, failingSince, lastError, waiting, givenUp, lastDeliveredAt, retryAt } = channel;
  const waits =
    waiting === 0 ? null : (
      <> {t('· {waiting, plural, one {# notice} other {# notices}} waiting', { waiting })}</>
    );
  return (
    <div className="mt-0.5 text-[13px]">
      {!isActive ? (
        <p className="text-ink-2">
          {t('Paused')}
          {waits}
        </p>
      ) : failingSince !== null ? (
        <p className="text-bad">
          {rich('Takes nothing since {ago}', { ago: <Ago at={failingSince} /> })}
          {waits}
          {retryAt === null ? null : <> {t('· tried again by itself')}</>}
        </p>
      ) : (
        <p className="text-ink-2">
          {lastDeliveredAt === null
            ? t('Nothing was sent yet')
            : rich('Last told {ago}', { ago: <Ago at={lastDeliveredAt} /> })}
          {waits}
        </p>
      )}
      {lastError === null ? null : <p className="break-words text-bad">{lastError}</p>}
      {givenUp === 0 ? null : (
        <p className="text-bad">
          {t('{givenUp, plural, one {# notice} other {# notices}} given up in the last two weeks.', {
            givenUp,
          })}
        </p>
      )}
    </div>
  );
}
