import type { UsedSecret } from '../../secrets/record-secret-uses.ts';
import type { ConnectionRow } from '../connection-row.ts';
import { rulesOf } from './by-type.ts';
import { leafLabel, leafPlace, secretLeaves } from './leaves.ts';

/** The secrets that a connection holds while it is open, and where they go. */
export type SecretsInUse = { secrets: UsedSecret[]; destination: string };

export const secretsInUse = (row: ConnectionRow): SecretsInUse => ({
  secrets: secretLeaves(row.config)
    // A sign-in that waits for its person is for its authorization server alone.
    .filter(({ path: [part] }) => part !== 'device')
    .map(({ path }) => ({ place: leafPlace(row, path), label: leafLabel(row, path) })),
  destination: rulesOf(row).place(row.config),
});
