import { readCatalog } from '../connections/tools/catalog.ts';
import { parseToolName } from '../contract/tool-name.ts';
import type { Transaction } from '../database/client.ts';
import { AlfredError, type FieldError } from '../kernel/errors.ts';

/** @throws AlfredError E_UNKNOWN_TOOL naming every tool that no connection has */
export async function checkChosenTools(
  tx: Transaction,
  chosen: { tools: readonly string[]; unasked: readonly string[] },
): Promise<void> {
  const named = Object.entries(chosen).flatMap(([field, list]) =>
    list.map((name, index) => ({ name, field: `/${field}/${index}` })),
  );
  if (named.length === 0) return;
  const catalog = await readCatalog(tx);
  const wrong = named.flatMap(({ name, field }): FieldError[] => {
    const { connection = '', tool = '' } = parseToolName(name) ?? {};
    const known = catalog.get(connection);
    if (known === undefined) return [{ field, message: `there is no connection "${connection}"` }];
    if (tool === '*' || known.tools.some((each) => each.name === tool)) return [];
    return [{ field, message: `the connection "${connection}" has no tool "${tool}"` }];
  });
  if (wrong.length === 0) return;
  const sentences = new Set(wrong.map(({ message }) => message));
  throw new AlfredError(
    'E_UNKNOWN_TOOL',
    `The conversation names tools that it cannot have: ${[...sentences].join('; ')}.`,
    {
      remedy: 'Name tools that `npx alfred connection show` lists.',
      fields: wrong,
    },
  );
}
