/** What the tools of a skill's steps take of every request to the model, told when it is saved, shown and run. */
import { mostShownTokens, tokensOf } from '../connections/tools/tool-tokens.ts';
import { parseToolName } from '../contract/common.ts';
import type { Skill, Step } from '../contract/skills.ts';
import type { Catalog } from './check-tools.ts';

/** For each step with tools that there are. */
export function toolTokensOf(steps: readonly Step[], catalog: Catalog): NonNullable<Skill['toolTokens']> {
  return steps.flatMap(({ id, allowedTools }) => {
    const wanted = allowedTools.flatMap((name) => parseToolName(name) ?? []);
    const tools = [...catalog].flatMap(([connection, known]) => {
      const own = wanted.filter((name) => name.connection === connection).map((name) => name.tool);
      return known.tools.filter(
        (tool) => tool.off === undefined && (own.includes('*') || own.includes(tool.name)),
      );
    });
    if (tools.length === 0) return [];
    const tokens = tokensOf(tools);
    return [
      { step: id, tools: tools.length, tokens, isSearched: tokens > mostShownTokens && tools.length > 2 },
    ];
  });
}
