/** What a watcher of an execution is sent, in order; kept in `execution_events`, so a watcher can replay from any `seq`. */
import { z } from 'zod';
import { executionStatuses } from './execution-status.ts';
import { executionStepSchema, usageSchema } from './executions.ts';

export const executionEventKinds = [
  'status',
  'step',
  'message',
  'delta',
  'tool_call',
  'usage',
  'end',
] as const;
export const executionEventKindSchema = z.enum(executionEventKinds);
export type ExecutionEventKind = z.infer<typeof executionEventKindSchema>;

/** `data` of each kind. */
export const executionEventDataSchemas = {
  status: z.object({
    status: z.enum(executionStatuses),
    errorCode: z.string().nullish(),
    error: z.string().nullish(),
    waitingFor: z
      .array(
        z.object({
          approvalId: z.uuid(),
          name: z.string(),
          arguments: z.unknown(),
          expiresAt: z.iso.datetime(),
        }),
      )
      .optional()
      .describe('With `waiting_approval`: the calls that a person is asked for'),
  }),
  step: z.object({
    id: z.int(),
    of: z.int(),
    status: executionStepSchema.shape.status,
    output: z.string().nullish(),
  }),
  /** An Agent SDK message, redacted, whole; with `saidBy: 'program'` where the agent's program itself wrote it. `trace` of the finished execution is these in order. */
  message: z.record(z.string(), z.unknown()),
  /** More of what a turn of a conversation says, as it comes; of other runs there is none. */
  delta: z.object({ text: z.string() }),
  tool_call: z.object({
    id: z.uuid(),
    name: z.string(),
    status: z.enum(['intended', 'dispatched', 'done', 'failed', 'denied', 'unknown']),
    toolUseId: z.string().nullish().describe("The model's id of the call, when it begins"),
    readOnly: z.boolean().optional().describe('As its server says of the tool, when it begins'),
    arguments: z.unknown().optional(),
    error: z.string().nullish(),
    executionId: z
      .uuid()
      .optional()
      .describe('The run that it started, of chat’s own tools: follow it there'),
    preview: z.string().optional().describe('The start of the result, one line'),
    durationMs: z.number().nullish(),
  }),
  /** Running totals of the whole execution. */
  usage: usageSchema,
  end: z.object({ status: z.enum(executionStatuses) }),
} as const;

export type ExecutionEventData = {
  [Kind in ExecutionEventKind]: z.infer<(typeof executionEventDataSchemas)[Kind]>;
};

export type ExecutionEvent = {
  [Kind in ExecutionEventKind]: {
    seq: number;
    at: string;
    step: number | null;
    kind: Kind;
    data: ExecutionEventData[Kind];
  };
}[ExecutionEventKind];
