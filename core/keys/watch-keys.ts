/** Takes up another signing key while Core runs: one that was made here, or that a person copied from another process of this Core. */
import { stat } from 'node:fs/promises';
import { messageOf } from '../../src/kernel/errors.ts';
import type { Logger } from '../../src/kernel/log.ts';
import { repeat } from '../../src/kernel/repeat.ts';
import { keyFileOf, readKeyFile } from './key-files.ts';
import { type Signer, signerOf } from './signer.ts';

/** Looks at once; for those who ask all the time, once a second. */
export type LookForKeys = () => Promise<void>;

export type KeyWatch = { look: LookForKeys; start(): void; stop(): Promise<void> };

const lookEveryMs = 5_000;
const askedEveryMs = 1_000;

/**
 * Follows the key file of `home`. A file that is gone, or not safe, changes nothing: Core goes on with the key that it has, and
 * its log says so.
 *
 * @param signer changes when the file does
 */
export function watchKeys({ home, signer, log }: { home: string; signer: Signer; log: Logger }): KeyWatch {
  let seen = '';
  let askedAt = -askedEveryMs;
  let looking: Promise<void> | undefined;

  async function take(): Promise<void> {
    const { mtimeMs, ino, size } = await stat(keyFileOf(home));
    const found = `${mtimeMs} ${ino} ${size}`;
    if (found === seen) return;
    const keys = await readKeyFile(home);
    if (!keys) return;
    const { kid } = signer;
    Object.assign(signer, await signerOf(keys));
    seen = found;
    if (signer.kid !== kid) log.info({ from: kid, to: signer.kid }, 'another signing key is in use');
  }

  const watching = repeat(take, {
    everyMs: lookEveryMs,
    onTrouble: (error, isNews) => isNews && log.error(`the signing key in use stays: ${messageOf(error)}`),
  });

  return {
    start: watching.start,
    stop: watching.stop,
    async look() {
      if (performance.now() - askedAt < askedEveryMs) return looking;
      askedAt = performance.now();
      looking = take().catch((error: unknown) => log.debug({ err: error }, 'the key file cannot be read'));
      await looking;
    },
  };
}
