import type { Command } from 'commander';
import { isAlfredError } from '../../kernel/errors.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadServer } from '../load-server.ts';
import { renderReady } from '../render/start.ts';
import { type StartScreen, startScreen } from '../start-screen.ts';

/** npm and a terminal may both pass one Ctrl-C on: what comes this soon after the first is the same key press. */
const samePressMs = 400;

/** Resolves at the first signal; calls `onHarder` at a later one. */
function watchSignals(
  onInterrupt: (handler: () => void) => () => void,
  onHarder: () => void,
): { signal: AbortSignal; asked: Promise<void> } {
  const stopping = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  let firstAt = 0;
  onInterrupt(() => {
    if (firstAt === 0) {
      firstAt = Date.now();
      stopping.abort();
      resolve();
    } else if (Date.now() - firstAt > samePressMs) onHarder();
  });
  return { signal: stopping.signal, asked: promise };
}

export function addStart(program: Command, dispatch: Dispatch): void {
  addVerb(program, dispatch, {
    usage: 'start',
    summary: 'start the VM and serve its console and API',
    description:
      'The first start makes the home ($ALFRED_HOME, ~/.alfred), its keys and its database. Ctrl-C stops everything it started.',
    examples: [
      ['alfred start', 'on http://127.0.0.1:4280; the same as npm start'],
      ['ALFRED_HOME=~/second ALFRED_PORT=4281 alfred start', 'a second VM beside the first'],
    ],
    async run(context) {
      const began = Date.now();
      const settings = context.settings();
      const screen: StartScreen = startScreen(context);
      const { signal, asked } = watchSignals(context.onInterrupt, () => {
        screen.say(context.err.red('stopped at once; the next start tidies up'));
        process.exit(exitCodes.failed);
      });
      const stopping = () => screen.say(context.err.dim('stopping… (Ctrl-C again to stop at once)'));
      signal.addEventListener('abort', stopping, { once: true });
      try {
        const { startVm } = await loadServer(() => import('../../vm.ts'), screen.progress);
        const vm = await startVm(settings, {
          onProgress: screen.progress,
          logDestination: screen.log,
          signal,
        });
        screen.done();
        try {
          const ready = {
            url: vm.url,
            signInUrl: await vm.signInLink(),
            home: settings.home,
            model: vm.model,
            tookMs: Date.now() - began,
            tryOut: vm.demonstration,
            pid: process.pid,
          };
          present(context, ready, () => renderReady(ready, context.out));
          context.note(context.err.dim('Ctrl-C stops it'));
          await asked;
        } finally {
          await vm.close();
        }
      } catch (error) {
        screen.done();
        if (!(signal.aborted && isAlfredError(error, 'E_CANCELLED'))) throw error;
      }
      context.note(context.err.dim('stopped: agents, connections and the database'));
      return exitCodes.done;
    },
  });
}
