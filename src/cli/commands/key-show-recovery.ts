import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { refusedProblem } from '../problem.ts';
import { askYes } from '../prompts.ts';
import { pad } from '../render/text.ts';

const perLine = 4;

/** 24 words with their numbers, so that they can be written down and checked. */
function renderWords(words: string[]): string {
  const width = Math.max(...words.map((word) => word.length));
  const cells = words.map((word, index) => `${String(index + 1).padStart(2)} ${pad(word, width)}`);
  const lines = cells.flatMap((_, index) =>
    index % perLine === 0
      ? [
          `  ${cells
            .slice(index, index + perLine)
            .join('   ')
            .trimEnd()}`,
        ]
      : [],
  );
  return lines.join('\n');
}

export function addKeyShowRecovery(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yesPrint?: boolean }>(noun, dispatch, {
    usage: 'show-recovery',
    summary: 'the root key as 24 words to write down',
    description:
      'Whoever has these words can open every secret of this VM and of its backups. Write them on paper; keep them away from the machine and from the backups. Works while the VM is stopped, too.',
    examples: [['alfred key show-recovery', 'asks first, and prints to a terminal alone']],
    options: (command) =>
      command.option('--yes-print', 'print them without asking, also into a pipe or a file'),
    async run(context, _operands, { yesPrint }) {
      const settings = context.settings();
      if (yesPrint !== true) {
        if (context.stdout.isTTY !== true || !context.canAsk) {
          throw refusedProblem(
            'The recovery words open every secret, and this is not a terminal',
            'run it in a terminal, or say --yes-print if the words shall go where this output goes',
          );
        }
        const question = 'show the 24 words now? nobody else should see this screen';
        if (!(await askYes(context, question))) throw refusedProblem('not shown');
      }
      // Loaded here: the word list is for this command alone.
      const { showRecovery } = await import('../../vault/recovery.ts');
      const { words, fingerprint } = await showRecovery(settings);
      present(context, { words, fingerprint }, () =>
        ['', renderWords(words), '', `root key ${fingerprint}, BIP-39 English, in this order`].join('\n'),
      );
      context.note(context.err.dim('clear the screen when you have written them down'));
      return undefined;
    },
  });
}
