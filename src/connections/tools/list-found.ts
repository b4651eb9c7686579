import type { Link } from '../pool/link.ts';
import { type FoundTool, foundTool } from './found-tool.ts';
import { definitionOf } from './tool-definition.ts';

/** The tools that a link leads to, as they are compared and kept. */
export async function listFound(link: Link, timeoutMs: number): Promise<FoundTool[]> {
  const tools = await link.listTools({ timeoutMs });
  return tools.map((tool) => ('fields' in tool ? tool : foundTool(definitionOf(tool))));
}
