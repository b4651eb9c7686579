import { systemActor } from '../audit/record-audit.ts';
import { isMarked, mark } from '../config/marks.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { readLink } from './link-state.ts';
import { type CoreDeps, linkToCore } from './link-to-core.ts';

/** Links the VM to Core where its settings say so and it never was; what keeps it from that is said in the log. */
export async function enrolFromEnvironment(
  deps: CoreDeps & { log: Logger; settings: Pick<Settings, 'core'> },
): Promise<void> {
  const { db, log, settings } = deps;
  if (!settings.core || (await readLink(db.prisma))) return;
  if (await isMarked(db, 'core_environment_done')) return;
  try {
    const { url, vmId } = await linkToCore(deps, settings.core, systemActor);
    log.info({ url, vmId }, 'linked to Core');
  } catch (error) {
    log.warn(`could not enrol at Core: ${messageOf(error)}`);
    if (!isAlfredError(error) || error.code === 'E_CORE_UNREACHABLE') return;
    // Used, expired or wrong: the same again brings nothing. A new token is given by `alfred core link`.
    await mark(db, 'core_environment_done');
  }
}
