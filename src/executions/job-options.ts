import { type TriggerType, triggers } from '../contract/trigger-types.ts';
import type { SendOptions } from '../queue/queue.ts';
import { isAside } from './is-aside.ts';
import { turnOf } from './turn.ts';

/** A turn that waits for a skill which it started keeps no worker from that skill. */
export const jobNameOf = (run: { triggerDetail: unknown }): 'turn.run' | 'execution.run' =>
  turnOf(run) === undefined ? 'execution.run' : 'turn.run';

/** How an execution's job is sent: runs of one skill share its limit. */
export const jobOptions = (
  run: Parameters<typeof isAside>[0] & {
    trigger: TriggerType;
    slug: string;
    concurrency: number;
  },
): SendOptions => ({
  priority: triggers[run.trigger].priority,
  ...(isAside(run) ? {} : { group: run.slug, groupConcurrency: run.concurrency }),
});
