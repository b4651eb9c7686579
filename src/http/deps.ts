/** What the server is given; the composition root (src/app/vm.ts) has all of it. */
import type { Appender } from '../audit/appender.ts';
import type { TurnsHere } from '../chat/turns-here.ts';
import type { ConnectionPool } from '../connections/pool/pool.ts';
import type { Reporter } from '../core-link/reporter.ts';
import type { Database } from '../database/client.ts';
import type { ExecutionFeed } from '../executions/execution-feed.ts';
import type { Logger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import type { KeyRotation } from '../keys/key-rotation.ts';
import type { ModelProxy } from '../model/tickets.ts';
import type { Postman } from '../notices/postman.ts';
import type { GuardedFetchOptions } from '../outbound/guarded-fetch.ts';
import type { Queue } from '../queue/queue.ts';
import type { Vault } from '../vault/vault.ts';
import type { AccessFeed } from './access/access-feed.ts';

export type ServerDeps = {
  db: Database;
  vault: Vault;
  /** Changes the keys of the vault. */
  keys: KeyRotation;
  audit: Appender;
  queue: Queue;
  pool: ConnectionPool;
  feed: ExecutionFeed;
  accessFeed: AccessFeed;
  proxy: ModelProxy;
  /** What this process may answer without the queue. */
  turns?: TurnsHere;
  /** Tells the owner's channels. */
  postman?: Pick<Postman, 'soon'>;
  /** Of this process, in the roster. */
  workerId: string;
  /** Sends the three numbers to Core. */
  reporter: Reporter;
  log: Logger;
  settings: Settings;
  /** Of this program. */
  version: string;
  /** A sentence that says why the VM cannot do its work yet; undefined when it can. The database is asked besides. */
  notReady?: () => string | undefined;
  /** Requests a minute from one address; wrong sign-in codes have a limit of their own. */
  requestsPerMinute?: number;
  /** How the documents are dialled by which programs say who they are; public addresses alone when left out. */
  appDocuments?: Partial<GuardedFetchOptions>;
  /** How long a stream of events stays silent at most, in milliseconds; 15 s when left out. */
  heartbeatMs?: number;
  /** How long a request's headers, and the whole of it, may take to arrive, in milliseconds. */
  timeouts?: { headers: number; request: number };
};
