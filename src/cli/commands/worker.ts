import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { loadServer } from '../load-server.ts';
import { serve } from '../serve.ts';

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
      return await serve(context, {
        words: { stopping: 'handing work back…', stoppedAtOnce: 'stopped at once; its runs go on elsewhere' },
        async start({ progress, log }, signal) {
          const { startWorker } = await loadServer(() => import('../../app/worker.ts'), progress);
          return await startWorker(settings, { onProgress: progress, logTo: log, signal });
        },
        onReady() {
          const ready = { pid: process.pid, home: settings.home, concurrency: settings.concurrency };
          present(
            context,
            ready,
            () => `works on ${settings.home}, ${settings.concurrency} runs at once (process ${process.pid})`,
          );
        },
      });
    },
  });
}
