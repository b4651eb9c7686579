/** `alfred skill create --from`: adds the connections that a template wants, then makes the skill. */
import path from 'node:path';
import { type ConnectionInput, connectionTypes } from '../../contract/connection-types.ts';
import type { Connection } from '../../contract/connections.ts';
import {
  fillConnection,
  type Template,
  type TemplateConnection,
  unanswered,
} from '../../contract/templates.ts';
import type { Api } from '../api.ts';
import { type Context, columnsOf, present } from '../context.ts';
import { CliProblem, toProblem, usageProblem } from '../problem.ts';
import { askSecret, askText, confirmOrStop } from '../prompts.ts';
import { commandLine } from '../render/connection.ts';
import { formatTime } from '../render/figures.ts';
import { renderPlan } from '../render/template.ts';
import { clean } from '../render/text.ts';
import { readSecrets, splitPair } from '../secrets.ts';
import { discover } from './connection-discover.ts';

export type TemplateOptions = {
  answer?: string[];
  connect?: string[];
  secretStdin?: boolean;
  secretFile?: string[];
  privateNetwork?: boolean;
  yes?: boolean;
};

type Answers = Record<string, string>;

/** @param fields of the skill, in the place of the template's own */
export async function createFromTemplate(
  context: Context,
  id: string,
  fields: Readonly<Record<string, unknown>>,
  options: TemplateOptions,
): Promise<undefined> {
  const api = await context.api();
  const template = await findTemplate(api, id);
  await refuseTaken(api, String(fields.slug ?? id));
  const chosen = readChoice(template, options.connect ?? []);
  const wanted = await Promise.all(template.connections.map((one) => inItsPlace(api, one, chosen)));
  const missing = wanted.filter(({ there }) => there === undefined);
  for (const { name, wantedAs, there } of wanted) {
    if (there === undefined) continue;
    context.note(
      `  ${context.err.bold(name)} is there already and is used as it is: ${commandLine(there.config)}`,
    );
    const other = `--connect ${wantedAs}=ANOTHER_NAME`;
    if (name === wantedAs) context.note(context.err.dim(`    for another one use ${other}`));
  }

  const answers = await readAnswers(context, missing, options);
  if (missing.length > 0) await addConnections(context, missing, answers, options);

  const made = await api.createSkill({
    body: {
      ...fields,
      from: id,
      connections: chosen,
    },
  });
  present(context, made, () => {
    const { out } = context;
    return `${out.green('✓')} ${out.bold(made.slug)} is made from ${id}${made.isActive ? '' : ', a draft'}`;
  });
  for (const warning of made.warnings ?? []) context.note(`${context.err.yellow('!')} ${clean(warning)}`);
  const { secret } = made.triggerConfig;
  if (typeof secret === 'string') {
    context.note(`  the webhook’s secret, shown this once: ${context.err.bold(clean(secret))}`);
  }
  if (made.nextRunAt !== null) {
    context.note(context.err.dim(`  runs by itself, next ${formatTime(made.nextRunAt, context.now())}`));
  }
  if (made.isActive) context.note(context.err.dim(`  try it with alfred skill run ${made.slug} --rehearse`));
  return undefined;
}

async function findTemplate(api: Api, id: string): Promise<Template> {
  const { items } = await api.listTemplates();
  const template = items.find((item) => item.id === id);
  if (template) return template;
  throw new CliProblem('E_NOT_FOUND', `There is no template ${id}`, {
    remedy: `use one of ${items.map((item) => item.id).join(', ')}`,
  });
}

/** `--connect files=papers`: by the template's name, the person's own. */
function readChoice({ connections }: Template, pairs: string[]): Record<string, string> {
  const names = connections.map(({ name }) => name);
  const entries = pairs.map((pair) => splitPair('--connect', pair, 'WANTED=NAME'));
  const stranger = entries.find(([wanted]) => !names.includes(wanted));
  if (stranger) {
    throw usageProblem(
      `--connect ${stranger[0]} names no connection of this template`,
      names.length === 0 ? 'it wants none' : `it wants ${names.join(', ')}`,
    );
  }
  return Object.fromEntries(entries);
}

type Wanted = TemplateConnection & { wantedAs: string; there: Connection | undefined };

