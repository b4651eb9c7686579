import path from 'node:path';
import type { Command } from 'commander';
import { installation } from '../../kernel/installation.ts';
import type { Settings } from '../../kernel/settings.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { loadServer } from '../load-server.ts';
import { linkOntoPath } from '../path-link.ts';
import { quoteWord } from '../render/connection.ts';
import { renderReady } from '../render/start.ts';
import { serve } from '../serve.ts';

/** What to type in another terminal; with the home named when it is not the usual one. */
const tryOut = (context: Context, { home }: Settings, slug: string | undefined): string | undefined => {
  const prefix = context.env.ALFRED_HOME ? `ALFRED_HOME=${quoteWord(home)} ` : '';
  return slug && `${prefix}npx alfred skill run ${slug}`;
};

/** A person at a terminal, with a home in the usual place, gets `alfred` as a command; a service and a second home do not. */
const nameOnce = async (context: Context): Promise<string | undefined> =>
  context.stderr.isTTY !== true || context.json || context.env.ALFRED_HOME
    ? undefined
    : await linkOntoPath(path.join(installation, 'bin/alfred.js'), { searchPath: context.env.PATH });

export function addStart(program: Command, dispatch: Dispatch): void {
  addVerb(program, dispatch, {
    usage: 'start',
    summary: 'start the VM and serve its console and API',
    description:
      'The first start makes the home ($ALFRED_HOME, ~/.alfred), its keys and its database. Ctrl-C stops everything it started.',
    examples: [
      ['alfred start', 'on http://127.0.0.1:4280; the same as npm start'],
      ['ALFRED_HOME=~/second ALFRED_PORT=4290 alfred start', 'a second VM beside the first'],
    ],
    async run(context) {
      const began = performance.now();
      const settings = context.settings();
      const code = await serve(context, {
        words: { stopping: 'stopping…', stoppedAtOnce: 'stopped at once; the next start tidies up' },
        async start({ progress, log }, signal) {
          const { startVm } = await loadServer(() => import('../../app/vm.ts'), progress);
          return await startVm(settings, { onProgress: progress, logTo: log, signal });
        },
        async onReady(vm) {
          const ready = {
            url: vm.url,
            signInUrl: await vm.signInLink(),
            home: settings.home,
            model: vm.model,
            tookMs: Math.round(performance.now() - began),
            tryOut: tryOut(context, settings, vm.demonstration),
            pid: process.pid,
          };
          present(context, ready, () => renderReady(ready, context.out));
          const linked = await nameOnce(context);
          if (linked !== undefined) context.note(linked);
          context.note(context.err.dim('Ctrl-C stops it'));
        },
      });
      context.note(context.err.dim('stopped: agents, connections and the database'));
      return code;
    },
  });
}
