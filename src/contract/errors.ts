/**
 * Every error that crosses an interface has one of these codes. Programs rely on them: add, never rename.
 * The number is the HTTP status; the CLI's exit code is derived from it (src/cli/exit-codes.ts).
 */
import { z } from 'zod';

export const errorCodes = {
  // Asking
  E_VALIDATION: 422,
  E_UNKNOWN_TOOL: 422,
  E_MALFORMED: 400,
  E_UNAUTHENTICATED: 401,
  E_FORBIDDEN: 403,
  E_SIGN_IN_AGAIN: 403,
  E_HOST_REFUSED: 403,
  E_NOT_FOUND: 404,
  E_METHOD_NOT_ALLOWED: 405,
  E_CONFLICT: 409,
  E_IN_USE: 409,
  E_SYSTEM_SKILL: 409,
  E_PRECONDITION: 412,
  E_TOO_LARGE: 413,
  E_UNSUPPORTED_MEDIA: 415,
  E_RATE_LIMITED: 429,
  E_INTERNAL: 500,
  E_NOT_READY: 503,

  // Starting and keeping
  E_SETTINGS: 500,
  E_WRONG_KEY: 500,
  E_KEY_MISSING: 500,
  E_KEY_SOURCES_DISAGREE: 500,
  E_KEY_UNSAFE: 500,
  E_KEY_IN_USE: 409,
  E_SEALED_VALUE: 500,
  E_ROW_ALTERED: 409,
  E_STALE_PROPOSAL: 409,
  E_BACKUP: 500,
  E_DATABASE: 503,
  E_DISK_FULL: 507,
  E_SCHEMA_NEWER: 500,
  E_ALREADY_RUNNING: 409,
  E_PORT_TAKEN: 409,
  E_NOT_RUNNING: 503,

  // Connections
  E_NOT_APPROVED: 409,
  E_CONNECTION_INACTIVE: 409,
  E_COMMAND_NOT_FOUND: 502,
  E_SERVER_EXITED: 502,
  E_NOT_MCP: 502,
  E_CONNECTION_TIMEOUT: 504,
  E_CONNECTION_FAILED: 502,
  E_NEEDS_LOGIN: 502,
  E_LOGIN_FAILED: 409,
  E_TOOL_CHANGED: 409,
  E_TOOL_REFUSED: 403,
  E_TOOL_FAILED: 502,
  E_TOOL_TIMEOUT: 504,
  E_ADDRESS_REFUSED: 403,

  // The link to Core, and Core itself
  E_NOT_LINKED: 409,
  E_ALREADY_LINKED: 409,
  E_ENROLMENT: 403,
  E_SUSPENDED: 403,
  E_COPIED: 409,
  E_CORE_REFUSED: 502,
  E_CORE_UNREACHABLE: 502,

  // Running: these are also the `errorCode` of an execution
  E_MODEL_AUTH: 502,
  E_MODEL_NOT_FOUND: 502,
  E_MODEL_BILLING: 502,
  E_MODEL_RATE_LIMITED: 502,
  E_MODEL_OVERLOADED: 502,
  E_MODEL_FAILED: 502,
  E_MODEL_UNREACHABLE: 502,
  E_MODEL_TIMEOUT: 504,
  E_MODEL_REFUSED_REQUEST: 502,
  E_MODEL_DECLINED: 502,
  E_MODEL_UNPRICED: 409,
  E_PROMPT_TOO_LONG: 502,
  E_ANSWER_TOO_LONG: 502,
  E_ANSWER_INCOMPLETE: 502,
  E_NO_ANSWER: 502,
  E_OUTPUT_SCHEMA: 502,
  E_MAX_TURNS: 409,
  E_RUN_TIMEOUT: 504,
  // The cap of a run; then those of a skill (its day or month), of the VM's day and of its month.
  E_COST_CAP: 409,
  E_COST_CAP_SKILL: 409,
  E_COST_CAP_DAY: 409,
  E_COST_CAP_MONTH: 409,
  E_CANCELLED: 409,
  E_AGENT_FAILED: 502,
  E_INTERRUPTED: 500,
  E_SKILL_INACTIVE: 409,
  E_STOPPED: 503,
  E_NOT_CANCELLABLE: 409,
  E_NOT_RETRYABLE: 409,
  E_NOT_REPLAYABLE: 409,
  E_APPROVAL_EXPIRED: 409,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof errorCodes;

/** RFC 9457 problem details, as every error answer of the API has them. */
export const problemSchema = z.object({
  type: z.string().describe('about:blank, or a page about this code'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What happened and why, for a person'),
  code: z.string().describe('Stable, for programs'),
  remedy: z.string().optional().describe('What to do next'),
  instance: z.string().optional(),
  errors: z
    .array(z.object({ field: z.string().describe('JSON pointer'), message: z.string() }))
    .optional()
    .describe('The fields that were wrong'),
});
export type Problem = z.infer<typeof problemSchema>;
