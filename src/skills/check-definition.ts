/** Everything that must hold of a skill before it is saved. */

import { readCatalog } from '../connections/tools/catalog.ts';
import type { SkillDefinition } from '../contract/skills.ts';
import type { Transaction } from '../database/client.ts';
import { schemaProblems } from '../json-schema/json-schema.ts';
import { validationError } from '../kernel/validate.ts';
import { placeholderProblems } from './check-placeholders.ts';
import { checkTools, connectionsOf } from './check-tools.ts';
import { outputSchemaProblems } from './output-form.ts';

/**
 * Checks schemas, placeholders, tools and the failure handler, and makes `connectionNames` true to the steps. A draft
 * (`isActive: false`) may name tools and skills that are not there yet.
 *
 * @throws AlfredError E_VALIDATION or E_UNKNOWN_TOOL
 */
export async function checkDefinition(
  tx: Transaction,
  definition: SkillDefinition,
): Promise<SkillDefinition> {
  const { steps, inputSchema } = definition;
  const fields = [
    ...(inputSchema ? schemaProblems(inputSchema, '/inputSchema') : []),
    ...(inputSchema ? objectProblems(inputSchema) : []),
    ...steps.flatMap((step, index) =>
      step.outputSchema ? outputSchemaProblems(step.outputSchema, `/steps/${index}/outputSchema`) : [],
    ),
    ...(inputSchema ? placeholderProblems(steps, inputSchema) : []),
    ...(await failureHandlerProblems(tx, definition)),
  ];
  if (fields.length > 0) throw validationError('The skill', fields);

  const checked = withConnectionNames(definition);
  const { connectionNames } = checked;
  if (definition.isActive && connectionNames.length > 0) {
    // Held until the save commits, so that no connection that this skill needs is removed in between.
    await tx.$queryRaw`SELECT 1 FROM connections WHERE name = ANY(${connectionNames}) ORDER BY name FOR SHARE`;
    checkTools(steps, await readCatalog(tx, connectionNames));
  }
  return checked;
}

/** Makes `connectionNames` true to the steps: what a definition is once it is checked. */
export const withConnectionNames = (
  definition: SkillDefinition,
): SkillDefinition & { connectionNames: string[] } => ({
  ...definition,
  connectionNames: connectionsOf(definition.steps),
});

/** A run's input is an object: a schema of anything else could never be met. */
function objectProblems({ type }: Readonly<Record<string, unknown>>) {
  const isObject = type === undefined || [type].flat().includes('object');
  return isObject
    ? []
    : [{ field: '/inputSchema/type', message: 'a run\'s input is an object; use "object"' }];
}

async function failureHandlerProblems(tx: Transaction, { slug, onFailureSkill, isActive }: SkillDefinition) {
  const field = '/onFailureSkill';
  if (!onFailureSkill) return [];
  if (onFailureSkill === slug) return [{ field, message: 'a skill cannot handle its own failures' }];
  if (!isActive || (await tx.skill.count({ where: { slug: onFailureSkill } })) > 0) return [];
  return [{ field, message: `there is no skill "${onFailureSkill}"` }];
}
