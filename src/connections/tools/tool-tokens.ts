/**
 * How many tokens tools take in every request of a step. The provider's own count is not asked: to save a skill needs no key
 * and no network. What is counted is the JSON that goes out, in pieces as tokenizers make them of JSON.
 */
import type { Tool } from '../../contract/connections.ts';
import { modelSchema } from './model-schema.ts';

/** As many may the tools of a step take in every request before they are searched for, and not shown. */
export const mostShownTokens = 20_000;

/** What the API adds once where there are tools at all, and around each (names, the frame of its description). */
const once = 350;
const each = 12;

type Shown = Pick<Tool, 'name' | 'description' | 'inputSchema'>;

/** About how many tokens a text is: words by their length, each number and mark by itself, other scripts by their letters. */
function tokensOfText(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(/[A-Za-z]+|\d+|[^\S\n]+|\n+|\P{ASCII}|[!-/:-@[-`{-~]+/gu)) {
    if (/^[A-Za-z]/.test(piece)) tokens += Math.max(1, Math.ceil(piece.length / 6));
    else if (/^\d/.test(piece)) tokens += Math.ceil(piece.length / 3);
    else if (/^[ \t]/.test(piece)) tokens += piece.length > 1 ? 1 : 0;
    else if (/^\P{ASCII}/u.test(piece)) tokens += 1;
    else tokens += Math.ceil(piece.length / 2.5);
  }
  return tokens;
}

/** @param tools as a model is shown them */
export const tokensOf = (tools: readonly Shown[]): number =>
  tools.length === 0
    ? 0
    : once +
      tools.reduce((sum, { name, description, inputSchema }) => {
        const schema = modelSchema(inputSchema).schema ?? inputSchema;
        return sum + each + tokensOfText(JSON.stringify({ name, description, input_schema: schema }));
      }, 0);
