import type { Command } from 'commander';
import { isAlfredError } from '../../kernel/errors.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadServer } from '../load-server.ts';
import { startScreen } from '../start-screen.ts';
import { stopOnBugs, watchSignals } from './start.ts';

export function addWorker(program: Command, dispatch: Dispatch): void {
  addVerb(program, dispatch, {
    usage: 'worker',
    summary: 'run executions beside the VM, in a process of its own',
    description:
      'Takes runs from the same queue as the VM. It needs the VM’s database and its home (the root key); start as many as there are cores and memory for.',
    examples: [
      ['alfred worker', 'on the home of a VM that runs'],
      ['DATABASE_URL=postgresql://… alfred worker', 'on the database of a VM elsewhere'],
    ],
    async run(context) {
      const settings = context.settings();
      const screen = startScreen(context);
      const { signal, asked } = watchSignals(context, () => {
        screen.say(context.err.red('stopped at once; its runs go on elsewhere'));
        process.exit(exitCodes.failed);
      });
      const stopping = () => screen.say(context.err.dim('handing work back… (Ctrl-C again to stop at once)'));
      signal.addEventListener('abort', stopping, { once: true });
      try {
        const { startWorker } = await loadServer(() => import('../../app/worker.ts'), screen.progress);
        const worker = await startWorker(settings, {
          onProgress: screen.progress,
          logTo: screen.log,
          signal,
        });
        stopOnBugs(worker);
        screen.done();
        try {
          const ready = { pid: process.pid, home: settings.home, concurrency: settings.concurrency };
          present(
            context,
            ready,
            () => `works on ${settings.home}, ${settings.concurrency} runs at once (process ${process.pid})`,
          );
          await asked;
        } finally {
          await worker.close();
        }
      } catch (error) {
        screen.done();
        if (!(signal.aborted && isAlfredError(error, 'E_CANCELLED'))) throw error;
      }
      return exitCodes.done;
    },
  });
}
