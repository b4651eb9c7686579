/** What somebody who signs in through Core may do here. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type CoreScope, coreScopes } from '../../src/contract/core.ts';
import { api } from '../api/client.ts';
import { Panel } from '../ui/panel.tsx';
import { sayProblem } from '../ui/toast.tsx';

const meanings: Record<CoreScope, string> = {
  status: 'see that the VM is there and how busy it is; no names, no content',
  start: 'start a skill that they name, and see how its run stands',
  content: 'read inputs, results and the trace of executions',
};

export function CoreRights({ scopes }: { scopes: readonly CoreScope[] }) {
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (chosen: readonly CoreScope[]) =>
      api('PUT', '/api/v1/config/core_token_scopes', { value: chosen.join(' ') || 'none' }),
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ['core'] }),
  });
  const chosen = save.isPending ? save.variables : scopes;
  return (
    <Panel title="Who signs in through Core">
      <fieldset className="space-y-1.5">
        <legend className="mb-2 text-ink-2">
          A user of Core opens this VM with a token that is good for five minutes. With it they may:
        </legend>
        {coreScopes.map((scope) => (
          <label key={scope} className="flex items-start gap-2">
            <input
              type="checkbox"
              className="mt-1 size-4 shrink-0 accent-accent"
              checked={chosen.includes(scope)}
              disabled={save.isPending}
              onChange={({ target }) =>
                save.mutate(
                  coreScopes.filter((one) => (one === scope ? target.checked : chosen.includes(one))),
                )
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
