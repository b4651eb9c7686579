import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { loadServer } from '../load-server.ts';
import { renderFields } from '../render/table.ts';
import { startScreen } from '../start-screen.ts';

export function addInit(program: Command, dispatch: Dispatch): void {
  addVerb(program, dispatch, {
    usage: 'init',
    summary: 'make the home, its keys and its database, and start nothing',
    description:
      'What the first start does by itself. Safe to run again: what is there stays, a newer schema is applied.',
    examples: [
      ['alfred init', 'in $ALFRED_HOME, or ~/.alfred'],
      ['ANTHROPIC_API_KEY=… alfred init', 'takes the key into the vault, sealed, on the first run'],
    ],
    async run(context) {
      const settings = context.settings();
      const screen = startScreen(context);
      try {
        const { openFoundation } = await loadServer(() => import('../../app/foundation.ts'), screen.progress);
        const { vault, log, closers } = await openFoundation(settings, {
          onProgress: screen.progress,
          logTo: screen.log,
        });
        const made = {
          home: settings.home,
          vaultId: vault.vaultId,
          rootKey: { fingerprint: vault.fingerprint, source: vault.keySource, file: vault.keyFile ?? null },
        };
        await closers.close(log);
        screen.done();
        const { out } = context;
        present(context, made, () =>
          [
            `${out.green('✓')} ${out.bold('the home is ready')}`,
            renderFields(
              [
                ['  home', made.home],
                [
                  '  root key',
                  `${made.rootKey.fingerprint}, from ${made.rootKey.file ?? `the ${made.rootKey.source}`}`,
                ],
              ],
              out.dim,
            ),
          ].join('\n'),
        );
        context.note(context.err.dim('  write down its recovery words: alfred key show-recovery'));
        context.note(context.err.dim('  then: npm start'));
      } finally {
        screen.done();
      }
      return undefined;
    },
  });
}
