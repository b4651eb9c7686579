/** One line at the bottom of a terminal that is rewritten in place; where there is no terminal it is not there. */
import { type Colors, columnsOf, type Stream } from './context.ts';
import { truncate } from './render/text.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const everyMs = 100;
const eraseLine = '\r\u001b[2K';

export type LiveLine = {
  /** Writes lines above the live one. */
  write(text: string): void;
  /** Ends it and leaves nothing of it behind. */
  stop(): void;
};

/**
 * Starts a live line on `stream`.
 *
 * @param text what it says now, without colours; asked for ten times a second
 */
export function startLiveLine(stream: Stream, colors: Colors, text: () => string): LiveLine {
  if (stream.isTTY !== true)
    return { write: (line) => void stream.write(`${line}\n`), stop: () => undefined };
  let frame = 0;
  const draw = () => {
    const room = Math.max(10, (columnsOf(stream) ?? 80) - 3);
    stream.write(`${eraseLine}${colors.cyan(frames[frame] ?? '')} ${colors.dim(truncate(text(), room))}`);
    frame = (frame + 1) % frames.length;
  };
  const timer = setInterval(draw, everyMs);
  draw();
  return {
    write: (line) => {
      stream.write(`${eraseLine}${line}\n`);
      draw();
    },
    stop: () => {
      clearInterval(timer);
      stream.write(eraseLine);
    },
  };
}

/**
 * Shows `label` with the time it takes while `work` goes on, if it takes longer than a moment.
 * Without a terminal it says nothing: the result will.
 */
export async function withProgress<T>(
  context: { stderr: Stream; err: Colors; json: boolean },
  label: string,
  work: () => Promise<T>,
): Promise<T> {
  if (context.json || context.stderr.isTTY !== true) return work();
  const began = performance.now();
  let line: LiveLine | undefined;
  const timer = setTimeout(() => {
    line = startLiveLine(context.stderr, context.err, () => {
      const seconds = Math.floor((performance.now() - began) / 1000);
      return seconds < 2 ? `${label}…` : `${label}… ${seconds} s`;
    });
  }, 300);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    line?.stop();
  }
}
