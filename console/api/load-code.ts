import { awayError } from './client.ts';

/**
 * The code of a page or of a part of one, by `load`, which imports it.
 *
 * @throws ApiError that the server is away, where that is why it does not come; else what the import throws
 */
export const loadCode = <Code>(load: () => Promise<Code>): Promise<Code> =>
  load().catch(async (error: unknown) => {
    const isUp = await fetch('/healthz').then(
      ({ ok }) => ok,
      () => false,
    );
    throw isUp ? error : awayError();
  });
