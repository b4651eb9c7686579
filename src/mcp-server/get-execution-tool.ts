/** The tool that asks for a run later: clients give up after a minute, and skills may take longer. */
import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** No slug has a `_`, so no skill is called so. */
export const getExecutionName = 'get_execution';

export const getExecutionInput = z.object({ executionId: z.uuid() });

export const getExecutionTool: Tool = {
  name: getExecutionName,
  title: 'What became of a run',
  description:
    'Waits up to a minute for the end of a run that a skill’s call began, and gives what came of it.',
  inputSchema: {
    type: 'object',
    properties: {
      executionId: { type: 'string', format: 'uuid', description: 'As the call of a skill gave it' },
    },
    required: ['executionId'],
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
};

export const askAgain = (id: string): string =>
  `Ask ${getExecutionName} with the executionId ${id} for what comes of it.`;
