import type { Redactor } from '../../vault/redact.ts';
import { definitionText, type FoundTool, foundTool, readDefinition } from './found-tool.ts';

/** Tools without known secrets: most have none, which their text shows. */
export const redactTools = (redactor: Redactor, tools: FoundTool[]): FoundTool[] =>
  tools.map((tool) =>
    redactor.isClean(definitionText(tool)) ? tool : foundTool(redactor.value(readDefinition(tool))),
  );
