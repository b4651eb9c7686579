/** What a backup is made for, and what opens it again: from options, standard input, or a person who is asked. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Opener } from '../backup/age.ts';
import type { StoredBackups } from '../backup/back-up-home.ts';
import type { BackupPlace, BackupSource } from '../backup/backup-place.ts';
import type { FoundKey } from '../backup/find-key.ts';
import type { OpenBackup } from '../backup/open-backup.ts';
import type { StoreSettings } from '../backup/s3-client.ts';
import type { Logger } from '../kernel/log.ts';
import { placeAt, sourceAt } from './backup-places.ts';
import type { Context } from './context.ts';
import { loadServer } from './load-server.ts';
import { CliProblem, usageProblem } from './problem.ts';
import { askSecret } from './prompts.ts';
import { readStdin } from './secrets.ts';
import { withStages } from './stage-line.ts';
import { namesStore, type StoreOptions } from './store-inputs.ts';

export type OpenerOptions = StoreOptions & {
  passphraseStdin?: boolean;
  identity?: string;
  keyFile?: string;
};

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

/** A folder, or a bucket of a store, that a command line names. */
export const placeNamed = (
  context: Context,
  name: string,
  options: StoreOptions,
  stored?: StoreSettings | undefined,
): Promise<BackupPlace> =>
  placeAt(context, name, options, async () => stored ?? (await storeOfHome(context, options)));

/** The file, or the object of a store, that is to be read. @throws AlfredError E_BACKUP when it is not there */
export const sourceNamed = (context: Context, name: string, options: StoreOptions): Promise<BackupSource> =>
  sourceAt(name, 'alfred backup list', (bucket) => placeNamed(context, bucket, options));

/** Where the settings of the home want backups to be; `otherwise` where they cannot be read, or there is no home yet. */
export async function placeOfHome(context: Context, otherwise: string): Promise<BackupPlace> {
  const stored = await readHome(context);
  return stored?.place ?? (await placeNamed(context, otherwise, {}));
}

/** What the home knows of a store, unless the command line names one. */
async function storeOfHome(context: Context, options: StoreOptions): Promise<StoreSettings | undefined> {
  return namesStore(context, options) ? undefined : (await readHome(context))?.store;
}

async function readHome(context: Context): Promise<StoredBackups | undefined> {
  const settings = context.settings();
  const isThere = settings.databaseUrl !== undefined || existsSync(path.join(settings.home, 'postgres'));
  if (!isThere) return undefined;
  const log = await quietLog(context);
  return await withStages(context, 'looking into the home', async (onProgress) => {
    const { openHome } = await loadServer(() => import('../backup/back-up-home.ts'), onProgress);
    const home = await openHome(settings, { log, onProgress });
    try {
      return 'unreadable' in home.stored ? undefined : home.stored;
    } finally {
      await home.close();
    }
  });
}

/** Opens a backup for reading, asking for what it takes. */
export async function openNamed(
  context: Context,
  source: BackupSource,
  options: OpenerOptions,
): Promise<OpenBackup> {
  const { openBackup } = await import('../backup/open-backup.ts');
  return await openBackup(source, await openerOf(context, source, options));
}

/** What opens a backup; undefined for a dump, which is open. @throws CliProblem when nobody can be asked */
export async function openerOf(
  context: Context,
  source: BackupSource,
  options: Pick<OpenerOptions, 'identity' | 'passphraseStdin'>,
): Promise<Opener | undefined> {
  const { backupKindOf } = await import('../backup/open-backup.ts');
  const { readIdentities } = await import('../backup/age.ts');
  const kind = await backupKindOf(source);
  if (kind === 'dump') return undefined;
  if (kind === 'recipients') {
    if (options.identity === undefined) {
      throw usageProblem(
        'This backup was made for a public key; only the private one opens it',
        'name the file that age-keygen wrote: --identity FILE',
      );
    }
    return { identities: await readIdentities(options.identity) };
  }
  const passphrase =
    options.passphraseStdin === true
      ? (await readStdin(context)).trim()
      : context.canAsk
        ? await askSecret(context, 'the passphrase of this backup')
        : undefined;
  if (passphrase === undefined) throw usageProblem('This backup opens with a passphrase', passphraseOptions);
  return { passphrase };
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
