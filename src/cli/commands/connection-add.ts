import type { Command } from 'commander';
import {
  type ConnectionInput,
  type ConnectionType,
  connectionInputSchema,
  connectionTypes,
  hasUnknownOrigin,
} from '../../contract/connection-types.ts';
import type { Connection, ConnectionWalls } from '../../contract/connections.ts';
import { fieldErrors } from '../../kernel/validate.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { addTargetOptions, type TargetOptions } from '../connection-options.ts';
import { readTarget } from '../connection-target.ts';
import { type Context, columnsOf, present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CliProblem, missingSeparator, toProblem, usageProblem } from '../problem.ts';
import { confirmOrStop } from '../prompts.ts';
import { plural } from '../render/figures.ts';
import { renderFields } from '../render/table.ts';
import { renderWalls, targetFields } from '../render/target.ts';
import { clean } from '../render/text.ts';
import { discover } from './connection-discover.ts';

type Options = TargetOptions & { approve?: boolean; yes?: boolean; discover: boolean };

/** What kind of connection the options speak of. */
function typeOf(name: string, words: string[], options: Options): ConnectionType {
  const said: Readonly<Record<string, unknown>> = { ...options, command: words[0] };
  const types = Object.keys(connectionTypes) as ConnectionType[];
  const [kind, other] = types.filter((type) =>
    connectionTypes[type].saidBy.some((option) => said[option] !== undefined),
  );
  if (kind === undefined) {
    throw usageProblem(
      'There is nothing to run and nothing to call',
      `alfred connection add ${name} -- npx -y some-mcp-server, or --url https://…, or --openapi https://…`,
    );
  }
  if (other !== undefined)
    throw usageProblem('A command, --url and --openapi say what it is in different ways', 'use one of them');
  return kind;
}

async function readInput(
  context: Context,
  name: string,
  words: string[],
  options: Options,
): Promise<ConnectionInput> {
  const type = typeOf(name, words, options);
  const config = await readTarget(context, type, words, options);
  const parsed = connectionInputSchema.safeParse({ name, type, config });
  if (parsed.success) return parsed.data;
  const [wrong] = fieldErrors(parsed.error.issues);
  throw usageProblem(
    `${wrong?.field.replace(/^\/(?:config\/)?/, '') || 'The connection'}: ${wrong?.message ?? 'is not right'}`,
    'alfred connection add --help',
  );
}

type Planned = { input: ConnectionInput; warnings: string[]; walls?: ConnectionWalls };

/**
 * The input as it is approved: with the place of an API in it, where only its document says it. Of a program, the walls that it would
 * run behind.
 */
async function plan(context: Context, input: ConnectionInput): Promise<Planned> {
  if (input.type !== 'mcp_stdio' && !hasUnknownOrigin(input)) return { input, warnings: [] };
  const api = await context.api();
  const planned = await api.createConnection({ query: { preview: 'true' }, body: input });
  const { config, warnings = [], walls } = planned;
  if (input.type === 'mcp_stdio') return { input, warnings, ...(walls === undefined ? {} : { walls }) };
  const { origin } = config;
  return input.type === 'http_api' && typeof origin === 'string'
    ? { input: { ...input, config: { ...input.config, origin } }, warnings }
    : { input, warnings };
}

/** What exactly will be started or called, before anything is. */
function describe(
  context: Context,
  { name, type, config }: ConnectionInput,
  walls?: ConnectionWalls,
): string {
  const { err } = context;
  const width = Math.min(columnsOf(context.stderr) ?? 100, 100);
  return renderFields(
    [
      ['connection', err.bold(name)],
      ...targetFields(type, config, width),
      ['walls', walls === undefined ? undefined : renderWalls(walls, width, err)],
    ],
    err.dim,
  );
}

const warn = (context: Context, warning: string) =>
  context.note(`${context.err.yellow('!')} ${clean(warning)}`);

