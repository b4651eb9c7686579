import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { KeyRotationState } from '../../contract/vault.ts';
import type { Api } from '../api.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { startLiveLine } from '../live-line.ts';
import { CliProblem, usageProblem } from '../problem.ts';
import { renderSteps, renderVault, stageInWords } from '../render/vault.ts';

type Options = { root?: boolean; audit?: boolean; cancel?: boolean };

const lookEveryMs = 300;

export function addKeyRotate(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'rotate',
    summary: 'change the keys while everything goes on',
    description:
      'The data keys and the key of the rows’ MACs; with --root the root key, and these behind it; with --audit the key that signs the audit chain, which hands over to another by a statement that both sign. Runs, webhooks and the console go on meanwhile. Interrupted, it goes on at the next start, or when the command is given again. A root key from the environment, from systemd or in a file of yours is put in place by you: the steps are printed. Older backups open with the root key that they name: keep its 24 words as long as them.',
    examples: [
      ['alfred key rotate', 'every value is sealed anew, every row signed'],
      ['alfred key rotate --root', 'when somebody may have seen the root key, or its 24 words'],
      ['alfred key rotate --audit', 'another key signs the audit chain from now on'],
    ],
    options: (command) =>
      command
        .option('--root', 'another root key, and other data keys behind it')
        .option('--audit', 'another key that signs the audit chain')
        .option('--cancel', 'with --root: give up what waits for you to put the new key in place'),
    async run(context, _operands, { root = false, audit = false, cancel = false }) {
      if (audit && (root || cancel))
        throw usageProblem('--audit is about the audit chain alone', 'alfred key rotate --audit');
      if (cancel && !root)
        throw usageProblem('--cancel is about the root key', 'alfred key rotate --root --cancel');
      const api = await context.api();
      if (cancel) {
        await api.cancelKeyRotation();
        present(context, { cancelled: true }, () => `${context.out.green('✓')} the root key stays as it is`);
        return undefined;
      }
      if (audit) {
        const handed = await api.succeedAuditKey();
        const { from, to, number } = handed;
        present(context, handed, () => {
          const { green, dim } = context.out;
          return `${green('✓')} the key ${to} signs the audit chain from now on; ${from} handed over to it ${dim(`(statement ${number})`)}`;
        });
        return undefined;
      }
      await api.rotateKeys({ body: { key: root ? 'root' : 'data' } });
      const rotation = await follow(context, api);
      if (rotation?.failure) {
        const { code, message, remedy } = rotation.failure;
        throw new CliProblem(code, message, { remedy: remedy ?? undefined });
      }
      const vault = await api.showVault();
      present(context, vault, () => {
        if (rotation) return renderSteps(rotation, context.out);
        const what = root ? 'the root key and the data keys are' : 'the data keys are';
        const done = `${context.out.green('✓')} ${what} others; what the old ones sealed is sealed anew`;
        return `${done}\n\n${renderVault(vault, context.out, context.now())}`;
      });
      if (root && !rotation) {
        context.note(
          context.err.dim(
            'its 24 words are others now: alfred key show-recovery. The old ones open the backups from before; keep them as long as these',
          ),
        );
      }
      return undefined;
    },
  });
}

/** Waits until nothing goes on by itself. @returns what is left to do; undefined when all is done */
async function follow(context: Context, api: Api): Promise<KeyRotationState | undefined> {
  const { stderr, err, json } = context;
  let seen: KeyRotationState | null = null;
  const line =
    json || stderr.isTTY !== true
      ? undefined
      : startLiveLine(stderr, err, () => (seen ? stageInWords(seen) : 'changing the keys…'));
  try {
    for (;;) {
      ({ rotation: seen } = await api.showVault());
      if (!seen) return undefined;
      if (seen.failure || seen.stage === 'waiting_for_key') return seen;
      await sleep(lookEveryMs);
    }
  } finally {
    line?.stop();
  }
}
