/** Changing the keys: asked for here, and how far it is. No key is shown. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeyHolder, KeyRotationState, RotatedKey } from '../../src/contract/vault.ts';
import { api } from '../api/api.ts';
import { vaultQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { plural } from '../ui/format.ts';
import { RefreshCw } from '../ui/icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { sayProblem } from '../ui/toast.tsx';

const words = {
  data: {
    label: 'Change data keys',
    title: 'Change the data keys?',
    verb: 'Change them',
    text: 'Every secret is sealed anew under another key, and every row that directs or admits is signed anew. Runs, webhooks and this console go on meanwhile.',
  },
  root: {
    label: 'Change root key',
    title: 'Change the root key?',
    verb: 'Change it',
    text: 'Another root key is made, and other data keys behind it: whoever had the old one opens nothing of what is here then. Its 24 words are others: print them at the machine afterwards. Backups from before open with the old words alone, so keep them as long as those.',
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
      title="Changing the keys"
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
          When somebody may have seen a key, or a backup with it, change it. At the machine:{' '}
          <code className="font-mono whitespace-nowrap">npx alfred key rotate</code>, or{' '}
          <code className="font-mono whitespace-nowrap">npx alfred key rotate --root</code>.
        </p>
      )}
      <ul className="mt-3 space-y-1 text-[13px] text-ink-2" aria-label="Processes that hold the keys">
        {holders.map((holder) => (
          <li key={`${holder.host} ${holder.pid}`}>
            {nameOf(holder)}
            {holder.isCurrent ? null : <span className="text-wait"> holds an old key</span>}
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
        keep="Not now"
      >
        {words[asking ?? 'data'].text}
      </Confirm>
    </Panel>
  );
}

const nameOf = ({ kind, pid, host }: KeyHolder): string =>
  `${kind === 'vm' ? 'VM' : 'Worker'}, process ${pid}${host === null ? '' : ` on ${host}`}`;

function Rotation({ rotation }: { rotation: KeyRotationState }) {
  const { key, stage, done, total, waitingFor, failure, steps } = rotation;
  const what = key === 'root' ? 'The root key' : 'The data keys';
  return (
    <div role="status" className="space-y-2">
      <p className="font-medium">
        {failure
          ? `${what} could not be changed to the end: nothing is lost, and it goes on when asked again.`
          : stage === 'waiting_for_key'
            ? `${what} waits for you to put it in place. Until the last step the old one opens everything, too.`
            : stage === 'sealing'
              ? `${what}: ${done.toLocaleString()} of ${plural(total, 'value and row', 'values and rows')}`
              : stage === 'waiting' && waitingFor.length > 0
                ? `${what}: waiting for ${waitingFor.map(nameOf).join('; ')}`
                : `${what}: under way`}
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
