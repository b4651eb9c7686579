/** A delivery that a skill would take: fitting its input schema, with what its prompts use. */

import { isRecord } from '../contract/is-record.ts';
import { findPlaceholders, placeholderPath } from '../contract/placeholders.ts';
import { signsBodyAlone } from '../contract/senders/scheme-of.ts';
import { gatherFacts } from '../json-schema/facts.ts';
import { fill } from '../json-schema/fill.ts';
import { Sampler } from '../json-schema/sample.ts';
import { SchemaChecks } from '../json-schema/schema.ts';
import { definitionOf, type SkillRow } from '../skills/skill-row.ts';
import type { WebhookConfig } from './webhook-row.ts';

export type SampleParts = { body: string; query: string };

/** What stands where nothing better is known. */
const filler = 'example';

export function samplePartsOf(row: SkillRow, config: WebhookConfig): SampleParts {
  const { inputSchema, steps } = definitionOf(row);
  const made = inputSchema
    ? new Sampler(
        inputSchema,
        { input: {}, facts: gatherFacts({}, []), toolName: 'webhook' },
        new SchemaChecks(),
      ).sample()?.value
    : undefined;
  const input = isRecord(made) ? made : {};
  input.body ??= { hello: 'world' };
  const used = steps
    .flatMap((step) => findPlaceholders(`${step.prompt}\n${step.guidance ?? ''}`))
    .map((placeholder) => placeholderPath(placeholder, false));
  for (const path of used) if (path[0] === 'body' || path[0] === 'query') fill(input, path, filler);
  const query = isRecord(input.query) && !signsBodyAlone(config) ? Object.entries(input.query) : [];
  return {
    body: JSON.stringify(input.body),
    query: new URLSearchParams(
      query.map(([name, value]): [string, string] => [name, String(value)]),
    ).toString(),
  };
}
