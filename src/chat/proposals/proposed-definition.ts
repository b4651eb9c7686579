/** What is proposed, made whole and checked as a save would check it. */
import { readConfig } from '../../config/read-config.ts';
import { readCatalog } from '../../connections/tools/catalog.ts';
import { isRecord } from '../../contract/is-record.ts';
import { type SkillDefinition, skillDefinitionSchema } from '../../contract/skills.ts';
import { parseToolName } from '../../contract/tool-name.ts';
import type { Transaction } from '../../database/client.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { validate, validationError } from '../../kernel/validate.ts';
import { checkDefinition } from '../../skills/check-definition.ts';
import { connectionsOf } from '../../skills/check-tools.ts';
import { definitionOf, type SkillRow } from '../../skills/skill-row.ts';
import { readTrigger } from '../../skills/trigger-config.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';

/**
 * A definition over the skill that it would change: fields that it leaves out stay as they are, null takes one away.
 *
 * @throws AlfredError E_VALIDATION, a secret in it included; E_UNKNOWN_TOOL; E_SYSTEM_SKILL; E_ROW_ALTERED
 */
export async function proposedDefinition(
  tx: Transaction,
  current: SkillRow | undefined,
  given: unknown,
): Promise<SkillDefinition> {
  if (current !== undefined) rowGuardOf(tx).check('skills', current);
  if (current?.isSystem === true) {
    throw new AlfredError(
      'E_SYSTEM_SKILL',
      `"${current.slug}" is part of Alfred: it is edited, and not taught.`,
      { remedy: 'Propose it under another slug.' },
    );
  }
  const definition = validate(skillDefinitionSchema, over(current, given), 'The proposed skill');
  if (definition.triggerConfig.secret !== undefined) {
    throw validationError('The proposed skill', [
      {
        field: '/triggerConfig/secret',
        message: 'has no place in a proposal: leave it out, and one is made when it is accepted',
      },
    ]);
  }
  const { timezone: ownZone } = await readConfig(tx, 'timezone');
  const { triggerConfig } = readTrigger(definition, { ownZone });
  return await checkDefinition(tx, { ...definition, triggerConfig });
}

function over(current: SkillRow | undefined, given: unknown): unknown {
  if (current === undefined || !isRecord(given)) return given;
  const { triggerConfig, connectionNames: _, ...before } = definitionOf(current);
  const isOtherTrigger = given.triggerType !== undefined && given.triggerType !== before.triggerType;
  const whole = { ...before, triggerConfig: isOtherTrigger ? {} : triggerConfig, ...given };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== null));
}

/** The tools that it names and that may be used as they are, with the hash of each. */
export async function toolPins(tx: Transaction, { steps }: SkillDefinition): Promise<Record<string, string>> {
  const catalog = await readCatalog(tx, connectionsOf(steps));
  return Object.fromEntries(
    steps
      .flatMap(({ allowedTools }) => allowedTools)
      .flatMap((name): [string, string][] => {
        const { connection = '', tool = '' } = parseToolName(name) ?? {};
        const known = catalog.get(connection)?.tools.find((one) => one.name === tool);
        return known === undefined || known.off !== undefined ? [] : [[name, known.hash]];
      }),
  );
}
