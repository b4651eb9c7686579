/** "Chat", as it ships: every message of a conversation is a run of it, with the tools that the conversation may use. */
import type { z } from 'zod';
import { skillDefinitionSchema } from '../../contract/skills.ts';

export const chatSlug = 'chat';

const guidance = `Be brief, warm and exact. Answer in the language of the person. Say what you did, with what, and what came of it; say
plainly what you do not know. Ask when a wrong guess would cost something; otherwise go ahead.`;

const definition = {
  slug: chatSlug,
  name: 'Chat',
  description:
    'Answers in conversations. Its guidance says how: make it yours. What a conversation may use is chosen there, and not here.',
  steps: [{ id: 1, prompt: '{{message}}', guidance, allowedTools: [] }],
  inputSchema: {
    type: 'object',
    properties: { message: { type: 'string', title: 'Message' } },
    required: ['message'],
  },
  triggerType: 'chat',
  concurrency: 100,
} satisfies z.input<typeof skillDefinitionSchema>;

/** Its definition, whole. */
export const chat = () => skillDefinitionSchema.parse(definition);