/** A connection of the template under the name that was chosen for it, with the one of that name if it is there. */
async function inItsPlace(
  api: Api,
  connection: TemplateConnection,
  chosen: Record<string, string>,
): Promise<Wanted> {
  const name = chosen[connection.name] ?? connection.name;
  const there = await orNothing(api.getConnection({ params: { name } }));
  const { exists: _exists, fits: _fits, ...wanted } = connection as Template['connections'][number];
  return { ...wanted, name, wantedAs: connection.name, there };
}

/** What was asked for, or undefined when it is not there. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CliProblem && error.code === 'E_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Said before anything is asked or added. */
async function refuseTaken(api: Api, slug: string): Promise<void> {
  if ((await orNothing(api.getSkill({ params: { slug } }))) === undefined) return;
  throw new CliProblem('E_CONFLICT', `There is a skill ${slug} already`, {
    remedy: 'choose another name with --slug',
  });
}

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
    if (!question) {
      const names = questions.map((one) => one.name).join(', ');
      throw usageProblem(
        `--answer ${name} answers no question of this template`,
        names === '' ? 'it asks none now' : `it asks for ${names}`,
      );
    }
    if (question.secret)
      throw usageProblem(`${name} is a secret`, 'give it with --secret-stdin or --secret-file');
    answers[name] = asPath(context, value, question.example);
  }
  const secrets = questions.filter(({ secret }) => secret).map(({ name }) => name);
  if (options.secretStdin === true || (options.secretFile ?? []).length > 0) {
    const files = options.secretFile ?? [];
    const values = await readSecrets(context, {
      names: secrets,
      files,
      stdin: options.secretStdin === true,
    });
    Object.assign(answers, values);
  }
  for (const connection of connections) {
    // Asked for one connection after the other: an answer that two of them share is asked for once.
    for (const { name, question, example, secret } of unanswered(connection, answers)) {
      if (!secret && !context.canAsk) {
        throw usageProblem(`${name} is needed: ${question}`, `write --answer ${name}=${example ?? '…'}`);
      }
      answers[name] = secret
        ? await askSecret(context, question)
        : asPath(context, await askText(context, question, example), example);
    }
  }
  return answers;
}

/** An answer to a question whose example is a path: what a shell would have made of it, as the server has another folder. */
const asPath = ({ env }: Context, answer: string, example: string | undefined): string =>
  example?.startsWith('/') ? path.resolve(answer.replace(/^~(?=\/|$)/, env.HOME ?? '~')) : answer;

/** Shows exactly what would run or be dialled, asks once, adds it, and asks each for its tools. */
async function addConnections(
  context: Context,
  connections: readonly TemplateConnection[],
  answers: Answers,
  { privateNetwork, yes }: TemplateOptions,
): Promise<void> {
  const fill = (connection: TemplateConnection, values: Answers) => {
    const filled = fillConnection(connection, values);
    const isDialled = !connectionTypes[connection.type].isStarted && privateNetwork === true;
    return isDialled ? { ...filled, config: { ...filled.config, allowPrivateNetwork: true } } : filled;
  };
  const columns = Math.min(columnsOf(context.stderr) ?? 100, 100);
  for (const connection of connections) {
    const secretless = connection.ask.map(({ name, secret }) => [
      name,
      secret ? name : (answers[name] ?? ''),
    ]);
    const { config } = fill(connection, Object.fromEntries(secretless));
    context.note(`\n${renderPlan(connection, config, context.err, columns)}`);
  }
  context.note('');
  const what = connections.every(({ type }) => connectionTypes[type].isStarted) ? 'run' : 'run or call';
  await confirmOrStop(context, `${what} this on your behalf from now on?`, yes === true);

  const api = await context.api();
  for (const connection of connections) {
    // Whether a filled config fits its type is the server's to say.
    const body = fill(connection, answers) as ConnectionInput;
    const { name } = await api.createConnection({ body });
    try {
      await discover(context, name);
    } catch (error) {
      // The connection is there all the same: the skill is a draft until it answers, which is said with it.
      const { message, remedy } = toProblem(error);
      context.note(`${context.err.yellow('!')} the tools of ${name} could not be read: ${clean(message)}`);
      if (remedy) context.note(`  hint: ${clean(remedy)}`);
      context.note(`  once that is put right: alfred connection discover ${name}`);
    }
  }
}
