import { createInterface } from 'node:readline';
import type { Context } from '../context.ts';

/** What is pasted comes line upon line: what follows within so many milliseconds belongs to it. */
const pastedMs = 30;

/**
 * What a person types at the prompt, up to Enter; of what is pasted all lines.
 *
 * @returns undefined when they leave, by Ctrl-D or Ctrl-C
 */
export async function readLine({ stdin, stderr, err }: Context, prompt = '› '): Promise<string | undefined> {
  const reader = createInterface({ input: stdin, output: stderr, prompt: err.bold(prompt) });
  const lines: string[] = [];
  try {
    return await new Promise<string | undefined>((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const end = () => resolve(lines.length === 0 ? undefined : lines.join('\n').trim());
      reader.on('line', (line) => {
        lines.push(line);
        clearTimeout(timer);
        timer = setTimeout(end, pastedMs);
      });
      reader.once('close', () => {
        clearTimeout(timer);
        end();
      });
      reader.once('SIGINT', () => reader.close());
      reader.prompt();
    });
  } finally {
    reader.close();
  }
}
