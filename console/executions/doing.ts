/** What a run does now, in a few words. */
import { parseToolName } from '../../src/contract/tool-name.ts';
import { visibleText } from '../../src/contract/visible.ts';
import type { RunView } from '../api/run-shapes.ts';
import { t } from '../words/t.ts';

export function doingOf({ status, steps }: Pick<RunView, 'status' | 'steps'>): string {
  if (status === 'waiting_approval') return t('waits for you');
  const step = steps.findLast((each) => each.status === 'running');
  if (step === undefined) return status === 'queued' ? t('waits for its turn') : '';
  const calls = step.items.flatMap((item) =>
    item.kind === 'tool_call' && (item.status === 'intended' || item.status === 'dispatched')
      ? [visibleText(parseToolName(item.name)?.tool ?? item.name)]
      : [],
  );
  const doing = calls.length === 0 ? t('the model thinks') : t('calls {calls}', { calls: calls.join(', ') });
  return t('step {id}: {doing}', { id: step.id, doing });
}
