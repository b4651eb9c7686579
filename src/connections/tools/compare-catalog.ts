/** Pinning: what a server offers now against what a person approved. */
import type { PinnedTool, Tool } from '../../contract/connections.ts';
import { canonicalJson } from '../../kernel/hash.ts';
import { hashOfTool, pin } from './tool-definition.ts';

export type CatalogChange = {
  /** What is to be kept: approved definitions, each with why it may not be called, if so. */
  catalog: PinnedTool[];
  added: string[];
  changed: string[];
  removed: string[];
};

/** What a discovery found, and what a person should know of where it was found. */
export type Discovery = CatalogChange & { warnings: string[] };

/**
 * Holds `found` against `pinned`. A tool that is new, or other than it was approved, is off until a person approves it; one
 * that came back as it was approved is on again.
 */
export function compareCatalog(pinned: PinnedTool[], found: Tool[]): CatalogChange {
  const before = new Map(pinned.map((tool) => [tool.name, tool]));
  const change: CatalogChange = { catalog: [], added: [], changed: [], removed: [] };
  for (const tool of found) {
    const known = before.get(tool.name);
    before.delete(tool.name);
    if (tool.unusable !== undefined) {
      if (known !== undefined && known.off === undefined) change.changed.push(tool.name);
      change.catalog.push({ ...pin(tool), off: 'unusable' });
    } else if (known === undefined || known.off === 'new' || known.off === 'unusable') {
      change.added.push(tool.name);
      change.catalog.push({ ...pin(tool), off: 'new' });
    } else if (known.hash === hashOfTool(tool)) {
      change.catalog.push(withScopes(approved(known), tool));
    } else {
      change.changed.push(tool.name);
      change.catalog.push({ ...approved(known), off: 'changed', pending: pin(tool) });
    }
  }
  for (const missing of before.values()) {
    if (missing.off === 'new' || missing.off === 'unusable') continue;
    change.removed.push(missing.name);
    change.catalog.push({ ...approved(missing), off: 'gone' });
  }
  return change;
}

/** The catalogue after a person approved what the last discovery found. */
export const acceptCatalog = (catalog: PinnedTool[]): PinnedTool[] =>
  catalog
    .filter(({ off }) => off !== 'gone')
    .map((tool) => {
      if (tool.off === 'unusable') return tool;
      return tool.off === 'changed' && tool.pending !== undefined ? pin(tool.pending) : approved(tool);
    });

/** `ready`, or `changed` while a person has something to look at. */
export const statusOf = (catalog: PinnedTool[]): 'ready' | 'changed' =>
  catalog.some(({ off }) => off !== undefined && off !== 'unusable') ? 'changed' : 'ready';

/** By the hashes of the definitions, which are large, and by what stands beside those. */
export const isSameCatalog = (one: PinnedTool[], other: PinnedTool[]): boolean =>
  one.length === other.length && canonicalJson(one.map(pinned)) === canonicalJson(other.map(pinned));

const pinned = ({ name, hash, off, scopes, pending }: PinnedTool) => ({
  ...{ name, hash, off, scopes },
  ...(pending === undefined ? {} : { pending: { hash: pending.hash, scopes: pending.scopes } }),
});

/** What a sign-in needs for it is as the document says it now: nobody approves that. */
function withScopes({ scopes: _former, ...known }: PinnedTool, { scopes }: Tool): PinnedTool {
  return scopes === undefined ? known : { ...known, scopes };
}

const approved = ({ off: _off, pending: _pending, ...tool }: PinnedTool): PinnedTool => tool;
