/** The same server as Alfred runs it: pasted, imported, approved, discovered behind its walls, called through the pool. */
import { approveConnection } from '../../../src/connections/approve-connection.ts';
import { importConnections } from '../../../src/connections/import/import-connections.ts';
import type { ConnectionDeps, ConnectionPool } from '../../../src/connections/pool/pool.ts';
import { readCatalog } from '../../../src/connections/tools/catalog.ts';
import { tokensOf } from '../../../src/connections/tools/tool-tokens.ts';
import { messageOf } from '../../../src/kernel/errors.ts';
import { callMs, type Start } from './bare.ts';
import { inOneLine } from './in-one-line.ts';
import type { Sight, Trial } from './trial.ts';

export type HereSight = { sight: Sight; tokens?: number | undefined; warnings: string[] };

/** @param call what the bare client called */
export async function tryHere(
  { deps, pool }: { deps: ConnectionDeps; pool: ConnectionPool },
  trial: Trial,
  { program, args, env }: Start,
  call: Trial['call'],
): Promise<HereSight> {
  const server = { command: process.execPath, args: [program, ...args], env };
  const text = JSON.stringify({ mcpServers: { [trial.name]: server } });
  const { previews, refused, saved } = await importConnections(
    deps,
    { text, apply: true },
    { actor: 'trial' },
  );
  const warnings = previews.flatMap((preview) => preview.warnings);
  const [name] = saved;
  if (name === undefined)
    return { sight: { error: refused.map(({ reason }) => reason).join('; ') }, warnings };
  await approveConnection({ ...deps, pool }, name, { actor: 'trial', mayApprove: true });
  const began = performance.now();
  try {
    await pool.discover(name);
    const took = performance.now() - began;
    const tools = (await readCatalog(deps.db.prisma, [name])).get(name)?.tools ?? [];
    const answer =
      call &&
      inOneLine(
        await pool
          .call(name, call.tool, call.args, { timeoutMs: callMs })
          .catch((error: unknown) => ({ error: messageOf(error) })),
      );
    const off = Object.fromEntries(
      tools.flatMap((tool) => (tool.off === undefined ? [] : [[tool.name, tool.unusable ?? tool.off]])),
    );
    const sight = { tools: tools.map((tool) => tool.name), off, startMs: took, answer };
    return { sight, tokens: tokensOf(tools.filter((tool) => tool.off === undefined)), warnings };
  } catch (error) {
    return { sight: { error: messageOf(error) }, warnings };
  } finally {
    await pool.evict(name);
  }
}
