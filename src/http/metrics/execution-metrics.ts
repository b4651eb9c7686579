/** Executions that ended since this process began. */
import { errorCodes } from '../../contract/errors.ts';
import type { EndedExecution } from '../../executions/ended-since.ts';
import type { Meters } from '../../web/meters.ts';

const seconds = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

/** @returns what counts one of them */
export function executionMetrics({ counter, histogram }: Meters): (each: EndedExecution) => void {
  const labels = ['status', 'trigger', 'mode'];
  const ended = counter('alfred_executions_total', 'Executions that ended since this process began', labels);
  const errors = counter('alfred_execution_errors_total', 'Failed and cancelled executions by error code', [
    'code',
  ]);
  const durations = histogram(
    'alfred_execution_duration_seconds',
    'How long executions took, from their start to their end',
    ['trigger', 'mode'],
    seconds,
  );
  const waits = histogram(
    'alfred_execution_wait_seconds',
    'How long executions waited for a worker',
    ['trigger'],
    seconds,
  );
  const tokens = counter('alfred_tokens_total', 'Tokens of live executions and replays that ended', [
    'class',
  ]);
  const cost = counter(
    'alfred_cost_usd_total',
    'What live executions and replays cost that ended, in US dollars',
  );
  const unpriced = counter(
    'alfred_unpriced_executions_total',
    'Live executions and replays whose cost is not known',
  );

  return (each) => {
    const { status, trigger, mode, startedAt, createdAt } = each;
    ended.inc({ status, trigger, mode });
    if (each.errorCode !== null) {
      // A later program may have written another code: it is no label of ours.
      errors.inc({ code: Object.hasOwn(errorCodes, each.errorCode) ? each.errorCode : 'other' });
    }
    if (startedAt) {
      durations.observe({ trigger, mode }, each.durationMs / 1000);
      waits.observe({ trigger }, Math.max(0, startedAt.getTime() - createdAt.getTime()) / 1000);
    }
    if (mode === 'rehearsal') return;
    tokens.inc({ class: 'input' }, each.inputTokens);
    tokens.inc({ class: 'output' }, each.outputTokens);
    tokens.inc({ class: 'cache_read' }, each.cacheReadTokens);
    tokens.inc({ class: 'cache_write' }, each.cacheWriteTokens);
    if (each.costUsd === null) unpriced.inc();
    else cost.inc(each.costUsd);
  };
}
