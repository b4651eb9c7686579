import type { ComparedTurn } from '../contract/replay.ts';
import { canonicalJson } from '../kernel/hash.ts';

export type TurnPair = { original: ComparedTurn | null; replay: ComparedTurn | null };

/**
 * Puts the turns of two runs beside each other, so that as many as possible stand beside one that did the same; between those, in
 * their order.
 */
export function alignTurns(original: readonly ComparedTurn[], replay: readonly ComparedTurn[]): TurnPair[] {
  const best = scores(original, replay);
  const pairs: TurnPair[] = [];
  let [i, j] = [0, 0];
  let [gone, come]: [ComparedTurn[], ComparedTurn[]] = [[], []];
  const flush = () => {
    for (let at = 0; at < Math.max(gone.length, come.length); at++)
      pairs.push({ original: gone[at] ?? null, replay: come[at] ?? null });
    [gone, come] = [[], []];
  };
  while (i < original.length || j < replay.length) {
    const [one, other] = [original[i], replay[j]];
    const here = best[i]?.[j] ?? 0;
    const likeness = one && other ? likenessOf(one, other) : 0;
    if (one && other && likeness > 0 && here === likeness + (best[i + 1]?.[j + 1] ?? 0)) {
      flush();
      pairs.push({ original: one, replay: other });
      i++;
      j++;
    } else if (one && (!other || here === (best[i + 1]?.[j] ?? 0))) {
      gone.push(one);
      i++;
    } else if (other) {
      come.push(other);
      j++;
    }
  }
  flush();
  return pairs;
}

/** For each place in both, how much likeness lies behind it at most. */
function scores(original: readonly ComparedTurn[], replay: readonly ComparedTurn[]): number[][] {
  const best = Array.from({ length: original.length + 1 }, () =>
    new Array<number>(replay.length + 1).fill(0),
  );
  for (let i = original.length - 1; i >= 0; i--) {
    for (let j = replay.length - 1; j >= 0; j--) {
      const [one, other] = [original[i], replay[j]];
      const row = best[i];
      if (!one || !other || !row) continue;
      const beside = likenessOf(one, other) + (best[i + 1]?.[j + 1] ?? 0);
      row[j] = Math.max(beside, best[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return best;
}

/** 3: the same calls; 2: the same tools, called otherwise; 2 as well: both call none; 0: nothing alike. */
function likenessOf(one: ComparedTurn, other: ComparedTurn): number {
  if (one.calls.length === 0 && other.calls.length === 0) return one.text === other.text ? 3 : 2;
  if (sameCalls(one, other)) return 3;
  const names = (turn: ComparedTurn) =>
    turn.calls
      .map(({ name }) => name)
      .toSorted()
      .join(' ');
  return names(one) === names(other) ? 2 : 0;
}

/** Whether two turns ask for the same, in whichever order. */
export const sameCalls = (one: ComparedTurn, other: ComparedTurn): boolean => {
  const asked = (turn: ComparedTurn) =>
    turn.calls.map((call) => canonicalJson([call.name, call.arguments])).toSorted();
  return canonicalJson(asked(one)) === canonicalJson(asked(other));
};
