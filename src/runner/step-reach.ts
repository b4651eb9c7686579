/** What a step may call, and where its calls go. */
import type { ConnectionPool } from '../connections/pool/pool.ts';
import { readCatalog } from '../connections/tools/catalog.ts';
import type { Tape } from '../connections/tools/tape.ts';
import { connectionsOf } from '../skills/check-tools.ts';
import { noPool, replayTools } from './replay-tools.ts';
import { filePool, skillFileTools } from './skill-file-tool.ts';
import type { StepDeps, StepRun } from './step-run.ts';
import { assertTools, type StepTool, toolsOf } from './step-tools.ts';
import { turnPool, turnTools } from './turn-run.ts';

/** Where calls go; those of a replay go nowhere, whoever makes them. */
export function poolFor(deps: StepDeps, run: StepRun, signal: AbortSignal): Pick<ConnectionPool, 'call'> {
  if (run.mode === 'replay') return noPool;
  return run.turn === undefined
    ? filePool(deps.pool, run.files)
    : turnPool(deps, { ...run, turn: run.turn, signal });
}

/**
 * The step's tools, their servers started: a model that is asked without them would say that it did what it was asked.
 *
 * @throws AlfredError why a connection is not there to be called, or why a name of `allowedTools` gives no tool
 */
export async function toolsFor(
  { db, pool }: StepDeps,
  { step, files, signal, turn }: StepRun,
  tape: Tape | undefined,
): Promise<StepTool[]> {
  const own = skillFileTools(files);
  if (tape !== undefined) return [...own, ...(await replayTools({ db }, step, tape))];
  if (turn !== undefined) return turnTools(turn);
  const connections = connectionsOf([step]);
  await pool.ready(connections, signal);
  const catalog = await readCatalog(db.prisma, connections);
  assertTools(step.allowedTools, catalog);
  return [...own, ...toolsOf(step.allowedTools, catalog)];
}
