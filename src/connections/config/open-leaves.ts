/** Opening the secrets of a connection's config. As with open.ts, connections import this, and nobody else. */

import { openSealed } from '../../vault/open.ts';
import type { Vault } from '../../vault/vault.ts';
import { type ConnectionConfig, type LeafOwner, leafLabel, leafPlace, mapLeaves } from './leaves.ts';

/**
 * A copy of a sealed `config` with every secret open, for the connection itself and nothing else. Each is redacted from now on.
 *
 * @throws AlfredError E_SEALED_VALUE
 */
export const openLeaves = (vault: Vault, owner: LeafOwner, config: ConnectionConfig): ConnectionConfig =>
  mapLeaves(config, ({ path, value }) =>
    openSealed(vault, leafPlace(owner, path), value, leafLabel(owner, path)),
  );
