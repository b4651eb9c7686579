/** Shows a run from its first event to its end, on stderr: lines above, one live line below. */
import { type Execution, executionSchema, isFinal } from '../contract/executions.ts';
import type { Api } from './api.ts';
import type { Context } from './context.ts';
import { followExecution } from './event-stream.ts';
import { startLiveLine } from './live-line.ts';
import { CliProblem } from './problem.ts';
import { renderHeading } from './render/execution.ts';
import { RunView } from './render/run.ts';

/** Reads the whole execution. */
export const readExecution = (api: Api, id: string): Promise<Execution> =>
  api.get(executionSchema, `/api/v1/executions/${encodeURIComponent(id)}`);

/**
 * Watches until the end and reads the finished execution.
 *
 * @param onFirstInterrupt what Ctrl-C does the first time (a second one leaves at once); says so itself
 * @throws CliProblem when the person left before the end
 */
export async function watchToEnd(
  context: Context,
  api: Api,
  executionId: string,
  onFirstInterrupt: (write: (line: string) => void) => Promise<'wait' | 'leave'>,
): Promise<Execution> {
  const width = Math.min(context.stderr.isTTY === true ? (context.stderr.columns ?? 80) : 100, 120);
  const view = new RunView(context.err, width);
  const { skillSlug, skillVersion, mode, model, createdAt } = await readExecution(api, executionId);
  const began = Math.min(Date.now(), Date.parse(createdAt));
  let isAway = false;
  context.note(renderHeading({ skillSlug, skillVersion, mode, model }, context.err));
  const live = context.json
    ? undefined
    : startLiveLine(context.stderr, context.err, () =>
        isAway ? 'the server is away, waiting for it to come back' : view.live(Date.now() - began),
      );
  const write = (line: string) => live?.write(line);
  const leaving = new AbortController();
  let interrupts = 0;
  const stopListening = context.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) return leaving.abort();
    onFirstInterrupt(write).then(
      (next) => next === 'leave' && leaving.abort(),
      (error: unknown) => {
        write(
          context.err.red(`cancelling failed: ${error instanceof Error ? error.message : String(error)}`),
        );
        leaving.abort();
      },
    );
  });
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
    live?.stop();
  }
  const execution = await readExecution(api, executionId);
  if (leaving.signal.aborted && !isFinal(execution.status)) {
    throw new CliProblem(
      'E_CANCELLED',
      `Left before the end; execution ${executionId} is ${execution.status}`,
      {
        remedy: `alfred execution watch ${executionId}`,
      },
    );
  }
  return execution;
}
