/** Shows a run from its first event to its end, on stderr: lines above, one live line below. */

import { isFinal } from '../contract/execution-status.ts';
import type { Execution } from '../contract/executions.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Api } from './api.ts';
import { type Context, columnsOf } from './context.ts';
import { followExecution } from './event-stream.ts';
import { type LiveLine, startLiveLine } from './live-line.ts';
import { CliProblem } from './problem.ts';
import { renderHeading } from './render/execution.ts';
import { RunView } from './render/run.ts';

export type WatchOptions = {
  /** What Ctrl-C does the first time; a second one leaves at once. */
  interrupt: 'cancels' | 'leaves';
  /** Without the lines: a live line alone, where there is a terminal. */
  quiet?: boolean;
};

const silent: LiveLine = { write: () => {}, stop: () => {} };

/** Reads the whole execution. */
export const readExecution = (api: Api, id: string): Promise<Execution> =>
  api.getExecution({ params: { id } });

/** Reads all of it but its trace. */
const readHead = (api: Api, id: string): Promise<Execution> =>
  api.getExecution({ params: { id }, query: { trace: 'none' } });

/**
 * Watches until the end and reads the finished execution.
 *
 * @throws CliProblem when the person left before the end
 */
export async function watchToEnd(
  context: Context,
  api: Api,
  executionId: string,
  { interrupt, quiet = false }: WatchOptions,
): Promise<Execution> {
  const { stderr, err, json } = context;
  const columns = Math.min(stderr.isTTY === true ? (columnsOf(stderr) ?? 80) : 100, 120);
  const view = new RunView(err, columns);
  const started = await readHead(api, executionId);
  const began = Math.min(Date.now(), Date.parse(started.createdAt));
  let isAway = false;
  const now = () =>
    isAway ? 'the server is away, waiting for it to come back' : view.live(Date.now() - began);
  const isSilent = json || (quiet && stderr.isTTY !== true);
  const live = isSilent ? silent : startLiveLine(stderr, err, now);
  const write = quiet ? () => {} : live.write;
  write(renderHeading(started, err));

  const leaving = new AbortController();
  const cancel = async () => {
    live.write(err.yellow('cancelling… (Ctrl-C again to leave without waiting)'));
    await api.cancelExecution({ params: { id: executionId } });
  };
  const stopListening = context.onInterrupt(
    interrupt === 'leaves' ? () => leaving.abort() : firstThenLeave(leaving, cancel, live),
  );
  try {
    const onReconnect = () => {
      isAway = true;
    };
    for await (const event of followExecution(api, executionId, { signal: leaving.signal, onReconnect })) {
      isAway = false;
      for (const line of view.take(event)) write(line);
    }
  } finally {
    stopListening();
    live.stop();
  }
  const ended = await readExecution(api, executionId);
  if (leaving.signal.aborted && !isFinal(ended.status)) {
    throw new CliProblem('E_CANCELLED', `Left before the end; execution ${executionId} is ${ended.status}`, {
      remedy: `alfred execution watch ${executionId}`,
    });
  }
  return ended;
}

/** The first interrupt does `first`; the second leaves at once, and so does a first that failed. */
function firstThenLeave(leaving: AbortController, first: () => Promise<void>, live: LiveLine): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > 1) return leaving.abort();
    first().catch((error: unknown) => {
      live.write(`cancelling failed: ${messageOf(error)}`);
      leaving.abort();
    });
  };
}
