/** Pinning: what a server offers now against what a person approved. */
import type { PinnedTool } from '../../contract/connections.ts';
import {
  CanonicalJson,
  canonicalJson,
  canonicalObject,
  type JsonPiece,
  utf8List,
} from '../../kernel/hash.ts';
import { type FoundTool, fieldsOf, foundTool } from './found-tool.ts';
import { definitionOf, pin } from './tool-definition.ts';

/** What of a tool decides whether it may be called, and whether anything changed. */
export type Pin = Pick<PinnedTool, 'name' | 'hash' | 'off' | 'scopes' | 'unusable'> & {
  pending?: Pick<NonNullable<PinnedTool['pending']>, 'hash' | 'scopes'> | undefined;
};

/** A tool as it is kept: `PinnedTool` of what was found. */
export type KeptTool = FoundTool & Pick<PinnedTool, 'off'> & { pending?: FoundTool };

export type CatalogChange = {
  /** What is to be kept: approved definitions, each with why it may not be called, if so. */
  catalog: KeptTool[];
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
export function compareCatalog(pinned: PinnedTool[], found: FoundTool[]): CatalogChange {
  const before = new Map(pinned.map((tool) => [tool.name, tool]));
  const change: CatalogChange = { catalog: [], added: [], changed: [], removed: [] };
  for (const tool of found) {
    const known = before.get(tool.name);
    before.delete(tool.name);
    if (tool.unusable !== undefined) {
      if (known !== undefined && known.off === undefined) change.changed.push(tool.name);
      change.catalog.push({ ...tool, off: 'unusable' });
    } else if (known === undefined || known.off === 'new' || known.off === 'unusable') {
      change.added.push(tool.name);
      change.catalog.push({ ...tool, off: 'new' });
    } else if (known.hash === tool.hash) {
      // What a sign-in needs for it is as the document says it now: nobody approves that.
      change.catalog.push(tool);
    } else {
      change.changed.push(tool.name);
      change.catalog.push({ ...kept(known), off: 'changed', pending: tool });
    }
  }
  for (const missing of before.values()) {
    if (missing.off === 'new' || missing.off === 'unusable') continue;
    change.removed.push(missing.name);
    change.catalog.push({ ...kept(missing), off: 'gone' });
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
export const statusOf = (catalog: readonly Pin[]): 'ready' | 'changed' =>
  catalog.some(({ off }) => off !== undefined && off !== 'unusable') ? 'changed' : 'ready';

/** By the hashes of the definitions, which are large, and by what stands beside those. */
export const isSameCatalog = (one: readonly Pin[], other: readonly Pin[]): boolean =>
  one.length === other.length && canonicalJson(one.map(pinned)) === canonicalJson(other.map(pinned));

const pinned = ({ name, hash, off, scopes, pending }: Pin) => ({
  ...{ name, hash, off, scopes },
  ...(pending === undefined ? {} : { pending: { hash: pending.hash, scopes: pending.scopes } }),
});

/** The catalogue as the canonical JSON of its `PinnedTool`s. */
export const catalogJson = (catalog: readonly KeptTool[]): CanonicalJson =>
  new CanonicalJson(utf8List(catalog.map((tool) => canonicalObject(pinnedFields(tool)))));

const pinnedFields = (tool: KeptTool): Record<string, JsonPiece | JsonPiece[]> => ({
  ...fieldsOf(tool),
  hash: JSON.stringify(tool.hash),
  ...(tool.off === undefined ? {} : { off: JSON.stringify(tool.off) }),
  ...(tool.pending === undefined ? {} : { pending: canonicalObject(pinnedFields(tool.pending)) }),
});

const kept = (known: PinnedTool): KeptTool => ({ ...foundTool(definitionOf(known)), hash: known.hash });

const approved = ({ off: _off, pending: _pending, ...tool }: PinnedTool): PinnedTool => tool;
