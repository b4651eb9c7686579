import type { Connection } from '../../src/contract/connections.ts';

type Standing = Pick<Connection, 'name' | 'status' | 'approved' | 'isActive' | 'lastError'>;

/** Those that are switched on and need a person. */
export const troubledIn = <One extends Standing>(connections: readonly One[]): One[] =>
  connections.filter(
    ({ status, approved, isActive }) =>
      isActive && (!approved || status === 'error' || status === 'changed' || status === 'needs_login'),
  );
