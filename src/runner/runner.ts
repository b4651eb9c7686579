/**
 * The runner of a process: takes jobs from the queue and runs them. A job only says that there is something to look at; who
 * runs an execution stands in its row (claim-execution.ts), so that a job that comes twice, or late, starts nothing twice.
 */
import { AgentSandbox } from '../agents/sandbox.ts';
import { AgentSpares } from '../agents/spares.ts';
import { WarmAgents } from '../agents/warm-agents.ts';
import type { TurnsHere } from '../chat/turns-here.ts';
import { defaultModel } from '../config/known-keys.ts';
import { readModelSettings } from '../config/model-settings.ts';
import { searchPathOf } from '../connections/stdio/server-environment.ts';
import { type Listener, listen } from '../database/listen.ts';
import { isAlfredError } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import type { ModelProxy } from '../model/tickets.ts';
import { fullModelName } from '../money/prices.ts';
import type { Queue } from '../queue/queue.ts';
import type { GatewayDeps } from './gateway.ts';
import type { Line } from './gateway-servers.ts';
import { removeRunFolders } from './leftovers.ts';
import { systemPrompt } from './prompt.ts';
import { type RetryDelays, retryDelays } from './retry.ts';
import type { Roster } from './roster.ts';
import type { RunDeps } from './run-execution.ts';
import { RunsUnderWay } from './runs-under-way.ts';
import { lost, stopping } from './stop-reasons.ts';
import { keepTidy, tidy } from './tidy.ts';

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
  /** What this process may answer without the queue. */
  turns: TurnsHere;
  /** Takes up what dead workers left, then works. */
  start(): Promise<void>;
  /** Stops taking work and stops the runs under way, which go back to the queue. */
  stop(): Promise<void>;
};

const usualSweepMs = 15_000;
/** So many conversations are answered at once, whatever else runs. */
const turnsAtOnce = 8;

export function createRunner(given: RunnerDeps): Runner {
  const { db, queue, settings, roster, log } = given;
  const { workerId } = roster;
  const spares = createSpares(given);
  const warm = new WarmAgents<Line>(log);
  const deps = { ...given, workerId, spares, warm, retryDelays: given.retryDelays ?? retryDelays };
  const runs = new RunsUnderWay(deps);
  const tidying = keepTidy(deps, given.sweepEveryMs ?? usualSweepMs);
  let cancellations: Listener | undefined;
  return {
    turns: {
      expect(conversationId, said) {
        const line = warm.begin(conversationId, said);
        if (line === undefined) return undefined;
        return {
          workerId,
          ahead: line.ahead,
          answer: (executionId, told) => runs.runOwn(executionId, told),
          giveUp: () => warm.drop(conversationId),
          giveBack: (executionId) => runs.giveBackOwn(executionId),
        };
      },
    },
    async start() {
      cancellations = await listen(
        db.url,
        'cancellations',
        (id) => runs.cancel(id),
        () => void runs.catchUp(),
      );
      await tidy(deps);
      tidying.start();
      roster.watch({ onLost: () => runs.stopAll(lost()), onBuried: () => tidying.soon() });
      await queue.work('execution.run', { concurrency: settings.concurrency }, (job, signal) =>
        runs.run(job.executionId, signal),
      );
      await queue.work('turn.run', { concurrency: turnsAtOnce }, (job, signal) =>
        runs.run(job.executionId, signal),
      );
      await prepareSpares(deps);
    },
    async stop() {
      await tidying.stop();
      runs.stopAll(stopping());
      await Promise.all([queue.stop(), runs.stopOwn()]);
      await cancellations?.close();
      await Promise.all([spares.close(), warm.close()]);
      await removeRunFolders(settings.home, workerId);
    },
  };
}

function createSpares({ settings, proxy, roster, log }: RunnerDeps): AgentSpares {
  const { home, childEnvironment, spareAgents } = settings;
  const sandbox = new AgentSandbox(searchPathOf(childEnvironment));
  return new AgentSpares(
    { home, owner: roster.workerId, proxy, sandbox, childEnvironment, systemPrompt },
    { count: spareAgents, log },
  );
}

/** A spare agent saves time, and nothing else: where the model is not known, the first run says why. */
async function prepareSpares(deps: RunDeps): Promise<void> {
  try {
    const { model, maxTurns, rehearsal } = await readModelSettings(deps);
    deps.spares.prepare({ model: fullModelName(rehearsal ? defaultModel : model), maxTurns });
  } catch (error) {
    if (!isAlfredError(error, 'E_ROW_ALTERED')) throw error;
    deps.log.error(`${error.message} ${error.remedy ?? ''}`);
  }
}
