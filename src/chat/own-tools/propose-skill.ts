import { z } from 'zod';
import { keepProposal } from '../proposals/propose.ts';
import { ownTool } from './own-tool.ts';

export const proposeSkillTool = ownTool({
  name: 'propose_skill',
  description:
    'Proposes a skill to the owner, who reads it, may edit it, and accepts or rejects it: nothing is saved by this. Look at list_tools first, and give each step the least tools that do its part. definition: {slug, name, description, steps: [{id: 1, prompt, guidance?, allowedTools: ["mcp__connection__tool"], approval?}], inputSchema?, triggerType?, triggerConfig?}.',
  annotations: { readOnlyHint: true, destructiveHint: false },
  input: z.object({ definition: z.record(z.string(), z.unknown()) }),
  async run(deps, { turn, actor }, { definition }) {
    const from = { conversationId: turn.conversationId };
    const { id, status, reach, risks } = await keepProposal(deps, definition, from, actor);
    const lines = [`Proposal ${id} is ${status}; the owner decides about it.`, ...reach, ...risks];
    return { text: lines.join('\n'), structured: { proposalId: id } };
  },
});
