/** What one step of one run needs, and what comes of it. */
import type { AgentShape } from '../agents/agent-options.ts';
import type { AgentSession } from '../agents/session-entries.ts';
import type { AgentSpares } from '../agents/spares.ts';
import type { WarmAgents } from '../agents/warm-agents.ts';
import type { Turn } from '../chat/read-turn.ts';
import type { Usage } from '../contract/executions.ts';
import type { SkillFiles } from '../contract/skill-folder.ts';
import type { Step } from '../contract/skills.ts';
import type { WaitingCall } from '../executions/request-approvals.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import type { Failure } from '../kernel/failure.ts';
import type { SpendCap } from '../money/spend-caps.ts';
import type { Redactor } from '../vault/redact.ts';
import type { EventWriter } from './event-writer.ts';
import type { GatewayDeps } from './gateway.ts';
import type { Line } from './gateway-servers.ts';
import type { EarlierStep } from './prompt.ts';
import type { StepResume } from './step-approvals.ts';

export type StepDeps = GatewayDeps & StartDeps & { spares: AgentSpares; warm: WarmAgents<Line> };

export type StepRun = {
  executionId: string;
  /** Who started it. */
  actor: string;
  mode: 'live' | 'rehearsal' | 'replay';
  /** The built-in rehearsal model answers. */
  isRehearsed: boolean;
  /** Of a replay: the execution whose recorded tool results answer. */
  replayOf: string | null;
  step: Step;
  /** Of the skill: what the step may read. */
  files: SkillFiles;
  attempt: number;
  /** Of the run as it is stored, redacted. */
  input: Record<string, unknown>;
  earlier: readonly EarlierStep[];
  shape: AgentShape;
  caps: readonly SpendCap[];
  events: EventWriter;
  /** Aborted to stop the step; its reason says why. */
  signal: AbortSignal;
  onUsage(usage: Usage): void;
  /** Asked before each tool call; what it throws keeps the call from being sent. */
  mayDispatch(): Promise<void>;
  /** Given, the step goes on where it began to wait for a person. */
  resume: StepResume | undefined;
  workerId: string;
  redactor: Redactor;
  /** Of a conversation, when the run is one of its turns. */
  turn: Turn | undefined;
};

/** What a step said in the end, or why it said nothing. */
export type StepOutcome = { output: string } | { failure: Failure };

export type StepEnd = { usage: Usage } & (
  | StepOutcome
  /** Calls that a person is to be asked for; the agent is gone, and goes on from `session`. */
  | { waiting: readonly WaitingCall[]; session: AgentSession }
);
