/**
 * Who runs PostgreSQL. It refuses to run as root, so for root it is started, in this order:
 *   1. in a user namespace of its own (`unshare --user`), where it sees itself as an ordinary user, while on disk
 *      everything stays root's: nothing to set up, and it may enter `/root`;
 *   2. as the system user `alfred`, with its files in /var/lib/alfred, where namespaces are not allowed (many containers).
 * An ordinary user runs it plainly.
 */
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { AlfredError } from '../kernel/errors.ts';

type Account = { name: string; uid: number; gid: number };

export type PostgresUser = {
  kind: 'plain' | 'namespace' | 'system';
  /** Whose PostgreSQL's files must be, where that is not ourselves. */
  owner?: Account;
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
};

const systemUser = 'alfred';
const remedy = 'Start Alfred as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.';

/**
 * Decides who runs PostgreSQL with its files in `folder`, which exists and is ours.
 *
 * @throws AlfredError E_DATABASE when nobody can
 */
export function choosePostgresUser(folder: string): PostgresUser {
  const uid = process.getuid?.();
  if (uid === undefined || (uid !== 0 && process.platform !== 'linux')) return plainUser();
  const accounts = readAccounts();
  if (uid !== 0 && accounts.some((account) => account.uid === uid)) return plainUser();

  // root, or (in some containers) a number without a name, which initdb does not take either.
  const account = ordinaryAccount(accounts);
  if (account && namespaceWorks(account, folder)) return namespaceUser(account);
  if (uid === 0) return systemUserOf(findOrAddSystemUser());
  throw new AlfredError(
    'E_DATABASE',
    `PostgreSQL cannot run as user number ${uid}, which has no name here.`,
    { remedy },
  );
}

/** Runs PostgreSQL as `owner`; the files must be theirs. Needs root. */
export const systemUserOf = (owner: Account): PostgresUser => ({
  kind: 'system',
  owner,
  spawn: (command, args, options) =>
    spawn(command, args, { ...options, cwd: '/', uid: owner.uid, gid: owner.gid }),
});

const plainUser = (): PostgresUser => ({ kind: 'plain', spawn: (...call) => spawn(...call) });

const namespaceUser = (account: Account): PostgresUser => ({
  kind: 'namespace',
  spawn: (command, args, options) =>
    spawn('unshare', [...enterNamespace(account), command, ...args], options),
});

const enterNamespace = ({ uid, gid }: Account): string[] => [
  '--user',
  `--map-user=${uid}`,
  `--map-group=${gid}`,
  '--',
];

/** True when a user namespace can be made, and `folder` be written to from within it. */
function namespaceWorks(account: Account, folder: string): boolean {
  const test = ['test', '-w', folder, '-a', '-x', folder];
  return spawnSync('unshare', [...enterNamespace(account), ...test], { stdio: 'ignore' }).status === 0;
}

/** The accounts of this machine. */
function readAccounts(): Account[] {
  if (!existsSync('/etc/passwd')) return [];
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [name, , uid, gid] = line.split(':');
      return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
    });
}

/** Any account but root: within the namespace it stands for ourselves, so only its having a name matters. */
function ordinaryAccount(accounts: Account[]): Account | undefined {
  const ordinary = accounts.filter(({ uid }) => uid !== 0);
  return (
    ordinary.find(({ name }) => name === systemUser) ?? ordinary.find(({ uid }) => uid >= 1000) ?? ordinary[0]
  );
}

/** The account that PostgreSQL runs as where namespaces are not allowed; added when missing. Needs root. */
export function findOrAddSystemUser(): Account {
  const find = () => readAccounts().find(({ name }) => name === systemUser);
  const existing = find();
  if (existing) return existing;
  const added = spawnSync(
    'useradd',
    [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/var/lib/alfred',
      '--shell',
      '/usr/sbin/nologin',
      systemUser,
    ],
    { encoding: 'utf8' },
  );
  const account = find();
  if (account) return account;
  throw new AlfredError(
    'E_DATABASE',
    `PostgreSQL does not run as root, user namespaces are not allowed here, and the system user "${systemUser}" could not be added: ${added.stderr || added.error?.message}`,
    { remedy },
  );
}
