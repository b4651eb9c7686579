/** Where a watcher of a conversation stands: in which turn, and behind which event of its execution. */
export type Position = { turn: number; seq: number };

export const eventIdOf = ({ turn, seq }: Position): string => `${turn}.${seq}`;

/** What a watcher sends back is what it was sent; anything else begins at the beginning. */
export function positionOf(id: string | undefined): Position {
  const [, turn, seq] = /^(\d{1,9})\.(\d{1,9})$/.exec(id ?? '') ?? [];
  return { turn: Number(turn ?? 0), seq: Number(seq ?? 0) };
}
