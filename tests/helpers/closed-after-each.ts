/** What a test opens, and who closes it. */
import { afterEach } from 'vitest';

/** Whatever a test of this file puts into the list is closed after that test, the last one first. */
export function closedAfterEach(): { close: () => Promise<unknown> }[] {
  const opened: { close: () => Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });
  return opened;
}
