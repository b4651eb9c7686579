import { isRecord } from '../contract/is-record.ts';
import { findPlaceholders, placeholderPath } from '../contract/placeholders.ts';
import type { SkillDefinition } from '../contract/skills.ts';
import { gatherFacts } from '../json-schema/facts.ts';
import { fill } from '../json-schema/fill.ts';
import { Sampler } from '../json-schema/sample.ts';
import { SchemaChecks } from '../json-schema/schema.ts';

/** What stands where nothing better is known. */
const filler = 'example';

/** An input that a skill would take, as far as one can be made up: fitting its schema, with what its prompts use. */
export function sampleInput({
  inputSchema,
  steps,
}: Pick<SkillDefinition, 'inputSchema' | 'steps'>): Record<string, unknown> {
  const sources = { input: {}, facts: gatherFacts({}, []), toolName: '' };
  const made = inputSchema ? new Sampler(inputSchema, sources, new SchemaChecks()).sample()?.value : {};
  const input = isRecord(made) ? made : {};
  const used = steps.flatMap((step) => findPlaceholders(`${step.prompt}\n${step.guidance ?? ''}`));
  for (const placeholder of used) {
    const path = placeholderPath(placeholder, Object.hasOwn(input, 'input'));
    if (path.length > 0) fill(input, path, filler);
  }
  return input;
}
