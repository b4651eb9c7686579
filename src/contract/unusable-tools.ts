/** What a person is told of tools that no model can be given: how many, and why, those of one reason together. */
import type { Tool } from './connections.ts';

const maxReasons = 5;
const maxNames = 3;

/** A sentence: `2 of 296 tools cannot be used: a, b (its server is another host).`; undefined where all can be. */
export function unusableWords(tools: readonly Pick<Tool, 'name' | 'unusable'>[]): string | undefined {
  const byReason = new Map<string, string[]>();
  for (const { name, unusable } of tools)
    if (unusable !== undefined) byReason.set(unusable, [...(byReason.get(unusable) ?? []), name]);
  if (byReason.size === 0) return undefined;
  const reasons = [...byReason].toSorted(([, one], [, other]) => other.length - one.length);
  const told = reasons.slice(0, maxReasons).map(([reason, names]) => {
    const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
    return `${names.slice(0, maxNames).join(', ')}${more} (${reason})`;
  });
  const count = reasons.reduce((sum, [, names]) => sum + names.length, 0);
  const left = reasons.length - told.length;
  return `${count} of ${tools.length} tools cannot be used: ${told.join('; ')}${left > 0 ? `; and for ${left} more reasons` : ''}.`;
}
