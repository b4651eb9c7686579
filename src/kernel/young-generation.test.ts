import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const mebibyte = 2 ** 20;

/** As a busy server does: much that is needed for a moment, a part of it for some moments more. In a process of its own, whose heap nobody used before. */
const sizeAfterWork = (begin: string): number =>
  Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', program(begin)], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );

const program = (begin: string): string => `
  import { setImmediate as turn } from 'node:timers/promises';
  import { getHeapSpaceStatistics } from 'node:v8';
  import { boundYoungGeneration } from ${JSON.stringify(path.join(import.meta.dirname, 'young-generation.ts'))};
  ${begin}
  const kept = [];
  for (let round = 0; round < 120; round++) {
    for (let index = 0; index < 2_000; index++)
      kept[(round * 2_000 + index) % 100_000] = { a: index, b: [index, round], c: 'x' + index };
    await turn();
  }
  console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size);
`;

it('stays small under work, where V8 alone lets it grow', () => {
  const most = 4 * mebibyte;
  // A doubling or two may come before it is looked at.
  expect(sizeAfterWork(`boundYoungGeneration(${most});`)).toBeLessThanOrEqual(4 * most);
  expect(sizeAfterWork('')).toBeGreaterThan(4 * most);
  expect(sizeAfterWork(`boundYoungGeneration(${most})();`)).toBeGreaterThan(4 * most);
});
