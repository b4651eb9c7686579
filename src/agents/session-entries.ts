/** Where the SDK puts an agent's conversation, and takes one from to go on with; in memory, for one agent. */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SessionKey, SessionStore, SessionStoreEntry } from '@anthropic-ai/claude-agent-sdk';
import type { SaidMessage } from '../model/program-words.ts';

/** A conversation as the SDK keeps it: where an agent that was let go stood. */
export type AgentSession = { id: string; entries: readonly SessionStoreEntry[] };

export class SessionEntries implements SessionStore {
  readonly #entries: SessionStoreEntry[];
  readonly #ids: Set<string>;
  readonly #folder: string;
  #id: string | undefined;

  /** @param folder the agent's own, where its program looks for a conversation to go on with */
  constructor(resumed: AgentSession | undefined, folder: string) {
    this.#folder = folder;
    this.#entries = [...(resumed?.entries ?? [])];
    this.#ids = new Set(this.#entries.flatMap(({ uuid }) => uuid ?? []));
    this.#id = resumed?.id;
  }

  async append({ sessionId, subpath }: SessionKey, entries: SessionStoreEntry[]): Promise<void> {
    if (subpath !== undefined) return;
    this.#id = sessionId;
    for (const entry of entries) {
      if (entry.uuid !== undefined && this.#ids.has(entry.uuid)) continue;
      if (entry.uuid !== undefined) this.#ids.add(entry.uuid);
      this.#entries.push(entry);
    }
  }

  /**
   * Puts the conversation where the program reads it, and has the SDK know of none: it would put it into a folder of its own
   * below /tmp, where whoever tidies there takes it from under the agent, and where it stays when this process is killed.
   */
  async load({ projectKey, sessionId, subpath }: SessionKey): Promise<null> {
    if (subpath !== undefined || this.#entries.length === 0) return null;
    const place = path.join(this.#folder, 'projects', projectKey);
    await mkdir(place, { recursive: true, mode: 0o700 });
    const lines = this.#entries.map((entry) => `${JSON.stringify(entry)}\n`);
    await writeFile(path.join(place, `${sessionId}.jsonl`), lines.join(''), { mode: 0o600 });
    return null;
  }

  session(): AgentSession | undefined {
    return this.#id === undefined ? undefined : { id: this.#id, entries: this.#entries };
  }
}

type Block = { type?: unknown; id?: unknown; tool_use_id?: unknown };

const blocksOf = (entry: SessionStoreEntry): Block[] => {
  const { message } = entry as { message?: { content?: unknown } };
  return Array.isArray(message?.content) ? (message.content as Block[]) : [];
};

/** What was said in a conversation, as the messages of an agent that is listened to. */
export const saidIn = (entries: readonly SessionStoreEntry[]): SaidMessage[] =>
  entries.flatMap((entry) => {
    const { type, message, isMeta } = entry as Partial<SaidMessage> & { isMeta?: unknown };
    if ((type !== 'user' && type !== 'assistant') || message === undefined) return [];
    return [{ type, message, isSynthetic: isMeta === true }];
  });

/** The calls of a conversation that nobody has answered. */
export function openCalls(entries: readonly SessionStoreEntry[]): Set<string> {
  const blocks = entries.flatMap(blocksOf);
  const open = new Set(blocks.flatMap(({ type, id }) => (type === 'tool_use' ? [String(id)] : [])));
  for (const { type, tool_use_id: id } of blocks) if (type === 'tool_result') open.delete(String(id));
  return open;
}

export type AnsweredCall = { toolUseId: string; content: unknown[]; isError: boolean };

export const resultBlockOf = ({ toolUseId, content, isError }: AnsweredCall) => ({
  type: 'tool_result',
  tool_use_id: toolUseId,
  content,
  ...(isError ? { is_error: true } : {}),
});

/**
 * A conversation with the answers that it waited for. Only what was said goes on, and not the SDK's own mark of a deferred
 * call, which it would try to make itself (docs/decisions/0009-approvals.md).
 */
export function answerCalls(
  { id, entries }: AgentSession,
  answers: readonly AnsweredCall[],
  now: Date,
): AgentSession {
  const parents = new Map<unknown, unknown>();
  const kept: SessionStoreEntry[] = [];
  for (const entry of entries) {
    if (isSaid(entry)) kept.push(entry);
    else if (entry.uuid !== undefined) parents.set(entry.uuid, entry.parentUuid ?? null);
  }
  const parentOf = (uuid: unknown): unknown => {
    let parent = uuid;
    for (let hops = 0; parents.has(parent) && hops <= parents.size; hops++) parent = parents.get(parent);
    return parent;
  };
  const linked = kept.map((entry) => ({ ...entry, parentUuid: parentOf(entry.parentUuid ?? null) }));
  const result: SessionStoreEntry[] = [...linked];
  for (const one of answers) {
    const asked: SessionStoreEntry | undefined = linked.find((entry) =>
      blocksOf(entry).some(({ type, id: call }) => type === 'tool_use' && call === one.toolUseId),
    );
    if (asked === undefined) continue;
    const { message: _message, requestId: _requestId, ...frame } = asked;
    result.push({
      ...frame,
      type: 'user',
      uuid: randomUUID(),
      parentUuid: result.at(-1)?.uuid ?? null,
      timestamp: now.toISOString(),
      sourceToolAssistantUUID: asked.uuid,
      message: { role: 'user', content: [resultBlockOf(one)] },
    });
  }
  return { id, entries: result };
}

const isSaid = ({ type, attachment }: SessionStoreEntry): boolean =>
  type === 'user' ||
  type === 'assistant' ||
  (type === 'attachment' && (attachment as { type?: unknown } | undefined)?.type !== 'hook_deferred_tool');
