/**
 * Documents become tools in a thread of their own, with a limit of time and memory: whatever a document does to the
 * parser, the VM goes on answering.
 */
import { getCompileCacheDir } from 'node:module';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ErrorCode } from '../../contract/errors.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { type CompileInput, compileApi, foundApi } from './compile-api.ts';
import type { ReadPart } from './document-files.ts';
import type { FoundApi } from './operation.ts';

/** What the thread asks for: the address of another file that the document refers to. */
export type PartWanted = { wanted: string };
export type PartAnswer = Awaited<ReturnType<ReadPart>>;

export type CompileAnswer =
  | { ok: true; api: FoundApi }
  | { ok: false; code: ErrorCode; message: string; remedy: string | undefined };

/** Beside this file: among the sources, or where both are bundled. */
const thread = new URL(`./compile-worker${path.extname(import.meta.filename)}`, import.meta.url);

export type CompileLimits = { timeoutMs: number; memoryMiB: number };

/** GitHub's 13 MB take 2 s and 400 MiB on two slow cores. */
const defaultLimits: CompileLimits = { timeoutMs: 60_000, memoryMiB: 1_024 };

/**
 * The thread's whole environment: where Node.js keeps what it compiled, if this program has it do so (bin/program.js), as
 * compiling the parser again takes longer than most documents.
 */
function environment(): NodeJS.ProcessEnv {
  const ofThisVersion = getCompileCacheDir();
  return ofThisVersion === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(ofThisVersion) };
}

const beyond = (what: string) =>
  new AlfredError('E_TOO_LARGE', `The OpenAPI document takes too much ${what} to read`, {
    remedy: 'Give a document with the operations that you need, or list them by hand in "operations".',
  });

const nothingElse: ReadPart = async () => ({ why: 'other files are not read here' });

/**
 * @param options `readPart` reads the other files that the document refers to; without it, none is
 * @throws AlfredError E_VALIDATION, E_TOO_LARGE; E_CANCELLED when `signal` says so
 */
export async function compile(
  input: CompileInput,
  options: { signal?: AbortSignal; limits?: Partial<CompileLimits>; readPart?: ReadPart | undefined } = {},
): Promise<FoundApi> {
  // A list by hand is small and checked already.
  if (input.text === undefined) return foundApi(await compileApi(input));
  const { timeoutMs, memoryMiB } = { ...defaultLimits, ...options.limits };
  const { signal, readPart = nothingElse } = options;
  const worker = new Worker(thread, {
    workerData: input,
    env: environment(),
    resourceLimits: { maxOldGenerationSizeMb: memoryMiB, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });
  let timer: NodeJS.Timeout | undefined;
  const cancelled = () => new AlfredError('E_CANCELLED', 'Reading the OpenAPI document was cancelled');
  let onAbort = () => {};
  try {
    const answer = await new Promise<CompileAnswer>((resolve, reject) => {
      onAbort = () => reject(cancelled());
      if (signal?.aborted) onAbort();
      signal?.addEventListener('abort', onAbort);
      timer = setTimeout(() => reject(beyond('time')), timeoutMs);
      worker.on('message', (message: CompileAnswer | PartWanted) => {
        if ('ok' in message) return resolve(message);
        readPart(message.wanted).then((part) => worker.postMessage(part), reject);
      });
      worker.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? beyond('memory') : error),
      );
      worker.once('exit', (code) => reject(new Error(`The reading thread ended by itself (${code})`)));
    });
    if (answer.ok) return answer.api;
    throw new AlfredError(
      answer.code,
      answer.message,
      answer.remedy === undefined ? {} : { remedy: answer.remedy },
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
