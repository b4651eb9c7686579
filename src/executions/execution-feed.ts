/** Tells followers of an execution that it has new events: one LISTEN for the whole process. */
import { executionEventsChannel, listen } from '../database/listen.ts';

export type ExecutionFeed = {
  /** Calls `onNews` whenever the execution may have new events; returns how to stop. */
  subscribe(executionId: string, onNews: () => void): () => void;
  close(): Promise<void>;
};

/** @throws AlfredError E_DATABASE */
export async function openExecutionFeed(url: string): Promise<ExecutionFeed> {
  const followers = new Map<string, Set<() => void>>();
  const tell = (executionId: string) => {
    for (const onNews of followers.get(executionId) ?? []) onNews();
  };
  const listener = await listen(
    url,
    executionEventsChannel,
    (payload) => tell(payload.slice(0, payload.indexOf(':'))),
    () => {
      for (const executionId of followers.keys()) tell(executionId);
    },
  );
  return {
    subscribe(executionId, onNews) {
      const those = followers.get(executionId) ?? new Set();
      followers.set(executionId, those.add(onNews));
      return () => {
        those.delete(onNews);
        if (those.size === 0) followers.delete(executionId);
      };
    },
    close: () => listener.close(),
  };
}
