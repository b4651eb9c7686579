/**
 * The tool by which a step reads the files of its own skill, when it needs them. It is the gateway's own, and goes the way of all
 * tools: what it is asked and what it answers is on record. Those files are all that it can read; no folder is behind it.
 */
import { z } from 'zod';
import { ownServer } from '../chat/own-server.ts';
import type { ConnectionPool } from '../connections/pool/pool.ts';
import type { Tool } from '../contract/connections.ts';
import type { SkillFiles } from '../contract/skill-folder.ts';
import { formatToolName } from '../contract/tool-name.ts';
import { AlfredError } from '../kernel/errors.ts';
import { validate } from '../kernel/validate.ts';
import { readableFiles, readSkillFile } from '../skills/skill-files.ts';
import type { StepTool } from './step-tools.ts';

const tool = 'read_skill_file';
const name = formatToolName({ connection: ownServer, tool });

const argumentsSchema = z.object({
  path: z.string().max(1_000),
  from: z
    .int()
    .min(0)
    .optional()
    .describe('The character to begin at, where a file was too long for one answer'),
});

/** Nothing where there is nothing to read. */
export function skillFileTools(files: SkillFiles): StepTool[] {
  const [first] = readableFiles(files, []);
  if (first === undefined) return [];
  const inputSchema = z.toJSONSchema(argumentsSchema) as Tool['inputSchema'] & { properties: object };
  const definition = {
    name: tool,
    description: "Reads one of this skill's own files, by its path.",
    annotations: { readOnlyHint: true },
    inputSchema: {
      ...inputSchema,
      properties: { ...inputSchema.properties, path: { type: 'string', examples: [first] } },
    },
  };
  return [{ name, connection: ownServer, exposed: tool, tool, definition, realNames: new Map() }];
}

/** What a step is told of them. @param texts of the step: what they name comes first */
export function skillFilesPart(files: SkillFiles, texts: readonly string[]): string | undefined {
  const paths = readableFiles(files, texts);
  if (paths.length === 0) return undefined;
  const lines = paths.map((path) => `- ${path} (${files[path]?.length ?? 0} characters)`);
  return `# Files of this skill\n\nThey are part of what you are told. Read one with ${name} where the work asks for it, and not otherwise.\n\n${lines.join('\n')}`;
}

/** Where the calls of a step go: those for its skill's files to these, all others to their connections. */
export const filePool = (
  pool: Pick<ConnectionPool, 'call'>,
  files: SkillFiles,
): Pick<ConnectionPool, 'call'> => ({
  async call(connection, called, args, options = {}) {
    if (connection !== ownServer) return await pool.call(connection, called, args, options);
    if (called !== tool) throw new AlfredError('E_UNKNOWN_TOOL', `A step has no tool "${called}".`);
    await options.onDispatch?.({ secrets: [], destination: 'this VM' });
    const { path, from } = validate(argumentsSchema, args, `The arguments of ${tool}`);
    return { content: [{ type: 'text', text: readSkillFile(files, path, from) }] };
  },
});
