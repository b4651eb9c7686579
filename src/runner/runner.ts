/**
 * The runner of a process: takes jobs from the queue and runs them. A job only says that there is something to look at; who
 * runs an execution stands in its row (claim-execution.ts), so that a job that comes twice, or late, starts nothing twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentSandbox } from '../agents/sandbox.ts';
import { AgentSpares } from '../agents/spares.ts';
import { defaultModel, readModelSettings } from '../config/model-settings.ts';
import { searchPathOf } from '../connections/stdio/server-environment.ts';
import { isDatabaseAway } from '../database/is-away.ts';
import { isDiskFull } from '../database/is-disk-full.ts';
import { type Listener, listen } from '../database/listen.ts';
import { ClaimLostError } from '../executions/claims.ts';
import { expireApprovals } from '../executions/expire-approvals.ts';
import { finishExecution } from '../executions/finish-execution.ts';
import { diskTrouble } from '../kernel/disk-room.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import type { ModelProxy } from '../model/tickets.ts';
import { fullModelName } from '../money/prices.ts';
import { tidySpend } from '../money/spend/tidy-spend.ts';
import type { Queue } from '../queue/queue.ts';
import { releaseExecution } from './claim-execution.ts';
import type { GatewayDeps } from './gateway.ts';
import { removeLeftovers, removeRunFolders } from './leftovers.ts';
import { systemPrompt } from './prompt.ts';
import { type RetryDelays, retryDelays } from './retry.ts';
import type { Roster } from './roster.ts';
import { cancelled, lost, runExecution, stopping } from './run-execution.ts';
import { sweep } from './sweep.ts';

export type RunnerDeps = GatewayDeps & {
  queue: Queue;
  proxy: ModelProxy;
  /** Joined already. */
  roster: Roster;
  settings: Pick<Settings, 'home' | 'model' | 'spareAgents' | 'concurrency' | 'childEnvironment'>;
  retryDelays?: RetryDelays;
  sweepEveryMs?: number;
};

export type Runner = {
  /** Takes up what dead workers left, then works. */
  start(): Promise<void>;
  /** Stops taking work and stops the runs under way, which go back to the queue. */
  stop(): Promise<void>;
};

const usualSweepMs = 15_000;
/** How long to wait before the database is asked again when it is away, in milliseconds. */
const awayMs = 500;
/** How long until the disk is looked at again when it is full, in milliseconds. */
const roomMs = 2000;

