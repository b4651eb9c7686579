/** What the tools of a skill's steps take of every request to the model, told when it is saved, shown and run: estimated. */
import { mostShownTokens, tokensOf } from '../connections/tools/tool-tokens.ts';
import type { Skill, Step } from '../contract/skills.ts';
import { parseToolName } from '../contract/tool-name.ts';
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
    const isSearched = tokens > mostShownTokens && tools.length > 2;
    return [{ step: id, tools: tools.length, tokens, isCounted: false, isSearched }];
  });
}

/** As much is read by most models; the largest read five times as much. */
const usualWindow = 200_000;

/** One or two tools are not searched for, and may be larger than a model reads. */
export const sizeWarnings = (sizes: NonNullable<Skill['toolTokens']>): string[] =>
  sizes
    .filter(({ tokens, isSearched }) => !isSearched && tokens > usualWindow)
    .map(
      ({ step, tools, tokens }) =>
        `Step ${step}: the definitions of its tools (${tools}) take about ${tokens.toLocaleString('en-US')} tokens of every request, more than most models read (${usualWindow.toLocaleString('en-US')}). Choose another tool, or a model that reads more.`,
    );
