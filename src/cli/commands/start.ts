import type { Command } from 'commander';
import type { Vm } from '../../app/vm.ts';
import { isAlfredError } from '../../kernel/errors.ts';
import type { Settings } from '../../kernel/settings.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadServer } from '../load-server.ts';
import { quoteWord } from '../render/connection.ts';
import { renderReady } from '../render/start.ts';
import { startScreen } from '../start-screen.ts';

/** Resolves `asked` at the first Ctrl-C or SIGTERM; calls `onHarder` at a later one. */
export function watchSignals(
  context: Context,
  onHarder: () => void,
): { signal: AbortSignal; asked: Promise<void> } {
  const stopping = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  context.onInterrupt(() => {
    if (stopping.signal.aborted) return onHarder();
    stopping.abort();
    resolve();
  });
  return { signal: stopping.signal, asked: promise };
}

/** An error that nobody caught is a bug: it is logged (redacted), and the VM stops cleanly rather than goes on half-broken. */
export function stopOnBugs(vm: Pick<Vm, 'log' | 'close'>): void {
  const onBug = (error: unknown) => {
    vm.log.fatal({ err: error }, 'an error that nobody caught; stopping');
    process.exitCode = exitCodes.failed;
    void vm.close().finally(() => process.exit(exitCodes.failed));
  };
  process.once('uncaughtException', onBug);
  process.once('unhandledRejection', onBug);
}

/** What to type in another terminal; with the home named when it is not the usual one. */
const tryOut = (context: Context, { home }: Settings, slug: string | undefined): string | undefined => {
  const prefix = context.env.ALFRED_HOME ? `ALFRED_HOME=${quoteWord(home)} ` : '';
  return slug && `${prefix}npx alfred skill run ${slug}`;
};

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
      const screen = startScreen(context);
      const { signal, asked } = watchSignals(context, () => {
        screen.say(context.err.red('stopped at once; the next start tidies up'));
        process.exit(exitCodes.failed);
      });
      const stopping = () => screen.say(context.err.dim('stopping… (Ctrl-C again to stop at once)'));
      signal.addEventListener('abort', stopping, { once: true });

      try {
        const { startVm } = await loadServer(() => import('../../app/vm.ts'), screen.progress);
        const vm = await startVm(settings, { onProgress: screen.progress, logTo: screen.log, signal });
        stopOnBugs(vm);
        screen.done();
        try {
          const ready = {
            url: vm.url,
            signInUrl: await vm.signInLink(),
            home: settings.home,
            model: vm.model,
            tookMs: Date.now() - began,
            tryOut: tryOut(context, settings, vm.demonstration),
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
