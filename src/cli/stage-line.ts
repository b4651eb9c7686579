import type { Context } from './context.ts';
import { startLiveLine } from './live-line.ts';
import { formatElapsed } from './render/figures.ts';

/** Shows the stage that a piece of work is at, on a terminal; elsewhere the result alone says what became of it. */
export async function withStages<T>(
  context: Context,
  label: string,
  work: (onProgress: (stage: string) => void) => Promise<T>,
): Promise<T> {
  const { stderr, err, json } = context;
  let stage = '';
  const began = performance.now();
  const line =
    json || stderr.isTTY !== true
      ? undefined
      : startLiveLine(stderr, err, () => {
          const at = stage === '' ? label : `${label}: ${stage}`;
          const elapsed = performance.now() - began;
          return elapsed < 2000 ? `${at}…` : `${at}… ${formatElapsed(elapsed)}`;
        });
  try {
    return await work((next) => {
      stage = next;
    });
  } finally {
    line?.stop();
  }
}
