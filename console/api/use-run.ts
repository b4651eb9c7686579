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

/**
 * A run as it goes on, or as it went: the stream replays from the first event. What comes in quick succession is shown at
 * once, ten times a second at most. The browser opens a broken stream again by itself, behind the last event.
 */
export function useRun(id: string): { run: RunView; isBroken: boolean } {
  const [state, setState] = useState({ id, run: emptyRun, isBroken: false });
  useEffect(() => {
    const source = new EventSource(addressOf(routes.followExecution, { params: { id } }));
    let run = emptyRun;
    let isBroken = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
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
      if (run.isOver) source.close();
      show();
    };
    for (const kind of executionEventKinds) source.addEventListener(kind, take(kind));
    source.onerror = () => {
      isBroken = true;
      show();
    };
    return () => {
      source.close();
      clearTimeout(timer);
    };
  }, [id]);
  return state.id === id ? state : { run: emptyRun, isBroken: false };
}
