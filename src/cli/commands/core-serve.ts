import type { Command } from 'commander';
import { readCoreSettings } from '../../../core/settings.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { loadServer } from '../load-server.ts';
import { renderFields } from '../render/table.ts';
import { serve } from '../serve.ts';

export function addCoreServe(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'serve',
    summary: 'run an Alfred Core: for providers of many VMs',
    description:
      'Core knows which VMs there are and three numbers of each. The first start makes its home ($CORE_HOME, ~/.alfred-core), its key and its database. Ctrl-C stops it.',
    examples: [
      ['alfred core serve', 'on http://127.0.0.1:4281'],
      ['CORE_PUBLIC_URL=https://core.example.org alfred core serve', 'behind a proxy with TLS'],
    ],
    async run(context) {
      const settings = readCoreSettings(context.env, context.stderr.isTTY === true);
      return await serve(context, {
        words: { stopping: 'stopping…', stoppedAtOnce: 'stopped at once' },
        async start({ progress, log }) {
          const { startCore } = await loadServer(() => import('../../../core/main.ts'), progress);
          return await startCore(settings, { onProgress: progress, logTo: log });
        },
        onReady({ address, issuer, adminTokenFile }) {
          const ready = { url: issuer, address, adminTokenFile, home: settings.home, pid: process.pid };
          const { out } = context;
          present(context, ready, () =>
            [
              `${out.green('✓')} ${out.bold('Core is ready')}`,
              '',
              renderFields(
                [
                  ['address', out.green(issuer)],
                  ...(issuer === address ? [] : [['listens', address] as [string, string]]),
                  ['home', settings.home],
                  ['operator', `the token in ${adminTokenFile}`],
                ],
                out.dim,
              ),
            ].join('\n'),
          );
          context.note(context.err.dim('Ctrl-C stops it'));
        },
      });
    },
  });
}
