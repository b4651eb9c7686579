import { type Command, Option } from 'commander';
import { isRecord } from '../../contract/is-record.ts';
import type { SkillField } from '../../contract/skill-field.ts';
import { fieldsWith, skillFields } from '../../contract/skill-fields.ts';
import { type NewSkillResult, type SkillDefinition, skillDefinitionSchema } from '../../contract/skills.ts';
import { fieldErrors } from '../../kernel/validate.ts';
import { addVerb, collect, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { flagOf } from '../flag-of.ts';
import { parseJson, readText } from '../json-input.ts';
import { CliProblem, usageProblem } from '../problem.ts';
import { toolTokensWords } from '../render/skill.ts';
import { clean } from '../render/text.ts';
import { createFromTemplate, type TemplateOptions } from './skill-from-template.ts';

type Options = TemplateOptions & {
  file?: string;
  from?: string;
  slug?: string;
  name?: string;
  prompt?: string;
  promptFile?: string;
  guidance?: string;
  tool?: string[];
  inputSchema?: string;
  draft?: boolean;
};

/** The options that each give one field of a skill. */
const fieldOptions = fieldsWith('option').flatMap((name) => {
  const { option }: SkillField = skillFields[name];
  return option === undefined
    ? []
    : [{ name, isNumber: option.isNumber === true, option: new Option(option.flag, option.words) }];
});

/** What they say. A number that is none is refused by the skill's own check. */
function fieldsOf(options: Options): Record<string, unknown> {
  const given = new Map(Object.entries(options));
  return Object.fromEntries(
    fieldOptions.flatMap(({ name, isNumber, option }) => {
      const text = given.get(option.attributeName());
      if (text === undefined) return [];
      return [[name, isNumber ? Number(text) : text]];
    }),
  );
}

const stepFlags = ['slug', 'name', 'prompt', 'promptFile', 'guidance', 'tool', 'inputSchema'] as const;

async function readDefinition(context: Context, options: Options): Promise<unknown> {
  if (options.file !== undefined) {
    const twice = stepFlags.find((flag) => options[flag] !== undefined);
    if (twice !== undefined)
      throw usageProblem(`--file has the whole skill, so --${twice} has no place beside it`);
    const definition = parseJson(
      await readText(context, options.file),
      options.file === '-' ? 'standard input' : options.file,
    );
    return options.draft === true && isRecord(definition) ? { ...definition, isActive: false } : definition;
  }
  if (options.prompt !== undefined && options.promptFile !== undefined) {
    throw usageProblem('--prompt and --prompt-file say the same thing twice', 'use one of them');
  }
  const prompt =
    options.promptFile === undefined ? options.prompt : await readText(context, options.promptFile);
  if (options.slug === undefined || prompt === undefined) {
    throw usageProblem(
      'A skill needs a slug and a prompt',
      'give --slug and --prompt, or the whole skill with --file',
    );
  }
  const schema = options.inputSchema;
  return {
    slug: options.slug,
    name: options.name ?? options.slug,
    steps: [
      {
        id: 1,
        prompt,
        allowedTools: options.tool ?? [],
        ...(options.guidance === undefined ? {} : { guidance: options.guidance }),
      },
    ],
    triggerType: 'manual',
    ...(schema === undefined ? {} : { inputSchema: parseJson(await readText(context, schema), schema) }),
    ...fieldsOf(options),
    ...(options.draft === true ? { isActive: false } : {}),
  };
}

const wholeFlags = ['file', 'prompt', 'promptFile', 'guidance', 'tool', 'inputSchema'] as const;

/** What is given in the place of a template's own. */
function templateFields(options: Options): Record<string, unknown> {
  const twice = wholeFlags.find((flag) => options[flag] !== undefined);
  if (twice !== undefined) {
    throw usageProblem(
      `--from has the steps, so ${flagOf(twice)} has no place beside it`,
      'make it, then change it with alfred skill edit',
    );
  }
  const { slug, name, draft } = options;
  return {
    ...(slug === undefined ? {} : { slug }),
    ...(name === undefined ? {} : { name }),
    ...fieldsOf(options),
    ...(draft === true ? { isActive: false } : {}),
  };
}

/** @throws CliProblem E_VALIDATION with each field that is wrong */
function parseDefinition(definition: unknown): SkillDefinition {
  const parsed = skillDefinitionSchema.safeParse(definition);
  if (parsed.success) return parsed.data;
  throw new CliProblem('E_VALIDATION', 'The skill is not right', {
    fields: fieldErrors(parsed.error.issues),
  });
}

/** What was saved, and what to do next. */
function tell(context: Context, skill: NewSkillResult): void {
  const { out, err } = context;
  present(
    context,
    skill,
    () => `${out.green('✓')} ${out.bold(skill.slug)} is saved as version ${skill.version}`,
  );
  for (const warning of skill.warnings ?? []) context.note(`${err.yellow('!')} ${clean(warning)}`);
  for (const one of skill.toolTokens ?? [])
    context.note(err.dim(`  step ${one.step}: ${toolTokensWords(one)}`));
  const { secret } = skill.triggerConfig;
  if (typeof secret === 'string') {
    context.note(`  the webhook’s secret, shown this once: ${err.bold(clean(secret))}`);
  }
  if (skill.triggerType === 'webhook') {
    context.note(err.dim(`  its address: alfred skill hook ${skill.slug}`));
  }
  if (skill.isActive) context.note(err.dim(`  try it with alfred skill run ${skill.slug} --rehearse`));
}

export function addSkillCreate(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'create',
    summary: 'make a skill, in one line, from a JSON file or from a template',
    examples: [
      [
        'alfred skill create --slug tidy --prompt "List what lies in {{folder}}" --tool mcp__files__list_directory',
        'one step; {{folder}} stands for the run’s input',
      ],
      [
        'alfred skill create --from folder-digest --answer FOLDER=$HOME/Papers',
        'adds the connections it needs',
      ],
      ['alfred skill create --file skill.json', 'the whole definition; - reads standard input'],
    ],
    options: (command) => {
      command
        .option('--from <template>', 'one that ships; see alfred skill templates')
        .option('--answer <NAME=value>', 'with --from: the answer to a question of its connections', collect)
        .option(
          '--connect <WANTED=NAME>',
          'with --from: another connection in the place of one that it wants',
          collect,
        )
        .option('--secret-stdin', 'with --from: read secret answers from standard input (NAME=value lines)')
        .option('--secret-file <NAME=path>', 'with --from: read a secret answer from a file', collect)
        .option('--private-network', 'with --from: its addresses may be in your own network')
        .option('-y, --yes', 'with --from: add its connections without asking')
        .option('-f, --file <file>', 'the whole skill as JSON; - for standard input')
        .option('--slug <slug>', 'its name in commands')
        .option('--name <name>', 'its name for people')
        .option('--prompt <text>', 'what the one step asks for')
        .option('--prompt-file <file>', 'the same, from a file')
        .option('--guidance <text>', 'how to go about it')
        .option(
          '--tool <name>',
          'a tool the step may use, mcp__CONNECTION__TOOL or mcp__CONNECTION__* (again for more)',
          collect,
        )
        .option('--input-schema <file>', 'a JSON Schema that the run’s input must fit')
        .option('--draft', 'save it switched off; it may name tools that are not there yet');
      for (const { option } of fieldOptions) command.addOption(option);
    },
    async run(context, _operands, options) {
      if (options.from !== undefined) {
        return createFromTemplate(context, options.from, templateFields(options), options);
      }
      const definition = parseDefinition(await readDefinition(context, options));
      const skill = await (await context.api()).createSkill({ body: definition });
      tell(context, skill);
      return undefined;
    },
  });
}
