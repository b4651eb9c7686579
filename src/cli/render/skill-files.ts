import type { SkillFiles } from '../../contract/skill-folder.ts';
import { formatCount } from './figures.ts';
import { oneLine } from './text.ts';

/** A line for each of a skill's own files. */
export const fileLines = (files: SkillFiles): string[] =>
  Object.entries(files).map(([path, text]) => `  ${oneLine(path)}  ${formatCount(text.length)} characters`);
