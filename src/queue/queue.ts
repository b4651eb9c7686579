/**
 * pg-boss behind typed job names. A job is sent in the transaction of the row it is about, so that neither is ever without
 * the other; a notification starts it without a polling delay, and heartbeats give a dead worker's job to another.
 */
import { fromPrisma, type JobWithMetadata, PgBoss } from 'pg-boss';
import type { Ask } from '../database/ask.ts';
import type { Transaction } from '../database/client.ts';
import { prepareSession } from '../database/prepare-session.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { hearOfJobs, tellOfJobs } from './wake-workers.ts';

type Jobs = {
  /** Runs one execution; grouped by skill, of which so many may run at once. */
  'execution.run': { executionId: string };
  /** Runs one turn of a conversation: an execution as well, with workers of its own. */
  'turn.run': { executionId: string };
  /** Hands a notice out to the owner's channels. */
  'notice.deliver': Notice;
};
type JobName = keyof Jobs;

/** What the owner's channels are told of. */
export type Notice = News & {
  /** The same at every attempt, so that who receives it twice can tell. */
  noticeId: string;
  /** When it happened. */
  at: string;
};

export type News = {
  /** What else is to be told; redacted. */
  detail?: Record<string, unknown>;
} & (
  | { event: 'failed' | 'waiting' | 'done'; executionId: string }
  | { event: 'needs_login'; connection: string }
  | { event: 'channel_failed'; channel: string }
  | { event: 'backup_failed' | 'backup_overdue' | 'budget_near' | 'model_trouble' }
);

/** Which attempt at a job this is. */
type Attempt = { number: number; isLast: boolean };

export type SendOptions = {
  /** The job's own id; a second job of the same id is not sent. */
  id?: string;
  /** Higher ones go first; a waiting person's before a schedule's. */
  priority?: number;
  /** Jobs of one group share a limit. */
  group?: string;
  /** How many of the group run at once. */
  groupConcurrency?: number;
  /** Not before so long from now. */
  delaySeconds?: number;
};

type WorkOptions = {
  concurrency: number;
  /** How often a worker looks by itself, in seconds: for jobs that wait for their time, such as another attempt. */
  lookEverySeconds?: number;
};

export type Queue = {
  /** Sends a job within `tx`: it is there when the transaction commits, and not otherwise. */
  send<Name extends JobName>(
    tx: Transaction,
    name: Name,
    data: Jobs[Name],
    options?: SendOptions,
  ): Promise<void>;
  /**
   * Sends many jobs at once within a transaction, each of an id of its own. Workers are told by whoever sends them, in the
   * statement of what they are about.
   */
  sendAll<Name extends JobName>(
    ask: Ask,
    name: Name,
    jobs: readonly { id: string; data: Jobs[Name]; options?: Omit<SendOptions, 'id' | 'delaySeconds'> }[],
  ): Promise<void>;
  /** Starts workers. The handler's signal is aborted when the queue stops. */
  work<Name extends JobName>(
    name: Name,
    options: WorkOptions,
    handler: (data: Jobs[Name], signal: AbortSignal, attempt: Attempt) => Promise<void>,
  ): Promise<void>;
  /**
   * Sends the job of this id anew within `tx`, whatever became of it. Somebody may still be at the one before: a job only
   * says that there is something to look at, and who does what stands in the execution's own row.
   */
  resend<Name extends JobName>(
    tx: Transaction,
    name: Name,
    id: string,
    data: Jobs[Name],
    options?: SendOptions,
  ): Promise<void>;
  /** Takes the jobs of these ids back within `tx`. */
  remove(tx: Transaction, name: JobName, ids: string[]): Promise<void>;
  /** Takes no more jobs, and waits for those under way. */
  stop(): Promise<void>;
};

/** A worker that says nothing for so long is taken for dead, in seconds, and its job goes to another. */
const heartbeatSeconds = 30;

/** What waits is never dropped by the clock, which may jump: ten years, in seconds. */
const kept = 10 * 365 * 24 * 3600;

const runs = {
  heartbeatSeconds,
  // A job ends when its run ends; a run has limits of its own.
  expireInSeconds: 24 * 3600,
  // A run that a dead worker left is taken up again, behind its last step done.
  retryLimit: 5,
  retryDelay: 1,
  retentionSeconds: kept,
  deleteAfterSeconds: 24 * 3600,
};