/** The connection with its tools, or why they cannot be read; it is there all the same. */
async function withTools(
  context: Context,
  connection: Connection,
): Promise<{ connection: Connection; failure?: CliProblem }> {
  const { name } = connection;
  try {
    const { warnings } = await discover(context, name);
    for (const warning of warnings) warn(context, warning);
    return { connection: await (await context.api()).getConnection({ params: { name } }) };
  } catch (error) {
    return { connection, failure: toProblem(error) };
  }
}

/** What to do next. */
function hint(
  context: Context,
  { name, approved, tools }: Connection,
  failure: CliProblem | undefined,
): void {
  const { err } = context;
  if (failure) {
    context.note(`${err.yellow('!')} its tools could not be read: ${failure.message}`);
    if (failure.remedy) context.note(`  hint: ${failure.remedy}`);
    context.note(`  once that is put right: alfred connection discover ${name}`);
  } else if (!approved) {
    context.note(err.dim(`  allow it: alfred connection approve ${name}`));
  } else if (tools.length > 0) {
    context.note(err.dim(`  see them with alfred connection show ${name}`));
  }
}

const examples: [string, string][] = [
  [
    'alfred connection add files -- npx -y @modelcontextprotocol/server-filesystem ~/Documents',
    'a file server on one folder',
  ],
  [
    'alfred connection add github --secret GITHUB_TOKEN -- npx -y some-github-server',
    'asks for the token, which the server then gets as an environment variable',
  ],
  [
    'alfred connection add db --secret-file DB_URL=./url.txt --yes -- npx -y some-db-server',
    'for a script: nothing is asked',
  ],
  [
    'alfred connection add mail --url https://mail.example/mcp --auth bearer',
    'an MCP server by HTTP: asks for the token',
  ],
  [
    'alfred connection add shop --openapi ./openapi.json --base-url https://shop.example --auth header:X-Key',
    'an HTTP API: its operations become tools',
  ],
];

export function addConnectionAdd(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'add <name> [command...]',
    summary: 'add an MCP server, here or by HTTP, or an HTTP API',
    description:
      'Shows exactly what will run or be called, and asks before anything is (without a terminal it takes your command for the yes); an API document at an address is read for that where it alone says where the API is. The command of a program and its arguments come after --. Values of secrets are asked for, or read from standard input or a file; never from the command line.',
    examples,
    options: (command) =>
      addTargetOptions(command)
        .option('--approve', 'approve it without asking')
        .option('-y, --yes', 'the same')
        .option('--no-discover', 'do not ask for its tools yet'),
    async run(context, [name = '', ...words], options) {
      if (words.length > 0 && !context.argv.includes('--')) throw missingSeparator();
      const { input, warnings, walls } = await plan(context, await readInput(context, name, words, options));
      context.note(
        `${context.canAsk ? '\n' : ''}${describe(context, input, walls)}${context.canAsk ? '\n' : ''}`,
      );
      for (const warning of warnings) warn(context, warning);
      await confirmOrStop(
        context,
        connectionTypes[input.type].isStarted
          ? 'run this on your behalf from now on?'
          : 'call this on your behalf from now on?',
        options.approve === true || options.yes === true,
      );
      const created = await (await context.api()).createConnection({ body: input });
      const isNew = (warning: string) => !warnings.includes(warning);
      for (const warning of (created.warnings ?? []).filter(isNew)) warn(context, warning);
      const { connection, failure } =
        options.discover && created.approved ? await withTools(context, created) : { connection: created };
      // To sign in is what comes next, and no fault of it.
      const isBroken = failure !== undefined && failure.code !== 'E_NEEDS_LOGIN';
      present(context, connection, () => {
        const { out } = context;
        const tools = connection.tools.length === 0 ? '' : ` with ${plural(connection.tools.length, 'tool')}`;
        const mark = isBroken ? out.yellow('!') : out.green('✓');
        return `${mark} ${out.bold(name)} is added${isBroken ? ', and does not work yet' : tools}`;
      });
      hint(context, connection, failure);
      return isBroken ? exitCodes.failed : undefined;
    },
  });
}
