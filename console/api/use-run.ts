import { useEffect, useState } from 'react';
import {
  type ExecutionEvent,
  type ExecutionEventKind,
  executionEventKinds,
} from '../../src/contract/events.ts';
import { addEvent, emptyRun, type RunView } from './run-view.ts';

/**
 * A run as it goes on, or as it went: the stream replays from the first event. What comes in quick succession is shown
 * once a frame. The browser opens a broken stream again by itself, behind the last event.
 */
export function useRun(id: string): { run: RunView; isBroken: boolean } {
  const [state, setState] = useState({ id, run: emptyRun, isBroken: false });
  useEffect(() => {
    const source = new EventSource(`/api/v1/executions/${id}/events`);
    let run = emptyRun;
    let isBroken = false;
    let frame = 0;
    const show = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setState({ id, run, isBroken });
      });
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
      cancelAnimationFrame(frame);
    };
  }, [id]);
  return state.id === id ? state : { run: emptyRun, isBroken: false };
}
