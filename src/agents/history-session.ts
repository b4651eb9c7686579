import { randomUUID } from 'node:crypto';
import type { SessionStoreEntry } from '@anthropic-ai/claude-agent-sdk';
import type { AgentSession } from './session-entries.ts';

type Said = { role: 'user' | 'assistant'; content: readonly Record<string, unknown>[] };

/**
 * A conversation of our own record, as the SDK would have kept it: an agent that is started with it goes on from there.
 * Proven for the version that text.ts names: the request that follows has these messages and no others.
 *
 * @param model whose words the assistant's are
 */
export function sessionOf(history: readonly Said[], model: string, now: Date): AgentSession | undefined {
  if (history.length === 0) return undefined;
  const id = randomUUID();
  let parentUuid: string | null = null;
  const entries = history.map(({ role, content }): SessionStoreEntry => {
    const uuid = randomUUID();
    const entry = {
      type: role,
      uuid,
      parentUuid,
      sessionId: id,
      isSidechain: false,
      userType: 'external',
      timestamp: now.toISOString(),
      message: role === 'user' ? { role, content } : assistantMessage(content, model, uuid),
    };
    parentUuid = uuid;
    return entry;
  });
  return { id, entries };
}

const assistantMessage = (content: Said['content'], model: string, uuid: string) => ({
  id: `msg_${uuid}`,
  type: 'message',
  role: 'assistant',
  model,
  content,
  stop_reason: content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 0, output_tokens: 0 },
});
