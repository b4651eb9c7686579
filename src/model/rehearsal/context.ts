/** What a ticket tells the rehearsal model about its step. The API's requests do not carry it: tools have no annotations there. */

export type RehearsalTool = {
  /** As the model sees it: `mcp__<connection>__<tool>`. */
  name: string;
  /** Marked `readOnlyHint` and not `destructiveHint`: it may be called. */
  readOnly: boolean;
  /** Marked `destructiveHint`; only for the words of the report. */
  destructive?: boolean;
  description?: string | undefined;
  inputSchema: Record<string, unknown>;
};

export type RehearsalContext = {
  tools: RehearsalTool[];
  /** The run's input: the first source of arguments. */
  input: Record<string, unknown>;
  /** Of a turn of a conversation: what the owner said, the slugs of the skills that it names, and what it asks to be taught. */
  chat?: { message: string; named: readonly string[]; teaching?: string | undefined };
  /** The step's limit of turns, so that the report still fits into it. */
  maxTurns?: number | undefined;
};
