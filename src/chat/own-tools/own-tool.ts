/** Chat's own tools: what a conversation can do with this VM itself. They go through the gateway as every tool does. */
import type { z } from 'zod';
import type { Tool } from '../../contract/connections.ts';
import type { Database } from '../../database/client.ts';
import type { StartDeps } from '../../executions/start-execution.ts';
import type { Turn } from '../read-turn.ts';

export type OwnDeps = StartDeps & { db: Database };

/** On whose behalf it is called. */
export type OwnContext = {
  turn: Turn;
  executionId: string;
  mode: 'live' | 'rehearsal' | 'replay';
  /** Who sent the message. */
  actor: string;
  signal: AbortSignal;
  /** Told of the run that a call starts, as soon as there is one. */
  onRun?: ((executionId: string) => void) | undefined;
};

/** What the model reads, and what programs read beside it. */
export type OwnResult = { text: string; structured?: Record<string, unknown> };

export type OwnTool = {
  name: string;
  description: string;
  annotations: NonNullable<Tool['annotations']>;
  input: z.ZodObject;
  /** @throws AlfredError what keeps it from being done */
  run(deps: OwnDeps, context: OwnContext, args: Record<string, unknown>): Promise<OwnResult>;
};

/** One tool, its arguments typed by its schema. */
export const ownTool = <Input extends z.ZodObject>(
  tool: Omit<OwnTool, 'input' | 'run'> & {
    input: Input;
    run(deps: OwnDeps, context: OwnContext, args: z.output<Input>): Promise<OwnResult>;
  },
): OwnTool => ({
  ...tool,
  run: (deps, context, args) => tool.run(deps, context, tool.input.parse(args)),
});

export const readOnly = { readOnlyHint: true } as const;