const queues: Record<JobName, Parameters<PgBoss['createQueue']>[1]> = {
  'execution.run': runs,
  'turn.run': runs,
  'notice.deliver': {
    heartbeatSeconds: 10,
    expireInSeconds: 120,
    // After 2 seconds, then twice as long each time up to an hour: for about three days.
    retryLimit: 80,
    retryDelay: 2,
    retryBackoff: true,
    retryDelayMax: 3600,
    retentionSeconds: kept,
    deleteAfterSeconds: 14 * 24 * 3600,
  },
};

const sendOptions = ({ id, priority = 0, group, groupConcurrency = 1, delaySeconds }: SendOptions = {}) => ({
  priority,
  ...(delaySeconds === undefined ? {} : { startAfter: delaySeconds }),
  ...(id === undefined ? {} : { id }),
  ...(group === undefined ? {} : { group: { id: group, tier: String(groupConcurrency) } }),
});

/** A group's limit travels as the name of its tier. */
const groupConcurrency = {
  default: 1,
  tiers: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [String(index + 1), index + 1])),
};

/**
 * Opens the queue in the database's schema `pgboss`.
 *
 * @throws AlfredError E_DATABASE when it cannot be made
 */
export async function openQueue({ url, log }: { url: string; log: Logger }): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'alfred queue',
    max: 5,
    ...{ onConnect: prepareSession }, // of pg's pool, which is given what stands here
    // Schedules are our own (triggers/scheduler.ts).
    schedule: false,
    superviseIntervalSeconds: 15,
  });
  boss.on('error', (error: unknown) => log.error({ err: error }, 'the queue has a problem'));
  try {
    await boss.start();
    for (const [name, options] of Object.entries(queues)) {
      await boss.createQueue(name, options);
      // One that an earlier version made.
      if ((await boss.getQueue(name))?.retentionSeconds !== kept)
        await boss.updateQueue(name, { retentionSeconds: kept });
    }
  } catch (cause) {
    await boss.stop({ graceful: false });
    throw new AlfredError('E_DATABASE', `The queue cannot be opened: ${messageOf(cause)}`, {
      remedy: 'See that the database user may create the schema pgboss.',
      cause,
    });
  }
  const stopping = new AbortController();
  const workers = new Map<string, string[]>();
  const ear = await hearOfJobs(url, Object.keys(queues), (name) => {
    for (const id of workers.get(name) ?? []) boss.notifyWorker(id);
  });

  return {
    async send(tx, name, data, options) {
      await boss.send(name, data, { db: fromPrisma(tx), ...sendOptions(options) });
      await tellOfJobs(tx, name);
    },
    async sendAll(ask, name, jobs) {
      const rows = jobs.map(({ id, data, options }) => ({ ...sendOptions({ ...options, id }), data }));
      const executeSql = async (text: string, values: unknown[] = []) => ({
        rows: await ask({ name: `send ${name}`, text }, values),
      });
      await boss.insert(name, rows, { db: { executeSql } });
    },
    async work(name, { concurrency, lookEverySeconds = 5 }, handler) {
      const options = {
        batchSize: 1,
        pollingIntervalSeconds: lookEverySeconds,
        groupConcurrency,
        includeMetadata: true,
      } as const;
      for (let worker = 0; worker < concurrency; worker++) {
        const id = await boss.work(name, options, async (jobs) => {
          try {
            for (const job of jobs as JobWithMetadata<Jobs[typeof name]>[]) {
              const { retryCount, retryLimit } = job;
              await handler(job.data, AbortSignal.any([stopping.signal, job.signal]), {
                number: retryCount + 1,
                isLast: retryCount >= retryLimit,
              });
            }
          } finally {
            // Workers are told of new jobs alone. Whoever is done looks for the next by itself: one that waited for a
            // worker, or for its turn in its group, which may begin as soon as this one's end is on record.
            boss.notifyWorker(id);
          }
        });
        workers.set(name, [...(workers.get(name) ?? []), id]);
      }
    },
    async resend(tx, name, id, data, options) {
      const db = fromPrisma(tx);
      await boss.deleteJob(name, id, { db });
      await boss.send(name, data, { db, ...sendOptions(options), id });
      await tellOfJobs(tx, name);
    },
    async remove(tx, name, ids) {
      if (ids.length > 0) await boss.deleteJob(name, ids, { db: fromPrisma(tx) });
    },
    async stop() {
      stopping.abort();
      await ear.close();
      await boss.stop({ graceful: true, timeout: 20_000 });
    },
  };
}
