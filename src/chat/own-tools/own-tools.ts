/** All of chat's own tools, as the gateway takes them and as they are called. */
import { z } from 'zod';
import type { CallToolResult } from '../../connections/pool/link.ts';
import type { Tool } from '../../contract/connections.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { fieldErrors } from '../../kernel/validate.ts';
import { listExecutionsTool, showExecutionTool } from './executions.ts';
import { listToolsTool } from './list-tools.ts';
import type { OwnContext, OwnDeps, OwnTool } from './own-tool.ts';
import { proposeSkillTool } from './propose-skill.ts';
import { runSkillTool } from './run-skill.ts';
import { listSkillsTool, showSkillTool } from './skills.ts';
import { teachSkillTool } from './teach-skill.ts';

const tools: readonly OwnTool[] = [
  listSkillsTool,
  showSkillTool,
  runSkillTool,
  listExecutionsTool,
  showExecutionTool,
  listToolsTool,
  teachSkillTool,
  proposeSkillTool,
];

/** The one of them that starts something: a person is asked, unless it is what they asked for. */
export const runSkillName = runSkillTool.name;

/** As a server would describe them. */
export const ownDefinitions = (): Tool[] =>
  tools.map(({ name, description, annotations, input }) => ({
    name,
    description,
    annotations,
    inputSchema: z.toJSONSchema(input, { io: 'input' }) as Tool['inputSchema'],
  }));

/**
 * Calls one of them, as a connection's tool is called.
 *
 * @throws AlfredError E_UNKNOWN_TOOL; E_VALIDATION for arguments that do not fit; and what the tool throws
 */
export async function callOwnTool(
  deps: OwnDeps,
  context: OwnContext,
  name: string,
  args: Record<string, unknown>,
): Promise<CallToolResult> {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw new AlfredError('E_UNKNOWN_TOOL', `Chat has no tool "${name}".`);
  const parsed = tool.input.safeParse(args);
  if (!parsed.success) {
    const fields = fieldErrors(parsed.error.issues);
    const what = fields.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new AlfredError('E_VALIDATION', `The arguments of ${name} are not right: ${what}`, { fields });
  }
  const { text, structured } = await tool.run(deps, context, args);
  return {
    content: [{ type: 'text', text }],
    ...(structured === undefined ? {} : { structuredContent: structured }),
  };
}
