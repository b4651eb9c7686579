/** Who makes a request. */
import type { Scope } from '../../contract/common.ts';
import type { CoreScope } from '../../contract/core.ts';

export type Principal = {
  kind: 'session' | 'token' | 'app' | 'core';
  /** Of the session's or the token's row; of a program that was let in, of its grant. */
  id: string;
  /** As executions and versions name the caller: `owner`, `token:<id>`, `app:<id>` or `core:<user>`. */
  actor: string;
  scopes: ReadonlySet<Scope>;
  /** What a token of Core may do, as far as the owner lets it; of nobody else. */
  core?: ReadonlySet<CoreScope>;
  /** The skills that a token is for, which it may run, and nothing else; left out: what the scopes say. */
  skills?: ReadonlySet<string>;
  /** When the owner signed in; of a session alone. */
  signedInAt?: Date;
  expiresAt: Date | null;
};
