/** What an agent says in a step: all of it goes on record, and what decides how the step ends is kept. */
import type { SDKMessage, SDKResultMessage } from '@anthropic-ai/claude-agent-sdk';
import type { Agent } from '../agents/agent.ts';
import type { Judge } from '../agents/call-judge.ts';
import { FinalText } from '../agents/final-text.ts';
import type { Prompt } from '../agents/inbox.ts';
import { type AgentSession, saidIn } from '../agents/session-entries.ts';
import { answerTool } from '../executions/answer-tool.ts';
import { wholeAnswer } from '../executions/said-in-turn.ts';
import { isProgramWords } from '../model/program-words.ts';
import { Deltas } from './deltas.ts';
import type { Gateway } from './gateway.ts';
import type { StepRun } from './step-run.ts';
import { leftOut, type StepTool } from './step-tools.ts';
import { recordedPrompt } from './turn-run.ts';

/** Who is listened to, and with which tools. */
export type Listened = {
  agent: Agent;
  gateway: Gateway;
  tools: readonly StepTool[];
  /** The conversation that it goes on with. */
  resumed: AgentSession | undefined;
};

export type Heard = {
  result: SDKResultMessage | undefined;
  text: FinalText;
  /** Tools of the step that the agent's program did not take. */
  leftOut: string[];
  assistantError: string | undefined;
  thrown: unknown;
};

/**
 * Sends the agent its prompt and listens until its result.
 *
 * @param stop called when the agent cannot do the step
 */
export async function listenToAgent(
  run: StepRun,
  { agent, gateway, resumed }: Listened,
  prompt: Prompt,
  judge: Judge,
  stop: () => void,
): Promise<Heard> {
  const heard: Heard = {
    result: undefined,
    text: new FinalText(),
    leftOut: [],
    assistantError: undefined,
    thrown: undefined,
  };
  for (const said of resumed ? saidIn(resumed.entries) : []) heard.text.hear(said);
  const eventOf = (data: Record<string, unknown>) => ({
    kind: 'message' as const,
    step: run.step.id,
    data,
  });
  const record = (data: Record<string, unknown>) => run.events.push(eventOf(data));
  const shown = typeof prompt === 'string' ? prompt : recordedPrompt(prompt);
  run.events.note(eventOf({ type: 'user', message: { role: 'user', content: shown } }));
  const deltas = deltasOf(run);
  try {
    for await (const message of agent.ask(prompt, gateway.servers, judge)) {
      if (message.type === 'stream_event') deltas?.hear(message);
      if (message.type === 'stream_event' && run.turn !== undefined && isLast(message)) record(wholeAnswer);
      if (isNoise(message)) continue;
      // A block comes whole before the model's word that it is: its pieces come first.
      if (message.type === 'assistant') deltas?.flush();
      if (message.type === 'system') run.events.note(eventOf({ ...message }));
      else record(isProgramWords(message) ? { ...message, saidBy: 'program' } : { ...message });
      heard.text.hear(message);
      if (message.type === 'system' && message.subtype === 'init') {
        heard.leftOut = leftOut(toolNames(run, gateway), message.tools);
        if (heard.leftOut.length > 0) stop();
      }
      if (message.type === 'result') heard.result = message;
      if (message.type === 'assistant') {
        heard.assistantError = message.error ?? heard.assistantError;
        await hearCalls(message, gateway);
      }
    }
  } catch (error) {
    heard.thrown = error;
  }
  return heard;
}

/** A turn of a conversation is read as it comes. */
const deltasOf = ({ turn, redactor, step, events }: StepRun): Deltas | undefined =>
  turn &&
  new Deltas(redactor, (text) => events.push({ kind: 'delta', step: step.id, data: { text } }), turn.hasSaid);

/** What the agent's program has to say that it has: the answer to an output schema is a tool of its own. */
const toolNames = ({ shape }: StepRun, { shown }: Gateway): string[] => [
  ...shown,
  ...(shape.outputSchema === undefined ? [] : [answerTool]),
];

/** The program asks our gateway only for what it was shown; what else the model asks for is written down here. */
async function hearCalls(
  message: Extract<SDKMessage, { type: 'assistant' }>,
  gateway: Gateway,
): Promise<void> {
  for (const block of message.message.content) {
    if (block.type !== 'tool_use' || block.name === answerTool) continue;
    const args = (block.input ?? {}) as Record<string, unknown>;
    if (gateway.mayUse(block.name)) gateway.expect(block.name, block.id, args);
    else await gateway.deny(block.name, block.id, args);
  }
}

/** The model has said all that it had to say: neither cut short, nor before a call. */
const isLast = ({ event }: Extract<SDKMessage, { type: 'stream_event' }>): boolean =>
  event.type === 'message_delta' && event.delta.stop_reason === 'end_turn';

/** Messages about the program itself. */
const isNoise = (message: SDKMessage): boolean =>
  (message.type as string) === 'keep_alive' || (message.type as string) === 'stream_event';
