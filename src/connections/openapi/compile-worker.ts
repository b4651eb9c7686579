/**
 * The thread in which a document becomes tools. It gets text, asks for the other files that this refers to, and answers with
 * an Api or the error that a person shall see.
 */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { isAlfredError } from '../../kernel/errors.ts';
import { DefinitionWriter } from '../tools/definition-writer.ts';
import type { CompileAnswer, PartAnswer, PartWanted } from './compile.ts';
import { type CompileInput, compileApi, foundApi } from './compile-api.ts';

/** One at a time: the answer that comes is the answer to what was asked last. */
async function readPart(href: string): Promise<PartAnswer> {
  if (parentPort === null) return { why: 'other files are not read here' };
  const answered = once(parentPort, 'message');
  parentPort.postMessage({ wanted: href } satisfies PartWanted);
  const [part] = await answered;
  return part;
}

const writer = new DefinitionWriter();

async function answer(input: CompileInput): Promise<CompileAnswer> {
  try {
    return { ok: true, api: foundApi(await compileApi(input, readPart), writer) };
  } catch (error) {
    if (isAlfredError(error)) {
      return { ok: false, code: error.code, message: error.message, remedy: error.remedy };
    }
    // A bug of ours or of the parser's, met by a strange document. Its message may quote the document.
    const kind = error instanceof Error ? error.name : 'Error';
    return {
      ok: false,
      code: 'E_VALIDATION',
      message: `The OpenAPI document cannot be understood (${kind})`,
      remedy: 'Check it with a validator.',
    };
  }
}

const found = await answer(workerData);
// What the tools stand in is moved, not copied.
parentPort?.postMessage(found, found.ok ? writer.blocks : []);
