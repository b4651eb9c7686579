/** `alfred skill create --from`: adds the connections that a template wants, then makes the skill. */
import { connectionSchema } from '../../contract/connections.ts';
import { skillImportResultSchema } from '../../contract/skills.ts';
import { fillConnection, type TemplateConnection, unanswered } from '../../contract/templates.ts';
import { type Context, present } from '../context.ts';
import { CliProblem, usageProblem } from '../problem.ts';
import { askSecret, askText, confirmOrStop } from '../prompts.ts';
import { commandLine } from '../render/connection.ts';
import { renderFields } from '../render/table.ts';
import { clean } from '../render/text.ts';
import { readSecrets, splitPair } from '../secrets.ts';
import { discover } from './connection-discover.ts';
import { templatesSchema } from './skill-templates.ts';

export type TemplateOptions = {
  slug?: string;
  answer?: string[];
  secretStdin?: boolean;
  secretFile?: string[];
  yes?: boolean;
};

type Answers = Record<string, string>;

export async function createFromTemplate(
  context: Context,
  id: string,
  options: TemplateOptions,
): Promise<undefined> {
  const api = await context.api();
  const { items } = await api.get(templatesSchema, '/api/v1/templates');
  const template = items.find((item) => item.id === id);
  if (!template) {
    throw new CliProblem('E_NOT_FOUND', `There is no template ${id}`, {
      remedy: `use one of ${items.map((item) => item.id).join(', ')}`,
    });
  }
  const missing = template.connections.filter(({ exists }) => !exists);
  const answers = await readAnswers(context, missing, options);
  for (const connection of missing) await addConnection(context, connection, answers, options.yes === true);

  const made = await api.post(skillImportResultSchema, `/api/v1/templates/${id}/skills`, slugOf(options));
  const { skill, warnings } = made;
  present(
    context,
    made,
    () => `${context.out.green('✓')} ${context.out.bold(skill.slug)} is made from ${id}`,
  );
  for (const warning of warnings) context.note(`${context.err.yellow('!')} ${clean(warning)}`);
  if (typeof skill.triggerConfig.secret === 'string') {
    context.note(
      `  the webhook’s secret, shown this once: ${context.err.bold(clean(skill.triggerConfig.secret))}`,
    );
  }
  if (skill.isActive)
    context.note(context.err.dim(`  try it with alfred skill run ${skill.slug} --rehearse`));
  return undefined;
}

const slugOf = ({ slug }: TemplateOptions) => (slug === undefined ? {} : { slug });

/** From the options first, then from the person; a secret never from an argument. */
async function readAnswers(
  context: Context,
  connections: readonly TemplateConnection[],
  options: TemplateOptions,
): Promise<Answers> {
  const questions = connections.flatMap(({ ask }) => ask);
  const answers: Answers = {};
  for (const pair of options.answer ?? []) {
    const [name, value] = splitPair('--answer', pair, 'NAME=value');
    const question = questions.find((one) => one.name === name);
    if (!question) throw usageProblem(`--answer ${name} answers no question of this template`);
    if (question.secret)
      throw usageProblem(`${name} is a secret`, 'give it with --secret-stdin or --secret-file');
    answers[name] = value;
  }
  const given = options.secretStdin === true || (options.secretFile ?? []).length > 0;
  const secrets = questions.filter(({ secret }) => secret).map(({ name }) => name);
  if (given) {
    const values = await readSecrets(context, {
      names: secrets,
      files: options.secretFile ?? [],
      stdin: options.secretStdin === true,
    });
    Object.assign(answers, values);
  }
  for (const { name, question, example, secret } of connections.flatMap((one) => unanswered(one, answers))) {
    if (!secret && !context.canAsk) {
      throw usageProblem(`${name} is needed: ${question}`, `write --answer ${name}=${example ?? '…'}`);
    }
    answers[name] = secret ? await askSecret(context, question) : await askText(context, question, example);
  }
  return answers;
}

/** Shows exactly what would run or be dialled, asks, and adds it. */
async function addConnection(
  context: Context,
  connection: TemplateConnection,
  answers: Answers,
  isSure: boolean,
): Promise<void> {
  const secretless = Object.fromEntries(
    connection.ask.map(({ name, secret }) => [name, secret ? `(${name}, sealed)` : (answers[name] ?? '')]),
  );
  context.note(describe(context, connection, fillConnection(connection, secretless).config));
  const verb = connection.type === 'mcp_stdio' ? 'run' : 'call';
  await confirmOrStop(context, `${verb} this on your behalf from now on?`, isSure);
  await (await context.api()).post(
    connectionSchema,
    '/api/v1/connections',
    fillConnection(connection, answers),
  );
  await discover(context, connection.name);
}

function describe(
  context: Context,
  { name, why }: TemplateConnection,
  config: Record<string, unknown>,
): string {
  const { err } = context;
  const address = config.url ?? config.baseUrl;
  return `\n${renderFields(
    [
      ['connection', err.bold(name)],
      ['which', why],
      ['will run', typeof config.command === 'string' ? commandLine(config as never) : undefined],
      ['will call', typeof address === 'string' ? clean(address) : undefined],
    ],
    err.dim,
  )}\n`;
}
