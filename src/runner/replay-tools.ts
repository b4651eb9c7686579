/** The tools of a step that is replayed: shown to the model as they are approved, and called by nobody. */
import type { ConnectionPool } from '../connections/pool/pool.ts';
import { type CatalogEntry, readCatalog } from '../connections/tools/catalog.ts';
import type { Tape } from '../connections/tools/tape.ts';
import type { PinnedTool } from '../contract/connections.ts';
import type { Step } from '../contract/skills.ts';
import type { Database } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { hashOf } from '../kernel/hash.ts';
import { connectionsOf } from '../skills/check-tools.ts';
import { assertTools, type StepTool, toolsOf } from './step-tools.ts';

/** Stands where calls would go. */
export const noPool: Pick<ConnectionPool, 'call'> = {
  async call() {
    throw new AlfredError('E_TOOL_REFUSED', 'This is a replay: no tool is called.');
  },
};

/**
 * What the step's names stand for, by the catalogue as it is. No server is started, so it does not matter whether a connection is
 * switched on. A tool that has answered in the recording and is not offered any more is there all the same, with whatever
 * arguments.
 *
 * @throws AlfredError as assertTools does, for a name that stands for nothing, now or then
 */
export async function replayTools({ db }: { db: Database }, step: Step, tape: Tape): Promise<StepTool[]> {
  const connections = connectionsOf([step]);
  const known = await readCatalog(db.prisma, connections);
  const catalog = new Map(
    connections.map((name): [string, CatalogEntry] => {
      const offered = known.get(name)?.tools.filter(({ off }) => off === undefined) ?? [];
      const names = new Set(offered.map((tool) => tool.name));
      const gone = tape.tools().filter(({ connection, tool }) => connection === name && !names.has(tool));
      const tools = [...offered, ...gone.map(({ tool }) => asRecorded(tool))];
      return [name, { isActive: true, approved: true, status: 'ready', tools }];
    }),
  );
  assertTools(step.allowedTools, catalog);
  return toolsOf(step.allowedTools, catalog);
}

function asRecorded(name: string): PinnedTool {
  const tool = {
    name,
    description: 'A tool of an earlier time, of which its arguments alone are known.',
    inputSchema: { type: 'object' as const },
  };
  return { ...tool, hash: hashOf(tool).toString('hex') };
}
