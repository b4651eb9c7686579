/** A streamed answer: passed on event by event as it comes, and counted as it goes by. */

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Failure } from '../../kernel/failure.ts';
import { type FailureContext, failureKind, modelFailure } from '../failures.ts';
import { StreamMeter } from '../usage.ts';
import { aboutCall, type Sending, type Upstream } from './call.ts';
import { passedHeaders } from './read.ts';
import { OwnIdsInStream } from './tool-ids.ts';
import { errorCode, timeouts } from './unanswered.ts';

export async function passStream(
  answer: Dispatcher.ResponseData,
  upstream: Upstream,
  sending: Sending,
  response: ServerResponse,
): Promise<void> {
  const about = aboutCall(upstream, sending);
  const meter = new StreamMeter();
  const answered = new OwnIdsInStream(sending.toolIds);
  let isConcluded = false;
  const conclude = (ending: { failure: Failure | undefined; timedOut: boolean }) => {
    if (isConcluded) return;
    isConcluded = true;
    const { tokens, stopReason } = meter;
    sending.conclude({ tokens, stopReason, state: meter.started ? 'answered' : 'unanswered', ...ending });
  };
  response.writeHead(200, passedHeaders(answer.headers));
  response.flushHeaders();
  try {
    for await (const chunk of answer.body) {
      const wasStarted = meter.started;
      meter.push(chunk as Buffer);
      if (meter.started && !wasStarted) sending.onTokens(meter.tokens);
      // With its last event in hand the agent goes on, whether or not the connection has ended.
      if (meter.complete) conclude({ failure: undefined, timedOut: false });
      const ready = answered.push(chunk as Buffer);
      if (ready.length > 0 && !response.write(ready))
        await once(response, 'drain', { signal: sending.signal });
    }
    conclude({ failure: endOf(meter, about), timedOut: false });
    response.end(answered.end());
  } catch (error) {
    const timedOut = timeouts.has(errorCode(error));
    const failure = sending.signal.aborted
      ? undefined
      : modelFailure(timedOut ? 'stalled' : 'brokenOff', about);
    conclude({ failure, timedOut });
    // The agent sees its connection break, and so knows that this is no whole answer.
    response.destroy();
  }
}

const errorStatus: ReadonlyMap<string, number> = new Map(
  Object.entries<number>({
    overloaded_error: 529,
    rate_limit_error: 429,
    authentication_error: 401,
    permission_error: 403,
    not_found_error: 404,
    invalid_request_error: 400,
    timeout_error: 504,
  }),
);

function endOf(meter: StreamMeter, about: FailureContext): Failure | undefined {
  if (meter.error) {
    const { type, message } = meter.error;
    const status = errorStatus.get(type) ?? 500;
    return modelFailure(failureKind(status, type, message), { ...about, status });
  }
  if (meter.complete || meter.stopReason !== undefined) return undefined;
  return modelFailure(meter.started ? 'brokenOff' : 'notMessagesApi', about);
}
