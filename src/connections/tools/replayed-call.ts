/** A tool call of a replay: nothing is sent anywhere. What was recorded answers it, and its row says which recorded call did. */

import { formatToolName } from '../../contract/tool-name.ts';
import type { Prisma } from '../../database/client.ts';
import { storableJson, storableText } from '../../database/storable.ts';
import { timeNow } from '../../kernel/clock.ts';
import { hashOf } from '../../kernel/hash.ts';
import type { CallToolResult } from '../pool/link.ts';
import { boundResult } from './bound-result.ts';
import {
  type CallDeps,
  maxKept,
  previewOf,
  type RecordedCall,
  recordIntention,
  textOf,
} from './recorded-call.ts';
import type { Tape, TapeMatch } from './tape.ts';

/** How long the arguments may be that the model is told of, in characters. */
const longestArguments = 2_000;

/**
 * Answers a call from the tape.
 *
 * @returns the result as the model is given it, redacted: the recorded one, with a remark where it was recorded for other
 *   arguments; or, where no answer is left, an error that says so
 */
export async function replayedCall(
  deps: Omit<CallDeps, 'pool'>,
  tape: Tape,
  call: RecordedCall & { origin: NonNullable<RecordedCall['origin']> },
): Promise<CallToolResult> {
  const { db, vault } = deps;
  const id = await recordIntention(deps, call);
  const { connection, tool } = call;
  const { stepId } = call.origin;
  const argumentsHash = Uint8Array.from(hashOf(call.args));
  const match = tape.take({ connection, tool, stepId, argumentsHash }, call.origin.toolUseId);
  const note = async (data: Prisma.ToolCallUpdateManyMutationInput) => {
    await db.prisma.toolCall.updateMany({
      where: { id, status: 'intended' },
      data: { ...data, finishedAt: timeNow() },
    });
  };
  if (match === undefined) {
    const error = nothingRecorded(formatToolName(call), tape.count(call));
    await note({ status: 'denied', error });
    call.onStatus?.({ id, status: 'denied', error });
    return failed(error);
  }
  const recorded = recordedResult(match);
  // Of a secret that was added since, it may hold what nobody knew for one then.
  const result = boundResult(vault.redactor.value(recorded), maxKept);
  const status = result.isError === true ? 'failed' : 'done';
  const error = status === 'failed' ? { error: textOf(result, 2_000) || 'The tool reported an error.' } : {};
  const answeredBy = match.answer.id;
  await note({ status, answeredBy, result: storableJson(result) as Prisma.InputJsonValue, ...error });
  call.onStatus?.({ id, status, ...error, preview: previewOf(result), durationMs: 0 });
  return match.isSame ? result : withRemark(result, match);
}

/** A call that ended in an error of the VM's has no result: its error is what the model was told. */
const recordedResult = ({ answer: { outcome } }: TapeMatch): CallToolResult =>
  'result' in outcome ? outcome.result : failed(storableText(outcome.error));

const failed = (text: string): CallToolResult => ({ content: [{ type: 'text', text }], isError: true });

/** A result that was recorded for something else is never passed off as the answer to what was asked. */
function withRemark(result: CallToolResult, { answer }: TapeMatch): CallToolResult {
  const given = JSON.stringify(answer.arguments);
  const shown = given.length <= longestArguments ? given : `${given.slice(0, longestArguments)}…`;
  const text = `[This is a replay of an earlier run, and no tool is called. In that run this tool answered so when it was called with other arguments than yours: ${shown}]`;
  return { ...result, content: [...result.content, { type: 'text', text }] };
}

function nothingRecorded(name: string, count: number): string {
  const why =
    count === 0
      ? 'That run has no answer of this tool on record'
      : `That run has ${count} ${count === 1 ? 'answer' : 'answers'} of this tool on record, and all are given out`;
  return `E_TOOL_REFUSED: this is a replay of an earlier run, in which nothing is called: ${name} was not. ${why}. Go on without it, and say that you did.`;
}
