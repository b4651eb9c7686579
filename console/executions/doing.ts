/** What a run does now, in a few words. */
import { parseToolName } from '../../src/contract/common.ts';
import { visibleText } from '../../src/contract/visible.ts';
import type { RunView } from '../api/run-shapes.ts';

export function doingOf({ status, steps }: Pick<RunView, 'status' | 'steps'>): string {
  if (status === 'waiting_approval') return 'waits for you';
  const step = steps.findLast((each) => each.status === 'running');
  if (step === undefined) return status === 'queued' ? 'waits for its turn' : '';
  const calls = step.items.flatMap((item) =>
    item.kind === 'tool_call' && (item.status === 'intended' || item.status === 'dispatched')
      ? [visibleText(parseToolName(item.name)?.tool ?? item.name)]
      : [],
  );
  const doing = calls.length === 0 ? 'the model thinks' : `calls ${calls.join(', ')}`;
  return `step ${step.id}: ${doing}`;
}
