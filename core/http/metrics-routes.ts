/** `/metrics`, for the operator and whoever watches for them. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { BackupState } from '../../src/contract/backups.ts';
import { coreApiOperations } from '../../src/contract/core-api/operations.ts';
import { millisNow } from '../../src/kernel/clock.ts';
import { version } from '../../src/kernel/version.ts';
import { meterRequests } from '../../src/web/meter-requests.ts';
import { metersOf } from '../../src/web/meters.ts';
import { route } from '../../src/web/route.ts';
import { findWatcher } from '../access/people.ts';
import { requireRole } from '../access/roles.ts';
import { readCoreBackupState } from '../backup/backup-state.ts';
import { readStanding, type Standing } from '../intake/read-standing.ts';
import type { CoreApp, CoreDeps } from './app.ts';

export function metricsRoutes(app: CoreApp, { db, backups }: CoreDeps): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const meters = metersOf(registry);
  meters.gauge('alfred_build_info', 'The version that runs; always 1', ['version']).set({ version }, 1);
  meterRequests(app, meters);
  const stands = standingMetrics(meters);
  const backupStands = backups && backupMetrics(meters);
  app.addHook('onClose', async () => registry.clear());

  route(
    app,
    coreApiOperations.readMetrics,
    async (request, reply) => {
      requireRole(await findWatcher(db, request), 'read metrics');
      stands(await readStanding(db));
      if (backups && backupStands) backupStands(await readCoreBackupState(db, backups));
      return reply.header('content-type', registry.contentType).send((await registry.metrics()) as never);
    },
    // Whoever watches must not be shut out by a busy minute.
    { config: { rateLimit: false } },
  );
}

/** No label names a VM or a user: who watches over Core need not learn whom it serves. */
function standingMetrics({ gauge }: ReturnType<typeof metersOf>): (seen: Standing) => void {
  const vms = gauge('alfred_core_vms', 'VMs by how they stand', ['state']);
  const clocks = gauge('alfred_core_clocks_off', 'VMs that reported of a time to come within a day');
  const missing = gauge('alfred_core_reports_missing', 'Reports that VMs counted and that are not here');
  const reported = gauge('alfred_core_last_report_seconds', 'How long ago the last report of any VM came');
  const enrolments = gauge('alfred_core_enrolments_open', 'Enrolment tokens that are good and were not used');
  const users = gauge('alfred_core_users', 'Users');
  const acts = gauge('alfred_core_acts', 'Acts on record');
  const waiting = gauge('alfred_core_alerts_waiting', 'Messages of alerts that were not taken yet');
  const sessions = gauge('alfred_database_connections', 'Sessions on the database');
  const bytes = gauge('alfred_database_bytes', 'Size of the database');

  return (seen) => {
    for (const [state, count] of Object.entries(seen.vms)) vms.set({ state }, count);
    clocks.set(seen.clocksOff);
    missing.set(seen.missingReports);
    // Without any report there is no time since it.
    reported.set(seen.lastReportSeconds ?? Number.NaN);
    enrolments.set(seen.openEnrolments);
    users.set(seen.users);
    acts.set(seen.acts);
    waiting.set(seen.alertsWaiting);
    sessions.set(seen.database.connections);
    bytes.set(seen.database.bytes);
  };
}

function backupMetrics({ gauge }: ReturnType<typeof metersOf>): (state: BackupState) => void {
  const age = gauge('alfred_core_backup_age_seconds', 'How long ago the last backup was made');
  const overdue = gauge('alfred_core_backup_overdue', '1: one is due for an hour or more, and was not made');
  return ({ last, isOverdue }) => {
    age.set(last === null ? Number.NaN : (millisNow() - Date.parse(last.at)) / 1000);
    overdue.set(isOverdue ? 1 : 0);
  };
}
