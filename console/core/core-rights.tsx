/** What somebody who signs in through Core may do here, and whether the audit chain is anchored there. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type CoreScope, coreScopes } from '../../src/contract/core.ts';
import { api } from '../api/api.ts';
import { Panel } from '../ui/panel.tsx';
import { sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

const meanings: Record<CoreScope, string> = {
  status: t('see that the VM is there and how busy it is; no names, no content'),
  start: t('start a skill that they name, and see how its run stands'),
  content: t('read inputs, results and the trace of executions'),
};

/** Shows what was chosen at once, and until the server has said what holds now. */
function useChoice<Value>(key: string, textOf: (value: Value) => string, present: Value) {
  const queries = useQueryClient();
  const [asked, setAsked] = useState<{ value: Value }>();
  const save = useMutation({
    mutationFn: (value: Value) => api.putConfig({ params: { key }, body: { value: textOf(value) } }),
    onError: sayProblem,
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['core'] });
      setAsked(undefined);
    },
  });
  return {
    value: asked === undefined ? present : asked.value,
    isPending: asked !== undefined,
    choose(value: Value) {
      setAsked({ value });
      save.mutate(value);
    },
  };
}

export function CoreRights({ scopes }: { scopes: readonly CoreScope[] }) {
  const { value, isPending, choose } = useChoice(
    'core_token_scopes',
    (chosen: readonly CoreScope[]) => chosen.join(' ') || 'none',
    scopes,
  );
  return (
    <Panel title={t('Who signs in through Core')}>
      <fieldset className="space-y-1.5">
        <legend className="mb-2 text-ink-2">
          {t('A user of Core opens this VM with a token that is good for five minutes. With it they may:')}
        </legend>
        {coreScopes.map((scope) => (
          <label key={scope} className="flex items-start gap-2">
            <input
              type="checkbox"
              className="mt-1 size-4 shrink-0 accent-accent"
              checked={value.includes(scope)}
              disabled={isPending}
              onChange={({ target }) =>
                choose(coreScopes.filter((one) => (one === scope ? target.checked : value.includes(one))))
              }
            />
            <span>
              {meanings[scope]} <code className="font-mono text-[13px] text-ink-3">{scope}</code>
            </span>
          </label>
        ))}
      </fieldset>
    </Panel>
  );
}

/** Off unless the owner wants it: Core then has one thing more than the three numbers. */
export function CoreAnchors({ anchors }: { anchors: boolean }) {
  const { value, isPending, choose } = useChoice(
    'core_anchor',
    (isOn: boolean) => (isOn ? 'on' : 'off'),
    anchors,
  );
  return (
    <Panel title={t('The audit chain')}>
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-1 size-4 shrink-0 accent-accent"
          checked={value}
          disabled={isPending}
          onChange={({ target }) => choose(target.checked)}
        />
        <span>
          {t('Anchor the audit chain at Core')}
          <span className="block text-[13px] text-ink-2">
            {t(
              'In a request of its own, Core is told how many events the chain has and the hash of the last one. Whoever rewrote this whole machine could not rewrite that. Nothing can be read from it but how many events there are.',
            )}
          </span>
        </span>
      </label>
    </Panel>
  );
}
