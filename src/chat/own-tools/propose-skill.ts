import { z } from 'zod';
import { keepProposal } from '../proposals/propose.ts';
import { ownTool } from './own-tool.ts';

/** What a model needs to be told of a definition; the rest is checked when it is proposed, and refused by name. */
const definition = z.looseObject({
  slug: z.string().describe('Lower-case words with hyphens. Of a skill that is there: it would be changed'),
  name: z.string().describe('For people'),
  description: z.string().optional().describe('What it does, in a sentence'),
  steps: z
    .array(
      z.looseObject({
        id: z.int().describe('1, 2, 3 … in order'),
        prompt: z.string(),
        guidance: z.string().optional(),
        allowedTools: z.array(z.string()).describe('As list_tools names them: mcp__<connection>__<tool>'),
        approval: z
          .enum(['never', 'destructive', 'always'])
          .optional()
          .describe('When a person is asked before a call; never where left out'),
        maxTurns: z.int().optional(),
        outputSchema: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .min(1),
  inputSchema: z.record(z.string(), z.unknown()).nullish().describe('A JSON Schema of an object'),
  triggerType: z.enum(['manual', 'schedule', 'webhook', 'chat']).optional().describe('manual where left out'),
  triggerConfig: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('schedule: {cron, timezone?}; chat: {phrases}; webhook: {auth}, and never its secret'),
  maxCostUsd: z.number().nullish().describe('The most that one run may cost'),
  isActive: z.boolean().optional().describe('false: a draft, which may name tools that are not there yet'),
});

export const proposeSkillTool = ownTool({
  name: 'propose_skill',
  description:
    'Proposes a skill to the owner, who reads it, may edit it, rehearses it, and accepts or rejects it: nothing is saved by this. How to write one says teach_skill.',
  annotations: { readOnlyHint: true, destructiveHint: false },
  input: z.object({ definition }),
  async run(deps, { turn, actor }, { definition: given }) {
    const origin = { conversationId: turn.conversationId };
    const { id, slug, baseVersion, when, reach, newTools, risks } = await keepProposal(deps, given, {
      origin,
      actor,
    });
    const lines = [
      `Proposed: ${baseVersion === null ? `a new skill "${slug}"` : `a change of the skill "${slug}"`}. Nothing is saved: the owner sees it here, and decides.`,
      `${when}.`,
      ...reach,
      ...(newTools.length === 0 ? [] : [`Tools that it did not have: ${newTools.join(', ')}.`]),
      ...risks.map((risk) => `To look at: ${risk}`),
    ];
    return { text: lines.join('\n'), structured: { proposalId: id } };
  },
});
