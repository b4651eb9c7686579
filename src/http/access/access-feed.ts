/** Tells streams that what let their watcher in may be gone: one LISTEN for the whole process, whichever process changed it. */
import { listen } from '../../database/listen.ts';
import type { Principal } from './principal.ts';

export type AccessFeed = {
  /** Calls `onNews` whenever what lets this caller in may have changed; returns how to stop. */
  subscribe(principal: Pick<Principal, 'kind' | 'id'>, onNews: () => void): () => void;
  close(): Promise<void>;
};

/** @throws AlfredError E_DATABASE */
export async function openAccessFeed(url: string): Promise<AccessFeed> {
  const watchers = new Map<string, Set<() => void>>();
  const tell = (key: string) => {
    for (const onNews of watchers.get(key) ?? []) onNews();
  };
  const listener = await listen(url, 'access', tell, () => {
    for (const key of watchers.keys()) tell(key);
  });
  return {
    subscribe({ kind, id }, onNews) {
      // What admits the users of Core admits all of them.
      const key = kind === 'core' ? 'core' : id;
      const those = watchers.get(key) ?? new Set();
      watchers.set(key, those.add(onNews));
      return () => {
        those.delete(onNews);
        if (those.size === 0) watchers.delete(key);
      };
    },
    close: () => listener.close(),
  };
}
