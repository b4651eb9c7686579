/**
 * Who of several receivers has a mail already, while the others are tried again: a server may take it for one, and ask for later for the
 * next (greylisting). Kept in memory: after a start somebody may get it a second time, with the same Message-ID.
 */

/** How often a mail is tried for those who are put off, when somebody has it: some nine minutes, and greylisting takes five. */
const mostTries = 9;
/** A mail that was given up leaves its entry behind: so many are kept. */
const mostKept = 200;

export type Refused = { recipient?: string | undefined; responseCode?: number | undefined };

export type Receivers = {
  /** Those whom it is to be sent to now. */
  waiting: readonly string[];
  /** Whether others have it already. */
  areLeft: boolean;
  /** Keeps who was put off, as the others have it. @returns whether they are tried again */
  putOff(refused: readonly Refused[]): boolean;
  /** All of them have it. */
  end(): void;
};

const underWay = new Map<string, { waiting: readonly string[]; tries: number }>();

/** @param id of the message; with other receivers it begins anew */
export function receiversOf(id: string, everybody: readonly string[]): Receivers {
  const key = [id, ...everybody].join(' ');
  const left = underWay.get(key);
  const tries = (left?.tries ?? 0) + 1;
  return {
    waiting: left?.waiting ?? everybody,
    areLeft: left !== undefined,
    putOff(refused) {
      underWay.delete(key);
      const waiting = refused
        .filter(({ responseCode = 500 }) => responseCode < 500)
        .flatMap(({ recipient }) => recipient ?? []);
      if (waiting.length === 0 || tries >= mostTries) return false;
      underWay.set(key, { waiting, tries });
      const [oldest] = underWay.keys();
      if (underWay.size > mostKept && oldest !== undefined) underWay.delete(oldest);
      return true;
    },
    end: () => void underWay.delete(key),
  };
}
