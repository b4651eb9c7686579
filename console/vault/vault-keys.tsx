/** Changing the keys: asked for here, and how far it is. No key is shown. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeyHolder, KeyRotationState, RotatedKey } from '../../src/contract/vault.ts';
import { api } from '../api/api.ts';
import { vaultQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { count } from '../ui/format.ts';
import { RefreshCw } from '../ui/more-icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';

const words = {
  data: {
    label: t('Change data keys'),
    title: t('Change the data keys?'),
    verb: t('Change them'),
    text: t(
      'Every secret is sealed anew under another key, and every row that directs or admits is signed anew. Runs, webhooks and this console go on meanwhile.',
    ),
  },
  root: {
    label: t('Change root key'),
    title: t('Change the root key?'),
    verb: t('Change it'),
    text: t(
      'Another root key is made, and other data keys behind it: whoever had the old one opens nothing of what is here then. Its 24 words are others: print them at the machine afterwards. Backups from before open with the old words alone, so keep them as long as those.',
    ),
  },
} as const;

export function ChangeKeys({
  rotation,
  holders,
}: {
  rotation: KeyRotationState | null;
  holders: readonly KeyHolder[];
}) {
  const [asking, setAsking] = useState<RotatedKey>();
  const queries = useQueryClient();
  const rotate = useMutation({
    mutationFn: (key: RotatedKey) => api.rotateKeys({ body: { key } }),
    onError: sayProblem,
    onSettled: async () => {
      setAsking(undefined);
      await queries.invalidateQueries({ queryKey: vaultQuery.queryKey });
    },
  });
  const isUnderWay = rotation !== null && rotation.failure === null;
  return (
    <Panel
      title={t('Changing the keys')}
      className="mt-5"
      aside={
        <div className="flex flex-wrap gap-2">
          {(['data', 'root'] as const).map((key) => (
            <Button
              key={key}
              size="sm"
              icon={<RefreshCw className="size-4" />}
              disabled={isUnderWay}
              onClick={() => setAsking(key)}
            >
              {words[key].label}
            </Button>
          ))}
        </div>
      }
    >
      {rotation ? (
        <Rotation rotation={rotation} />
      ) : (
        <p className="text-ink-2">
          {rich(
            'When somebody may have seen a key, or a backup with it, change it. At the machine: <code>npx alfred key rotate</code>, or <code>npx alfred key rotate --root</code>.',
            { code: (words) => <code className="font-mono whitespace-nowrap">{words}</code> },
          )}
        </p>
      )}
      <ul className="mt-3 space-y-1 text-[13px] text-ink-2" aria-label={t('Processes that hold the keys')}>
        {holders.map((holder) => (
          <li key={`${holder.host} ${holder.pid}`}>
            {nameOf(holder)}
            {holder.isCurrent ? null : <span className="text-wait"> {t('holds an old key')}</span>}
          </li>
        ))}
      </ul>
      <Confirm
        open={asking !== undefined}
        onClose={() => setAsking(undefined)}
        onConfirm={() => asking && rotate.mutate(asking)}
        busy={rotate.isPending}
        title={words[asking ?? 'data'].title}
        verb={words[asking ?? 'data'].verb}
        keep={t('Not now')}
      >
        {words[asking ?? 'data'].text}
      </Confirm>
    </Panel>
  );
}

const nameOf = ({ kind, pid, host }: KeyHolder): string =>
  t('{kind, select, vm {VM} other {Worker}}, process {pid}{host, select, none {} other { on {host}}}', {
    kind,
    pid,
    host: host ?? 'none',
  });

function Rotation({ rotation }: { rotation: KeyRotationState }) {
  const { key, stage, done, total, waitingFor, failure, steps } = rotation;
  const what = key === 'root' ? t('The root key') : t('The data keys');
  return (
    <div role="status" className="space-y-2">
      <p className="font-medium">
        {failure
          ? t('{what} could not be changed to the end: nothing is lost, and it goes on when asked again.', {
              what,
            })
          : stage === 'waiting_for_key'
            ? t(
                '{what} waits for you to put it in place. Until the last step the old one opens everything, too.',
                { what },
              )
            : stage === 'sealing'
              ? t('{what}: {done} of {total, plural, one {# value and row} other {# values and rows}}', {
                  what,
                  done: count(done),
                  total,
                })
              : stage === 'waiting' && waitingFor.length > 0
                ? t('{what}: waiting for {nameOf}', { what, nameOf: waitingFor.map(nameOf).join('; ') })
                : t('{what}: under way', { what })}
      </p>
      {stage === 'sealing' && !failure ? (
        <progress className="h-1.5 w-full accent-accent" max={Math.max(total, 1)} value={done} />
      ) : null}
      {failure ? (
        <p className="text-ink-2">
          {failure.message} {failure.remedy}
        </p>
      ) : null}
      {steps.length > 0 ? (
        <ol className="list-decimal space-y-1 pl-5 break-words">
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      ) : null}
    </div>
  );
}
