/** The type of Core's server inside, and what it is given. */
import type { Logger } from '../../src/kernel/log.ts';
import type { TypedApp } from '../../src/web/typed-app.ts';
import type { Channel } from '../alerts/channels.ts';
import type { CoreBackupSettings } from '../backup/backup-settings.ts';
import type { CoreDatabase } from '../database.ts';
import type { Signer } from '../keys/signer.ts';
import type { LookForKeys } from '../keys/watch-keys.ts';
import type { Mailer } from '../mail/mailer.ts';

export type CoreApp = TypedApp;

export type CoreDeps = {
  db: CoreDatabase;
  signer: Signer;
  /** Looks at once whether the signing key was followed by another. */
  lookForKeys?: LookForKeys;
  log: Logger;
  /** Of all tokens: the address that VMs use. */
  issuer: string;
  /** What it listens on: a name that it may be asked for by, beside its issuer's and this machine's. */
  host: string;
  /** Mails links by which people set passwords; none when left out. */
  mailer?: Mailer | undefined;
  /** The ways by which alerts are told; none when left out. */
  channels?: readonly Channel[];
  /** What is set of backups; nothing when left out. */
  backups?: CoreBackupSettings;
  /** The proxies before this that say who calls; none when left out. */
  trustedProxies?: readonly string[];
  /** Requests a minute from one address; sign-ins and enrolments have limits of their own. */
  requestsPerMinute?: number;
  /** Attempts a minute from one address at what a guess could open. */
  attemptsPerMinute?: number;
};
