/** What tests of skills share: connections as their discovery would leave them, and how a refusal is looked at. */
import { signRow } from '../../src/connections/connection-row.ts';
import { pinnedToolSchema } from '../../src/contract/connections.ts';
import type { Database } from '../../src/database/client.ts';
import { isAlfredError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';

export type FakeConnection = {
  name: string;
  tools: string[];
  /** Tools that are off, and why. */
  off?: Record<string, string>;
  isActive?: boolean;
};

/** Keeps a connection whose tools are known, without any server behind it. */
export async function keepConnection(
  db: Database,
  { name, tools, off = {}, isActive = true }: FakeConnection,
): Promise<void> {
  const toolCatalog = tools.map((tool) =>
    pinnedToolSchema.parse({
      name: tool,
      inputSchema: {},
      hash: '00',
      ...(off[tool] ? { off: off[tool] } : {}),
    }),
  );
  const config = { command: 'true', args: [], env: {}, secrets: {}, sandbox: 'default' };
  const row = await db.prisma.connection.create({
    data: {
      id: newId(),
      name,
      type: 'mcp_stdio',
      config,
      tools,
      toolCatalog: toolCatalog as object[],
      isActive,
    },
  });
  await db.transaction((tx) => signRow(tx, row));
}

/** The error of ours in which `work` must end, with the pointers of its fields. */
export async function refusalOf(work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    if (isAlfredError(error))
      return { code: error.code, fields: error.fields?.map(({ field }) => field), error };
    throw error;
  }
  throw new Error('It was not refused');
}
