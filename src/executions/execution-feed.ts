/** Tells followers of executions that there are new events: one LISTEN for the whole process. */
import { listen } from '../database/listen.ts';

export type ExecutionFeed = {
  /** Calls `onNews` whenever the execution may have new events; returns how to stop. */
  subscribe(executionId: string, onNews: () => void): () => void;
  /** Calls `onNews` with each execution that has new events, and with nothing when any may have; returns how to stop. */
  subscribeAll(onNews: (executionId?: string) => void): () => void;
  close(): Promise<void>;
};

/** @throws AlfredError E_DATABASE */
export async function openExecutionFeed(url: string): Promise<ExecutionFeed> {
  const followers = new Map<string, Set<() => void>>();
  const watchers = new Set<(executionId?: string) => void>();
  const tell = (executionId: string) => {
    for (const onNews of followers.get(executionId) ?? []) onNews();
  };
  const listener = await listen(
    url,
    'executionEvents',
    (payload) => {
      const executionId = payload.slice(0, payload.indexOf(':'));
      tell(executionId);
      for (const onNews of watchers) onNews(executionId);
    },
    () => {
      for (const executionId of followers.keys()) tell(executionId);
      for (const onNews of watchers) onNews();
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
    subscribeAll(onNews) {
      watchers.add(onNews);
      return () => watchers.delete(onNews);
    },
    close: () => listener.close(),
  };
}
