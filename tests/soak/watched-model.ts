/** The scripted Messages API, which notes when which step of which run was asked for, and whether two asked at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startMessagesApi, toolResultsOf, userTextOf } from '../helpers/messages-api.ts';

export type WatchedModel = {
  url: string;
  /** When requests of a step came, in milliseconds of the clock. */
  requestsOf(token: string, step: number): number[];
  /** Steps that were asked for by two agents at once. */
  overlaps(): string[];
  /** When the first request after `time` came; waits for it, up to a minute. */
  nextRequest(time: number): Promise<number>;
  close(): Promise<void>;
};

const usualAnswerMs = 700;

export async function startWatchedModel(): Promise<WatchedModel> {
  const times = new Map<string, number[]>();
  const open = new Set<string>();
  const overlaps: string[] = [];
  const all: number[] = [];
  const api = await startMessagesApi(async ({ body, closed }) => {
    const [, step, token] = /STEP (\d) OF ([\w-]+)/.exec(userTextOf(body)) ?? [];
    const now = Date.now();
    all.push(now);
    const key = `${token}/${step}`;
    if (step !== undefined) {
      times.set(key, [...(times.get(key) ?? []), now]);
      if (open.has(key)) overlaps.push(key);
      open.add(key);
      void closed.then(() => open.delete(key));
    }
    await sleep(Math.random() * usualAnswerMs);
    if (userTextOf(body).includes('which FAILS')) return { fail: 'unauthorized' };
    if (step === '2' && toolResultsOf(body).length === 0)
      return { toolCalls: [{ name: 'mcp__everything__echo', input: { message: `hello ${token}` } }] };
    return { text: `Done with ${step}.`, eventDelayMs: Math.random() * 40 };
  });
  return {
    url: api.url,
    requestsOf: (token, step) => times.get(`${token}/${step}`) ?? [],
    overlaps: () => overlaps,
    async nextRequest(time) {
      for (const until = Date.now() + 60_000; Date.now() < until; await sleep(25)) {
        const next = all.find((at) => at > time);
        if (next !== undefined) return next;
      }
      return Date.now();
    },
    close: () => api.close(),
  };
}
