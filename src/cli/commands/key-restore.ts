import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { readSecrets } from '../secrets.ts';

type Options = { secretStdin?: boolean; secretFile?: string };

const name = '24 words';

export function addKeyRestore(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'restore',
    summary: 'put the root key back from its 24 words',
    description:
      'For a machine that has lost its key file, or a backup on a new one. A key that is there already is never replaced. The next start says whether it is the right one.',
    examples: [['alfred key restore', 'asks for the words without showing them']],
    options: (command) =>
      command
        .option('--secret-stdin', 'read the words from standard input')
        .option('--secret-file <path>', 'read the words from a file'),
    async run(context, _operands, { secretStdin, secretFile }) {
      const values = await readSecrets(context, {
        names: [name],
        files: secretFile === undefined ? [] : [`${name}=${secretFile}`],
        stdin: secretStdin === true,
      });
      // Loaded here: the word list is for this command alone.
      const { restoreRootKey } = await import('../../vault/recovery.ts');
      const { fingerprint, file, source } = await restoreRootKey(context.settings(), values[name] ?? '');
      present(
        context,
        { fingerprint, source, file: file ?? null },
        () => `${context.out.green('✓')} root key ${context.out.bold(fingerprint)} is in ${file ?? source}`,
      );
      context.note(context.err.dim('now start the VM: it refuses a key that is not its own'));
      return undefined;
    },
  });
}
