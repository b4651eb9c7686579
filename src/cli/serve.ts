/** How a server of ours runs in a terminal: from its start to the end that a person asks for. */
import { isAlfredError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { type StartScreen, startScreen } from './start-screen.ts';

type Served = { log: Logger; close(): Promise<void> };

type Service<Server extends Served> = {
  start(screen: StartScreen, signal: AbortSignal): Promise<Server>;
  /** Says that it is there, and where. */
  onReady(server: Server): Promise<void> | void;
  /** Said at the first Ctrl-C or SIGTERM; a later one ends it at once, and then the other is said. */
  words: { stopping: string; stoppedAtOnce: string };
};

/**
 * Starts a server, waits until a person wants it to end, and ends it.
 *
 * @throws AlfredError what kept it from starting, unless a person did
 */
export async function serve<Server extends Served>(
  context: Context,
  { start, onReady, words }: Service<Server>,
): Promise<typeof exitCodes.done> {
  const screen = startScreen(context);
  const { signal, asked } = watchSignals(context, () => {
    screen.say(context.err.red(words.stoppedAtOnce));
    process.exit(exitCodes.failed);
  });
  const stopping = () => screen.say(context.err.dim(`${words.stopping} (Ctrl-C again to stop at once)`));
  signal.addEventListener('abort', stopping, { once: true });
  try {
    const server = await start(screen, signal);
    stopOnBugs(server);
    screen.done();
    try {
      await onReady(server);
      await asked;
    } finally {
      await server.close();
    }
  } catch (error) {
    screen.done();
    if (!(signal.aborted && isAlfredError(error, 'E_CANCELLED'))) throw error;
  }
  return exitCodes.done;
}

/** Resolves `asked` at the first Ctrl-C or SIGTERM; calls `onHarder` at a later one. */
function watchSignals(context: Context, onHarder: () => void): { signal: AbortSignal; asked: Promise<void> } {
  const stopping = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  context.onInterrupt(() => {
    if (stopping.signal.aborted) return onHarder();
    stopping.abort();
    resolve();
  });
  return { signal: stopping.signal, asked: promise };
}

/** An error that nobody caught is a bug: it is logged (redacted), and the server stops cleanly rather than goes on half-broken. */
function stopOnBugs(server: Served): void {
  const onBug = (error: unknown) => {
    server.log.fatal({ err: error }, 'an error that nobody caught; stopping');
    process.exitCode = exitCodes.failed;
    void server.close().finally(() => process.exit(exitCodes.failed));
  };
  process.once('uncaughtException', onBug);
  process.once('unhandledRejection', onBug);
}
