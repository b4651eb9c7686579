/** Who makes a request. */
import type { Scope } from '../../contract/common.ts';

export type Principal = {
  kind: 'session' | 'token';
  /** Of the session's or the token's row. */
  id: string;
  /** As executions and versions name the caller: `owner`, or `token:<id>`. */
  actor: string;
  scopes: ReadonlySet<Scope>;
  expiresAt: Date | null;
};

export const ownerActor = 'owner';
