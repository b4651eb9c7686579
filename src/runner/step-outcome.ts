/** How a step ended: its output, or why there is none. */
import { compileSchema, misfits } from '../json-schema/json-schema.ts';
import { AlfredError, isAlfredError, messageOf } from '../kernel/errors.ts';
import { type Failure, failureOf } from '../kernel/failure.ts';
import { classify, modelFailure } from '../model/failures.ts';
import type { ModelTicket } from '../model/tickets.ts';
import { fromAgentForm } from '../skills/output-form.ts';
import type { Heard } from './listen-to-agent.ts';
import type { StepOutcome, StepRun } from './step-run.ts';
import { cancelled } from './stop-reasons.ts';

/** By what was heard of the agent, and by what the model proxy saw. */
export function outcomeOf(run: StepRun, heard: Heard, ticket: ModelTicket): StepOutcome {
  // A late success is no success: the step was stopped.
  if (run.signal.aborted) return { failure: stoppedFailure(run.signal.reason) };
  if (heard.leftOut.length > 0) {
    return { failure: modelFailure('toolsLeftOut', { detail: heard.leftOut.join(', ') }) };
  }
  const { result } = heard;
  const proxyFailure = ticket.lastFailure();
  // An answer that was cut short or declined is no result, even where the SDK takes it for one.
  if (result?.subtype === 'success' && !result.is_error && proxyFailure === undefined) {
    return outputOf(run, heard.text.output, result.structured_output, ticket);
  }
  return {
    failure: classify({
      subtype: result?.subtype,
      assistantError: heard.assistantError,
      apiErrorStatus: result && 'api_error_status' in result ? result.api_error_status : undefined,
      terminalReason: result && 'terminal_reason' in result ? result.terminal_reason : undefined,
      stopReason: result?.stop_reason,
      text: errorText(heard),
      model: run.shape.model,
      proxyFailure,
    }),
  };
}

export const stoppedFailure = (reason: unknown): Failure =>
  failureOf(reason instanceof AlfredError ? reason : cancelled());

/** What the agent's program calls a success is one when the model has said something, in the form that the step asks for. */
function outputOf(
  { step: { outputSchema }, shape: { model }, isRehearsed }: StepRun,
  text: string,
  structured: unknown,
  ticket: ModelTicket,
): StepOutcome {
  if (ticket.usage().modelCalls === 0) return { failure: modelFailure('notAsked') };
  if (outputSchema !== undefined && structured !== undefined) {
    const value = fromAgentForm(outputSchema, structured);
    const detail = whyUnfit(outputSchema, value);
    if (detail === undefined) return { output: JSON.stringify(value) };
    return { failure: modelFailure('outputSchema', { model, detail }) };
  }
  // The rehearsal model may find no example for a schema: its report says what it found.
  if (outputSchema !== undefined && !isRehearsed) {
    return { failure: modelFailure('outputSchema', { model, detail: 'it answered in prose' }) };
  }
  return text === '' ? { failure: modelFailure('noAnswer', { model }) } : { output: text };
}

function whyUnfit(schema: Record<string, unknown>, value: unknown): string | undefined {
  try {
    const wrong = misfits(compileSchema(schema), value);
    if (wrong.length === 0) return undefined;
    return wrong.map(({ field, message }) => `${field || '/'} ${message}`).join('; ');
  } catch (error) {
    // A check that took too long, or of a schema that was saved before today's rules.
    if (!isAlfredError(error)) throw error;
    return error.message;
  }
}

/** The agent's program in its own words. After an error result the SDK throws as well: what was heard says more. */
function errorText({ result, thrown }: Heard): string | undefined {
  const said = result?.subtype === 'success' ? result.result : result?.errors?.join(' ');
  return said ?? (thrown === undefined ? undefined : messageOf(thrown));
}
