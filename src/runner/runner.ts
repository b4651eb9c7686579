/**
 * The runner of a VM process: takes jobs from the queue and runs them. The processes that a killed VM left behind are ended
 * before it starts (`endStragglers`, in vm.ts).
 */
import { readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defaultModel, readModelSettings } from '../config/model-settings.ts';
import { type Listener, listen } from '../database/listen.ts';
import { cancelChannel } from '../executions/cancel-execution.ts';
import { finishExecution } from '../executions/finish-execution.ts';
import { jobOptions } from '../executions/job-options.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import type { Queue } from '../queue/queue.ts';
import { runsFolder } from './agent.ts';
import { AgentSpares } from './agent-spares.ts';
import type { GatewayDeps } from './gateway.ts';
import type { ModelProxy } from './model-tickets.ts';
import { fullModelName } from './prices.ts';
import { systemPrompt } from './prompt.ts';
import { cancelled, runExecution, stopping } from './run-execution.ts';

export type RunnerDeps = GatewayDeps & {
  queue: Queue;
  proxy: ModelProxy;
  settings: Pick<Settings, 'home' | 'model' | 'spareAgents' | 'childEnvironment'>;
};

export type Runner = {
  /** Takes up what an earlier process left, then works. */
  start(): Promise<void>;
  /** Stops taking work and stops the runs under way, which go back to the queue. */
  stop(): Promise<void>;
};

/** How many runs go on at once: each has a process of about 220 MB. */
const concurrency = Math.max(2, availableParallelism());

export function createRunner(deps: RunnerDeps): Runner {
  const { db, queue, settings, log } = deps;
  const running = new Map<string, AbortController>();
  const spares = new AgentSpares(
    { home: settings.home, proxy: deps.proxy, childEnvironment: settings.childEnvironment, systemPrompt },
    { count: settings.spareAgents, log },
  );
  let cancellations: Listener | undefined;

  async function run(executionId: string, signal: AbortSignal): Promise<void> {
    if (running.has(executionId)) {
      // The queue took this process for dead, while it was only busy.
      log.warn({ executionId }, 'a job came again while its run goes on');
      return;
    }
    const own = new AbortController();
    const stop = () => own.abort(stopping());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    running.set(executionId, own);
    try {
      // Cancelled between its job and this line: nobody was told.
      const row = await db.prisma.execution.findUnique({ where: { id: executionId } });
      if (row?.cancelRequestedAt) own.abort(cancelled());
      const isOver = await runExecution({ ...deps, spares }, executionId, own.signal);
      // Thrown, so that the queue gives the job to the next start.
      if (!isOver) throw stopping();
    } catch (error) {
      if (own.signal.aborted && isAlfredError(error, 'E_NOT_READY')) throw error;
      log.error({ err: error, executionId }, 'a run failed by an error of the VM');
      await finishExecution(deps, executionId, {
        status: 'failed',
        error: {
          code: 'E_INTERNAL',
          message: deps.vault.redactor.text(
            `The VM itself failed: ${messageOf(error)} Look into its log, then run again.`,
          ),
        },
      });
    } finally {
      signal.removeEventListener('abort', stop);
      running.delete(executionId);
    }
  }

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

  return {
    async start() {
      await removeRunFolders(settings.home);
      cancellations = await listen(
        db.url,
        cancelChannel,
        (id) => running.get(id)?.abort(cancelled()),
        () => void lookForCancellations(),
      );
      await resend(deps);
      await queue.work('execution.run', { concurrency }, (job, signal) => run(job.executionId, signal));
      const { model, maxTurns, rehearsal } = await readModelSettings(deps);
      spares.prepare({ model: fullModelName(rehearsal ? defaultModel : model), maxTurns });
    },
    async stop() {
      for (const own of running.values()) own.abort(stopping());
      await queue.stop();
      await cancellations?.close();
      await spares.close();
      await removeRunFolders(settings.home);
    },
  };
}

/** Sends the jobs of executions that have none: the last thing before a crash may have been its end. */
async function resend({ db, queue }: RunnerDeps): Promise<void> {
  const open = await db.prisma.execution.findMany({
    where: { completedAt: null, status: { in: ['queued', 'running'] } },
    select: { id: true, trigger: true, skillSlug: true, skill: { select: { concurrency: true } } },
    orderBy: { createdAt: 'asc' },
  });
  for (const { id, trigger, skillSlug, skill } of open) {
    const options = jobOptions({ trigger, slug: skillSlug, concurrency: skill?.concurrency ?? 1 });
    await queue.resend('execution.run', id, { executionId: id }, options);
  }
}

async function removeRunFolders(home: string): Promise<void> {
  const folder = runsFolder(home);
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await Promise.all(
    names.map((name) => rm(path.join(folder, name), { recursive: true, force: true, maxRetries: 5 })),
  );
}
