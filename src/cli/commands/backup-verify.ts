import type { Command } from 'commander';
import type { BackupVerification } from '../../backup/verify-backup.ts';
import { findKey, type OpenerOptions, openNamed, quietLog, sourceNamed } from '../backup-inputs.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadServer } from '../load-server.ts';
import { formatBytes, formatCount, formatFullTime, plural } from '../render/figures.ts';
import { wrap } from '../render/text.ts';
import { withStages } from '../stage-line.ts';
import { addStoreOptions } from '../store-inputs.ts';

export function addBackupVerify(noun: Command, dispatch: Dispatch): void {
  addVerb<OpenerOptions>(noun, dispatch, {
    usage: 'verify <file>',
    summary: 'see whether a backup can be restored, all of it',
    description:
      'Restores it into a database of its own, opens every secret, walks the audit chain, and removes it again. Changes nothing; a VM may run meanwhile. Where the root key is not here, it says what it could not look at.',
    examples: [['alfred backup verify FILE', 'ends with 1 when something of it could not be used']],
    options: (command) =>
      addStoreOptions(
        command
          .option('--passphrase-stdin', 'read the passphrase from standard input')
          .option('--identity <file>', 'the private key of a recipient, as age-keygen wrote it')
          .option('--key-file <file>', 'a file with the root key, or with its 24 words'),
      ),
    async run(context, [file = ''], options) {
      const backup = await openNamed(context, await sourceNamed(context, file, options), options);
      const found = await findKey(context, backup, options.keyFile, false);
      const log = await quietLog(context);
      const { home } = context.settings();
      const result = await withStages(context, 'looking at it', async (onProgress) => {
        const { verifyBackup } = await loadServer(() => import('../../backup/verify-backup.ts'), onProgress);
        return await verifyBackup(backup, { home, key: found?.key, log, onProgress });
      });
      present(context, result, () => render(context, result));
      return result.ok ? exitCodes.done : exitCodes.failed;
    },
  });
}

function render({ out, columns = 100 }: Context, result: BackupVerification): string {
  const { ok, createdAt, bytes, rows, executions, files, sealed, audit, rootKey } = result;
  const when = createdAt === null ? 'the dump' : `the backup of ${formatFullTime(createdAt)}`;
  const head = ok
    ? `${out.green('✓')} ${when} can be restored`
    : `${out.red('✗')} not all of ${when} can be used`;
  const lines = [
    `${plural(rows, 'row')}, ${plural(executions, 'execution')} among them, ${plural(files, 'file')}; ${formatBytes(bytes)}`,
    ...(sealed === null
      ? [
          out.yellow(
            `The root key${rootKey === null ? '' : ` ${rootKey}`} is not here: no secret was opened, and no signature of the audit chain looked at. --key-file names it.`,
          ),
        ]
      : [
          sealed.unreadable.length === 0
            ? `${plural(sealed.count, 'secret')}, and every one opens`
            : out.red(`These secrets do not open: ${sealed.unreadable.join(', ')}`),
        ]),
    ...(audit === null
      ? []
      : audit.ok
        ? [`the audit chain is as it was written: ${formatCount(audit.events)} events`]
        : [out.red(`The audit chain was changed before the backup: ${audit.firstBad?.message ?? ''}`)]),
  ];
  return [head, ...lines.map((line) => wrap(line, columns, '  '))].join('\n');
}
