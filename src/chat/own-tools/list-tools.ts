import { z } from 'zod';
import { readCatalog } from '../../connections/tools/catalog.ts';
import { formatToolName } from '../../contract/tool-name.ts';
import { isReadOnly } from '../usable-tools.ts';
import { ownTool, readOnly } from './own-tool.ts';

const longestDescription = 300;

export const listToolsTool = ownTool({
  name: 'list_tools',
  description:
    'The tools of this VM’s connections, by the names that a skill’s steps use: what each does, and whether it changes anything. No secret is in it.',
  annotations: readOnly,
  input: z.object({ connection: z.string().max(40).optional().describe('One connection alone') }),
  async run({ db }, _context, { connection }) {
    const catalog = await readCatalog(db.prisma, connection === undefined ? undefined : [connection]);
    const lines = [...catalog].flatMap(([name, { isActive, approved, tools }]) => {
      if (!isActive || !approved) return [`${name}: not ready (switched off, or not approved)`];
      return [
        `${name}:`,
        ...tools
          .filter(({ off }) => off === undefined)
          .map(
            (tool) =>
              `- ${formatToolName({ connection: name, tool: tool.name })}${isReadOnly(tool.annotations) ? ' (read-only)' : ''}: ${(tool.description ?? '').slice(0, longestDescription)}`,
          ),
      ];
    });
    return { text: lines.join('\n') || 'There are no connections yet.' };
  },
});
