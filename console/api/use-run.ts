import { useEffect, useState } from 'react';
import { addressOf } from '../../src/contract/address.ts';
import {
  type ExecutionEvent,
  type ExecutionEventKind,
  executionEventKinds,
} from '../../src/contract/events.ts';
import { routes } from '../../src/contract/routes.ts';
import type { RunView } from './run-shapes.ts';
import { addEvent, emptyRun } from './run-view.ts';
import { streamAgainMs } from './stream-again.ts';

const longestWaitMs = 60_000;

/**
 * A run as it goes on, or as it went: the stream replays from the first event. What comes in quick succession is shown at
 * once, ten times a second at most. The browser opens a broken stream again by itself, behind the last event; one that it gave up
 * is opened from here, and what is known of it already is left out by its seq. Where the VM says that there is nothing of it, it is
 * over.
 */
export function useRun(id: string): { run: RunView; isBroken: boolean } {
  const [state, setState] = useState({ id, run: emptyRun, isBroken: false });
  useEffect(() => {
    const address = addressOf(routes.followExecution, { params: { id } });
    const gone = new AbortController();
    let source: EventSource;
    let run = emptyRun;
    let isBroken = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let wait = streamAgainMs;
    const show = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setState({ id, run, isBroken });
      }, 100);
    };
    const take = (kind: ExecutionEventKind) => (message: MessageEvent<string>) => {
      const { at, step, ...data } = JSON.parse(message.data);
      run = addEvent(run, { seq: Number(message.lastEventId), at, step, kind, data } as ExecutionEvent);
      isBroken = false;
      wait = streamAgainMs;
      if (run.isOver) source.close();
      show();
    };
    const open = () => {
      source = new EventSource(address);
      for (const kind of executionEventKinds) source.addEventListener(kind, take(kind));
      source.onerror = () => {
        if (source.readyState === EventSource.CLOSED) void refused();
        else {
          isBroken = true;
          show();
        }
      };
    };
    const refused = async () => {
      const isNothingLeft = await hasNothing(address, gone.signal);
      if (gone.signal.aborted) return;
      isBroken = !isNothingLeft;
      if (isNothingLeft) run = { ...run, isOver: true };
      else {
        again = setTimeout(open, wait);
        // Of a run that is not there nothing else comes.
        wait = Math.min(2 * wait, longestWaitMs);
      }
      show();
    };
    open();
    return () => {
      gone.abort();
      source.close();
      clearTimeout(timer);
      clearTimeout(again);
    };
  }, [id]);
  return state.id === id ? state : { run: emptyRun, isBroken: false };
}

/** Whether the VM has no event of a run that is over: 204, which a stream does not tell from trouble. */
async function hasNothing(address: string, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(address, { signal });
    void answer.body?.cancel();
    return answer.status === 204;
  } catch {
    return false; // the VM is away
  }
}
