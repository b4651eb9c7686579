/**
 * A tool as it was found: in the canonical JSON that its hash is over. It is made once, where the tool is read, and is what is
 * hashed, signed, kept and answered with: the largest documents have a thousand tools of eight million characters, and
 * walking through their schemas for each of these takes longer than reading them.
 */
import type { Tool } from '../../contract/connections.ts';
import { canonicalObject, sha256 } from '../../kernel/hash.ts';
import { canonicalWithShared } from './shared-json.ts';

export type FoundTool = Pick<Tool, 'name' | 'unusable' | 'scopes'> & {
  /** SHA-256, hex, over all fields but `scopes`: what a sign-in needs for it changes nothing that it does. */
  hash: string;
  /** Canonical JSON of each field of its definition. */
  fields: Readonly<Record<string, string>>;
};

/** @param tool with the fields that are pinned, and no others */
export function foundTool(tool: Tool): FoundTool {
  const { name, unusable, scopes } = tool;
  const fields = Object.fromEntries(
    Object.entries(tool)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]): [string, string] => [field, canonicalWithShared(value)]),
  );
  return {
    ...{ name, fields, hash: hashOfFields(fields) },
    ...(unusable === undefined ? {} : { unusable }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}

function hashOfFields({ scopes: _scopes, ...fields }: FoundTool['fields']): string {
  return sha256(canonicalObject(fields)).toString('hex');
}

/** Its definition as canonical JSON. */
export const definitionText = ({ fields }: Pick<FoundTool, 'fields'>): string => canonicalObject(fields);

/** Its definition as data. */
export const readDefinition = (tool: Pick<FoundTool, 'fields'>): Tool => JSON.parse(definitionText(tool));
