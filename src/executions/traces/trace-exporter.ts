/** Sends a trace of each execution to the collector that the owner named, a moment after its end. Off unless one is named. */
import type { Database } from '../../database/client.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { repeat } from '../../kernel/repeat.ts';
import type { Settings } from '../../kernel/settings.ts';
import { createEndedReader, type EndedExecution } from '../ended-since.ts';
import type { OtlpSender } from './otlp.ts';
import { traceOf } from './trace-of.ts';

export type TraceExporterDeps = {
  db: Database;
  log: Logger;
  settings: Pick<Settings, 'tracing'>;
  version: string;
  /** In milliseconds. */
  everyMs?: number;
};

export type TraceExporter = { stop(): Promise<void> };

const usualEveryMs = 5_000;
/** Executions of one request to the collector. */
const batch = 50;

/** Starts it. Without `settings.tracing` nothing is loaded, nothing is asked, and nothing is sent. */
export async function startTraceExporter(deps: TraceExporterDeps): Promise<TraceExporter | undefined> {
  const { db, log, settings, version, everyMs = usualEveryMs } = deps;
  if (!settings.tracing) return undefined;
  const { openOtlp } = await import('./otlp.ts');
  const sender = openOtlp(settings.tracing, version);
  const readEnded = createEndedReader(db);

  async function look(): Promise<void> {
    const ended = await readEnded();
    for (let at = 0; at < ended.length; at += batch) await send(sender, ended.slice(at, at + batch));
  }

  /** A collector that is away costs its traces, and a line of the log; never a run. */
  function onTrouble(error: unknown, isNews: boolean): void {
    if (isNews) log.warn(`traces are not sent: ${messageOf(error)}`);
  }

  async function send(to: OtlpSender, ended: readonly EndedExecution[]): Promise<void> {
    const traces = await Promise.all(
      ended.map(async (run) => ({ traceId: run.id.replaceAll('-', ''), root: await traceOf(db, run) })),
    );
    await to.send(traces);
  }

  const looking = repeat(look, { everyMs, pausesFirst: true, onTrouble });
  looking.start();
  log.info('a trace of each run goes to the collector of ALFRED_OTLP_ENDPOINT');

  return {
    async stop() {
      await looking.stop();
      await look().catch((error: unknown) => onTrouble(error, true));
      await sender.close();
    },
  };
}
