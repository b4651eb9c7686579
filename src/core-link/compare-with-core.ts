import { readConfig } from '../config/read-config.ts';
import { askCore } from './after-restore.ts';
import type { BearerCache } from './call-as-vm.ts';
import { type LinkState, linkKeys } from './link-state.ts';
import type { CoreDeps } from './link-to-core.ts';
import { makeReport } from './make-report.ts';
import { sendAgain } from './send-reports.ts';

/**
 * Holds what Core has against what this VM told it. Where Core has more, another copy of this VM reports or this one was set
 * back: a report is made at once, which Core then refuses, so that both of them know. Where Core has less, its database was set
 * back: what it lost is sent again.
 *
 * @throws AlfredError E_CORE_UNREACHABLE, E_CORE_REFUSED
 */
export async function compareWithCore(
  deps: CoreDeps & { bearer: BearerCache },
  link: LinkState,
): Promise<void> {
  const { db } = deps;
  const { counter, firstMissing } = await askCore(deps, link);
  // Read behind the answer: what was reported meanwhile is no difference.
  const own = (await readConfig(db.prisma, linkKeys.counter)).core_counter ?? 0;
  if (counter > own) {
    await db.transaction((tx) => makeReport(tx, link.vmId, { always: true }), { timeoutMs: 120_000 });
  } else if (counter > 0 && (firstMissing !== null || counter < own)) {
    await sendAgain(deps, link, firstMissing ?? counter + 1);
  }
}