export function createRunner(given: RunnerDeps): Runner {
  const { db, queue, settings, log, roster, sweepEveryMs = usualSweepMs } = given;
  const { workerId } = roster;
  const deps = { ...given, workerId, retryDelays: given.retryDelays ?? retryDelays };
  const running = new Map<string, AbortController>();
  const spares = new AgentSpares(
    {
      home: settings.home,
      owner: workerId,
      proxy: deps.proxy,
      sandbox: new AgentSandbox(searchPathOf(settings.childEnvironment)),
      childEnvironment: settings.childEnvironment,
      systemPrompt,
    },
    { count: settings.spareAgents, log },
  );
  const closing = new AbortController();
  let cancellations: Listener | undefined;
  let sweeping: Promise<void> | undefined;
  let sweepSoon = Promise.withResolvers<void>();

  async function run(executionId: string, signal: AbortSignal): Promise<void> {
    // Thrown, so that the queue gives the job to somebody else.
    if (signal.aborted) throw stopping();
    if (running.has(executionId)) {
      // The queue took this process for dead, while it was only busy.
      log.warn({ executionId }, 'a job came again while its run goes on');
      return;
    }
    const own = new AbortController();
    const stop = () => own.abort(stopping());
    signal.addEventListener('abort', stop, { once: true });
    running.set(executionId, own);
    try {
      await waitForRoom(own.signal);
      // Cancelled between its job and this line: nobody was told.
      const row = await db.prisma.execution.findUnique({ where: { id: executionId } });
      if (row?.cancelRequestedAt) own.abort(cancelled());
      await runExecution({ ...deps, spares }, executionId, own.signal);
    } catch (error) {
      await afterTrouble(executionId, error, signal);
    } finally {
      signal.removeEventListener('abort', stop);
      running.delete(executionId);
    }
  }

  /** A run that cannot write down what it does is not begun: it would only spend money. */
  async function waitForRoom(signal: AbortSignal): Promise<void> {
    for (let said = false; !signal.aborted; said = true) {
      const trouble = await diskTrouble(settings.home);
      if (trouble === undefined) return;
      if (!said) log.error(`${trouble} Runs wait until there is room.`);
      await sleep(roomMs, undefined, { signal, ref: false }).catch(() => {});
    }
    throw stopping();
  }

  /** What becomes of a run that met an error of the VM's own: given back when the database was away, else failed. */
  async function afterTrouble(executionId: string, first: unknown, signal: AbortSignal): Promise<void> {
    for (let error = first; ; ) {
      if (error instanceof ClaimLostError) {
        log.warn({ executionId }, 'a run was left: another worker has it');
        return;
      }
      try {
        if (isDatabaseAway(error) || isDiskFull(error)) {
          await releaseExecution(deps, executionId, workerId);
          const why = isDiskFull(error) ? 'the disk was full' : 'the database was away';
          log.warn({ executionId }, `${why}; the run goes back to the queue`);
        } else {
          log.error({ err: error, executionId }, 'a run failed by an error of the VM');
          await fail(executionId, error);
        }
        return;
      } catch (next) {
        if (!isDatabaseAway(next) && !isDiskFull(next) && !(next instanceof ClaimLostError)) throw next;
        // Whoever sees this worker's end takes its claims away.
        if (signal.aborted) throw next;
        error = next;
        await sleep(awayMs, undefined, { ref: false });
      }
    }
  }

  const fail = (executionId: string, error: unknown) =>
    finishExecution(deps, executionId, {
      status: 'failed',
      error: isAlfredError(error, 'E_ROW_ALTERED')
        ? { code: error.code, message: `${error.message} ${error.remedy ?? ''}` }
        : {
            code: 'E_INTERNAL',
            message: deps.vault.redactor.text(
              `The VM itself failed: ${messageOf(error)} Look into its log, then run again.`,
            ),
          },
      holder: workerId,
    });

  /** What was told while the connection to the database was lost. */
  async function lookForCancellations(): Promise<void> {
    try {
      const rows = await db.prisma.execution.findMany({
        where: { id: { in: [...running.keys()] }, cancelRequestedAt: { not: null } },
        select: { id: true },
      });
      for (const { id } of rows) running.get(id)?.abort(cancelled());
    } catch (error) {
      log.warn({ err: error }, 'could not look for cancellations');
    }
  }

  async function tidy(): Promise<void> {
    await removeLeftovers(settings.home, await roster.living(), { log });
    const late = await expireApprovals(deps);
    if (late > 0) log.warn({ runs: late }, 'nobody decided about the calls of runs that waited');
    const found = await sweep({ db, queue });
    if (found && found.resent + found.removed > 0) log.warn(found, 'rows and jobs were brought together');
    const lost = await tidySpend({ db });
    if (lost > 0)
      log.warn({ calls: lost }, 'model calls of dead workers count with all that they may have cost');
  }

  /** A spare agent saves time, and nothing else: where the model is not known, the first run says why. */
  async function prepareSpares(): Promise<void> {
    try {
      const { model, maxTurns, rehearsal } = await readModelSettings(deps);
      spares.prepare({ model: fullModelName(rehearsal ? defaultModel : model), maxTurns });
    } catch (error) {
      if (!isAlfredError(error, 'E_ROW_ALTERED')) throw error;
      log.error(`${error.message} ${error.remedy ?? ''}`);
    }
  }

  async function keepTidy(): Promise<void> {
    while (!closing.signal.aborted) {
      const pause = new AbortController();
      await Promise.race([
        sleep(sweepEveryMs, undefined, { signal: pause.signal, ref: false }).catch(() => {}),
        sweepSoon.promise,
      ]);
      pause.abort();
      sweepSoon = Promise.withResolvers();
      if (closing.signal.aborted) return;
      try {
        await tidy();
      } catch (error) {
        log.warn(`could not sweep: ${messageOf(error)}`);
      }
    }
  }

  return {
    async start() {
      cancellations = await listen(
        db.url,
        'cancellations',
        (id) => running.get(id)?.abort(cancelled()),
        () => void lookForCancellations(),
      );
      await tidy();
      sweeping = keepTidy();
      roster.watch({
        onLost() {
          for (const own of running.values()) own.abort(lost());
        },
        onBuried: () => sweepSoon.resolve(),
      });
      await queue.work('execution.run', { concurrency: settings.concurrency }, (job, signal) =>
        run(job.executionId, signal),
      );
      await prepareSpares();
    },
    async stop() {
      closing.abort();
      sweepSoon.resolve();
      await sweeping;
      for (const own of running.values()) own.abort(stopping());
      await queue.stop();
      await cancellations?.close();
      await spares.close();
      await removeRunFolders(settings.home, workerId);
    },
  };
}
