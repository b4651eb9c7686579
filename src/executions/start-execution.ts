import type { Execution } from '../contract/executions.ts';
import type { SkillDefinition } from '../contract/skills.ts';
import type { Database, Transaction } from '../database/client.ts';
import { storableJson, storableText } from '../database/storable.ts';
import { compileSchema, misfits } from '../json-schema/json-schema.ts';
import { AlfredError, type FieldError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Settings } from '../kernel/settings.ts';
import { validationError } from '../kernel/validate.ts';
import type { Queue } from '../queue/queue.ts';
import { longestRendered, measurePlaceholders } from '../skills/placeholders.ts';
import { teachSlug } from '../skills/system/teach-new-skill.ts';
import type { Vault } from '../vault/vault.ts';
import { commitRun } from './commit-run.ts';
import type { NewExecution } from './insert-execution.ts';
import { readStartable, readStartables, type Startable } from './read-startable.ts';

export type StartDeps = { db: Database; queue: Queue; vault: Vault; settings: Pick<Settings, 'model'> };

export type StartRequest = {
  /** The skill's slug. */
  skill: string;
  input: Record<string, unknown>;
  mode: 'live' | 'rehearsal';
  trigger: Execution['trigger'];
  triggerDetail?: Record<string, unknown>;
  /** Who or what started it. */
  actor: string;
  /** A second request with the same key gets the first one's execution. */
  dedupeKey?: string;
  /** Aborted, nothing is written any more. */
  signal?: AbortSignal;
  /** The skill, of who has just read it. */
  found?: Startable;
};

/**
 * Starts an execution: its row, its steps and its job are committed together or not at all. With no model to ask, a live
 * run becomes a rehearsal, and its row says so. Starts that come at once share what they ask of the database, and their
 * commit.
 *
 * @throws AlfredError E_NOT_FOUND, E_SKILL_INACTIVE, E_ROW_ALTERED, E_VALIDATION naming the fields of the input that do not
 *   fit, E_STOPPED for what starts by itself after stop-all
 */
export async function startExecution(
  deps: StartDeps,
  request: StartRequest,
): Promise<{ executionId: string; isDuplicate: boolean }> {
  const run = planRun(deps, request.found ?? (await readStartable(deps, request.skill)), request);
  const { executionId, isDuplicate, refusal } = await commitRun(deps, run, request.signal);
  if (refusal) throw refusal;
  return { executionId, isDuplicate };
}

/**
 * Checks a request and makes of it what is to be written. Writes nothing itself.
 *
 * @param db where to read: the client, or the transaction that will write it
 * @throws AlfredError as startExecution does
 */
export async function planExecution(
  deps: Pick<StartDeps, 'vault' | 'settings'>,
  db: Pick<Transaction, 'skill' | 'skillVersion' | 'config'>,
  request: StartRequest,
): Promise<NewExecution> {
  const startables = await readStartables({ db, settings: deps.settings }, [request.skill]);
  return planRun(deps, startables.get(request.skill), request);
}

/** The same, of a skill that was read already. */
export function planRun(
  { vault }: Pick<StartDeps, 'vault'>,
  startable: Startable | AlfredError | undefined,
  request: StartRequest,
): NewExecution {
  if (!startable) {
    throw new AlfredError('E_NOT_FOUND', `There is no skill "${request.skill}".`, {
      remedy: 'See which there are: npx alfred skill list',
    });
  }
  if (startable instanceof AlfredError) throw startable;
  const { skill, definition, hash, model } = startable;
  if (skill.isSystem && skill.slug === teachSlug) {
    throw new AlfredError(
      'E_SYSTEM_SKILL',
      `"${skill.name}" is talked with, in a conversation, and not run.`,
      {
        remedy: 'Teach in the terminal with npx alfred skill teach, or in the console’s chat.',
      },
    );
  }
  if (!skill.isActive) {
    throw new AlfredError('E_SKILL_INACTIVE', `The skill "${skill.slug}" is a draft.`, {
      remedy: 'Set its "isActive" to true, then run it again.',
    });
  }
  const given = withDefaults(skill, request.input);
  checkInput(definition, given);
  const mode = model.rehearsal ? 'rehearsal' : request.mode;
  return {
    id: newId(),
    skill,
    version: { number: skill.version, hash, stepIds: definition.steps.map((step) => step.id) },
    mode,
    model: mode === 'rehearsal' ? 'rehearsal' : (skill.model ?? model.model),
    actor: storableText(request.actor),
    trigger: request.trigger,
    triggerDetail: storableJson(vault.redactor.value(request.triggerDetail ?? {})),
    dedupeKey: request.dedupeKey,
    // Redacted before it is stored; placeholders are filled from what is stored.
    input: storableJson(vault.redactor.value(given)),
  };
}

/** The defaults that the input's schema names for its properties. */
function withDefaults(
  skill: Pick<Startable['skill'], 'inputSchema'>,
  input: Record<string, unknown>,
): Record<string, unknown> {
  const properties = (skill.inputSchema as { properties?: Record<string, { default?: unknown }> } | null)
    ?.properties;
  const defaults = Object.entries(properties ?? {}).filter(([, schema]) => schema?.default !== undefined);
  return { ...Object.fromEntries(defaults.map(([name, schema]) => [name, schema.default])), ...input };
}

/** @throws AlfredError E_VALIDATION naming the fields that do not fit the schema, and those that a prompt misses or that make it too long */
export function checkInput(definition: SkillDefinition, input: Record<string, unknown>): void {
  const wrong: FieldError[] = definition.inputSchema
    ? misfits(compileSchema(definition.inputSchema), input, '/input')
    : [];
  const named = new Set(wrong.map(({ field }) => field));
  const fieldOf = (placeholder: string) => `/input/${placeholder.replaceAll('.', '/')}`;
  const misfit = definition.steps
    .flatMap((step) => [step.prompt, step.guidance ?? ''])
    .map((text) => measurePlaceholders(text, input))
    .flatMap(({ missing, tooLong }) => [
      ...missing.map((placeholder) => ({
        field: fieldOf(placeholder),
        message: `is required: the skill's prompt uses {{${placeholder}}}`,
      })),
      ...(tooLong === undefined
        ? []
        : [
            {
              field: fieldOf(tooLong),
              message: `is too long: the skill's prompt uses {{${tooLong}}}, and would have more than ${longestRendered} characters`,
            },
          ]),
    ])
    .filter(({ field }) => !named.has(field));
  const byField = new Map([...wrong, ...misfit].map((error) => [error.field, error]));
  if (byField.size > 0) throw validationError('The input', [...byField.values()]);
}
