/** What a backup is made for, and what opens it again: from options, standard input, or a person who is asked. */
import type { FoundKey } from '../backup/find-key.ts';
import type { OpenBackup } from '../backup/open-backup.ts';
import type { Logger } from '../kernel/log.ts';
import type { Context } from './context.ts';
import { CliProblem, usageProblem } from './problem.ts';
import { askSecret } from './prompts.ts';
import { readStdin } from './secrets.ts';

export type OpenerOptions = { passphraseStdin?: boolean; identity?: string; keyFile?: string };

const passphraseOptions =
  'give it with --passphrase-stdin; never as an argument, which other processes can read';

/** A new passphrase, asked for twice. @throws CliProblem when nobody can be asked */
export async function newPassphrase(context: Context, fromStdin: boolean): Promise<string> {
  if (fromStdin) return (await readStdin(context)).trim();
  if (!context.canAsk) {
    throw usageProblem(
      'A backup is encrypted, and nobody can be asked for a passphrase here',
      'give it with --passphrase-stdin, or name a public key with --recipient',
    );
  }
  const { shortestPassphrase } = await import('../backup/age.ts');
  const first = await askSecret(
    context,
    `a passphrase for this backup, ${shortestPassphrase} characters or more`,
  );
  const second = await askSecret(context, 'the same once more');
  if (first !== second) throw usageProblem('The two passphrases differ');
  return first;
}

/** Opens a file for reading, asking for what it takes. */
export async function openNamed(context: Context, file: string, options: OpenerOptions): Promise<OpenBackup> {
  const { backupKindOf, openBackup } = await import('../backup/open-backup.ts');
  const { readIdentities } = await import('../backup/age.ts');
  const kind = await backupKindOf(file);
  if (kind === 'dump') return await openBackup(file, undefined);
  if (kind === 'recipients') {
    if (options.identity === undefined) {
      throw usageProblem(
        'This backup was made for a public key; only the private one opens it',
        'name the file that age-keygen wrote: --identity FILE',
      );
    }
    return await openBackup(file, { identities: await readIdentities(options.identity) });
  }
  const passphrase =
    options.passphraseStdin === true
      ? (await readStdin(context)).trim()
      : context.canAsk
        ? await askSecret(context, 'the passphrase of this backup')
        : undefined;
  if (passphrase === undefined) throw usageProblem('This backup opens with a passphrase', passphraseOptions);
  return await openBackup(file, { passphrase });
}

/** The root key that the backup's secrets open with: found, or asked for as 24 words; undefined when nobody can be asked. */
export async function findKey(
  context: Context,
  backup: OpenBackup,
  keyFile: string | undefined,
  ask: boolean,
): Promise<FoundKey | undefined> {
  const { checkKeyFor, findKeyFor } = await import('../backup/find-key.ts');
  const found = await findKeyFor(backup, context.settings(), keyFile);
  if (found || !ask || !context.canAsk) return found;
  const { rootKeyFromWords } = await import('../vault/recovery.ts');
  const name = backup.header ? ` ${backup.header.rootKey}` : '';
  const key = rootKeyFromWords(await askSecret(context, `the 24 words of the root key${name}`));
  checkKeyFor(backup, key);
  return { key, isInPlace: false };
}

export const noKey = ({ header }: OpenBackup): CliProblem =>
  new CliProblem(
    'E_KEY_MISSING',
    `The secrets in this backup are sealed under the root key${header ? ` ${header.rootKey}` : ''}, which is not here`,
    {
      remedy:
        'name a file that holds it, or its 24 words, with --key-file; in a terminal you are asked for the words',
    },
  );

/** A log for what works in this process: failures alone, as the result says the rest. */
export async function quietLog(context: Context): Promise<Logger> {
  const { createLogger } = await import('../kernel/log.ts');
  const level = context.env.ALFRED_LOG_LEVEL ?? 'silent';
  return createLogger({ level, format: context.settings().log.format, redact: (line) => line });
}
