import type { Command } from 'commander';
import { readCoreSettings } from '../../../core/settings.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';

export function addCoreRotateKey(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'rotate-key',
    summary: "make Core's next signing key: for providers",
    description:
      'The present key signs that the new one follows it, so every VM that has pinned it goes along. A Core that runs on this home takes the new key within seconds; where several processes are one Core, copy $CORE_HOME/keys to the others. Keep a copy of $CORE_HOME/keys apart: VMs trust this key and no other.',
    examples: [['alfred core rotate-key', 'while Core runs, or stands still']],
    async run(context) {
      const { rotateSigningKey } = await import('../../../core/keys/rotate-key.ts');
      const { home } = readCoreSettings(context.env);
      const rotated = await rotateSigningKey(home);
      present(
        context,
        rotated,
        () => `${context.out.green('✓')} the key ${rotated.to} follows ${rotated.from}`,
      );
      context.note(
        context.err.dim('  a Core that runs takes it within seconds; keep a copy of $CORE_HOME/keys apart'),
      );
      return undefined;
    },
  });
}
