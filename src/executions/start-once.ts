import { AlfredError } from '../kernel/errors.ts';
import { canonicalJson, sha256 } from '../kernel/hash.ts';
import { type StartDeps, type StartRequest, startExecution } from './start-execution.ts';

/**
 * Starts an execution for a request that may come twice, as its answer was lost: a second one of the same key, caller and skill
 * is given the first one's execution, for as long as that is there.
 *
 * @param key of the caller's own making; undefined for a request that is always one of its own
 * @throws AlfredError E_VALIDATION when the first request of the key asked for something else; as startExecution does
 */
export async function startOnce(
  deps: StartDeps,
  key: string | undefined,
  request: StartRequest,
): Promise<{ executionId: string }> {
  if (key === undefined) return await startExecution(deps, request);
  const { actor, skill, input, mode } = request;
  // Another caller's key is another key: nobody learns of others' runs by guessing theirs.
  const dedupeKey = `request:${sha256(canonicalJson({ actor, skill, key })).toString('hex')}`;
  const requestHash = sha256(canonicalJson({ input, mode })).toString('hex');
  const started = await startExecution(deps, {
    ...request,
    dedupeKey,
    triggerDetail: { ...request.triggerDetail, requestHash },
  });
  if (!started.isDuplicate) return started;
  const first = await deps.db.prisma.execution.findUniqueOrThrow({
    where: { id: started.executionId },
    select: { triggerDetail: true },
  });
  if ((first.triggerDetail as { requestHash?: unknown } | null)?.requestHash === requestHash) return started;
  throw new AlfredError('E_VALIDATION', 'This Idempotency-Key was used for another run', {
    remedy: 'Use a key of its own for each run; the same one only to ask for the same again.',
    fields: [{ field: '/idempotency-key', message: 'stands for another input or mode' }],
  });
}
