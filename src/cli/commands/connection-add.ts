import type { Command } from 'commander';
import { type ConnectionInput, connectionInputSchema, connectionSchema } from '../../contract/connections.ts';
import { addVerb, collect, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { type CliProblem, missingSeparator, toProblem, usageProblem } from '../problem.ts';
import { confirmOrStop } from '../prompts.ts';
import { commandLine, describeLeaf } from '../render/connection.ts';
import { plural } from '../render/figures.ts';
import { renderFields } from '../render/table.ts';
import { clean, wrap } from '../render/text.ts';
import { readSecrets, splitPair } from '../secrets.ts';
import { discover } from './connection-discover.ts';

type StdioInput = Extract<ConnectionInput, { type: 'mcp_stdio' }>;

type Options = {
  env?: string[];
  secret?: string[];
  secretFile?: string[];
  secretStdin?: boolean;
  cwd?: string;
  sandbox?: string;
  network?: boolean;
  path?: string[];
  timeout?: string;
  approve?: boolean;
  yes?: boolean;
  discover: boolean;
};

/** `--env NAME=plain:value`: the mark says that a person knows the value to be no secret. */
function readEnv(pairs: string[]): Record<string, { plain: string }> {
  const entries = pairs.map((pair): [string, { plain: string }] => {
    const [name, value] = splitPair('--env', pair, 'NAME=plain:value');
    if (!value.startsWith('plain:')) {
      throw usageProblem(
        `--env ${name} holds a value that is not marked as plain; other processes can read a command line`,
        `write --env ${name}=plain:… if it is no secret, or --secret ${name} to be asked for it`,
      );
    }
    return [name, { plain: value.slice('plain:'.length) }];
  });
  return Object.fromEntries(entries);
}

/** A secret that the arguments name as `${NAME}` goes there; any other goes into the environment. */
function placeSecrets(
  secrets: Record<string, string>,
  args: string[],
): { env: Record<string, string>; secrets: Record<string, string> } {
  const isInArgs = (name: string) => args.some((arg) => arg.includes(`\${${name}}`));
  const pick = (wanted: boolean) =>
    Object.fromEntries(Object.entries(secrets).filter(([name]) => isInArgs(name) === wanted));
  return { env: pick(false), secrets: pick(true) };
}

async function readInput(
  context: Context,
  name: string,
  words: string[],
  options: Options,
): Promise<StdioInput> {
  const [command, ...args] = words;
  if (command === undefined) {
    throw usageProblem(
      'There is no command to run',
      `alfred connection add ${name} -- npx -y some-mcp-server`,
    );
  }
  const values = await readSecrets(context, {
    names: options.secret ?? [],
    files: options.secretFile ?? [],
    stdin: options.secretStdin === true,
  });
  const placed = placeSecrets(values, args);
  const timeoutMs = options.timeout === undefined ? undefined : Number(options.timeout) * 1000;
  const parsed = connectionInputSchema.safeParse({
    name,
    type: 'mcp_stdio',
    config: {
      command,
      args,
      env: { ...readEnv(options.env ?? []), ...placed.env },
      secrets: placed.secrets,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.sandbox === undefined ? {} : { sandbox: options.sandbox }),
      ...(options.network === undefined ? {} : { network: options.network }),
      ...(options.path === undefined ? {} : { paths: options.path }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    },
  });
  if (parsed.success && parsed.data.type === 'mcp_stdio') return parsed.data;
  const [issue] = parsed.error?.issues ?? [];
  throw usageProblem(
    `${issue?.path.join('.') || 'The connection'}: ${issue?.message ?? 'is not right'}`,
    'alfred connection add --help',
  );
}

/** What exactly will be started, before anything is. */
function describe(context: Context, input: StdioInput): string {
  const { err } = context;
  const width = Math.min(context.stderr.columns ?? 100, 100);
  const names = (leaves: Record<string, unknown>) =>
    Object.entries(leaves)
      .map(([leaf, value]) => `${leaf} ${describeLeaf(value)}`)
      .join('\n') || undefined;
  return renderFields(
    [
      ['connection', err.bold(input.name)],
      ['will run', wrap(commandLine(input.config), width - 12)],
      ['with env', names(input.config.env)],
      ['in its args', names(input.config.secrets)],
      ['in folder', input.config.cwd],
      ['sandbox', input.config.sandbox],
    ],
    err.dim,
  );
}

export function addConnectionAdd(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'add <name> [command...]',
    summary: 'add an MCP server that runs on this machine',
    description:
      'Shows exactly what will run and asks before anything starts. The command and its arguments come after --. Values of secrets are asked for, or read from standard input or a file; never from the command line.',
    examples: [
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
    ],
    options: (command) =>
      command
        .option(
          '--env <NAME=plain:value>',
          'an environment variable that is no secret (again for more)',
          collect,
        )
        .option(
          '--secret <NAME>',
          'a secret to ask for: an environment variable, or ${NAME} in the arguments',
          collect,
        )
        .option('--secret-stdin', 'read the secret from standard input (several: NAME=value lines)')
        .option('--secret-file <NAME=path>', 'read a secret from a file', collect)
        .option('--cwd <folder>', 'where the server runs; a folder of its own when left out')
        .option(
          '--sandbox <kind>',
          'off, default (hides keys and database) or strict (hides all but --path, no network)',
        )
        .option('--network', 'with --sandbox strict: leave the network')
        .option('--path <folder>', 'with --sandbox strict: a folder it may use', collect)
        .option('--timeout <seconds>', 'for one call')
        .option('--approve', 'approve the command without asking')
        .option('-y, --yes', 'the same')
        .option('--no-discover', 'do not ask for its tools yet'),
    async run(context, [name = '', ...words], options) {
      if (!context.argv.includes('--')) throw missingSeparator();
      const input = await readInput(context, name, words, options);
      context.note(`${context.canAsk ? '\n' : ''}${describe(context, input)}${context.canAsk ? '\n' : ''}`);
      await confirmOrStop(
        context,
        'run this on your behalf from now on?',
        options.approve === true || options.yes === true,
      );
      const api = await context.api();
      let connection = await api.post(connectionSchema, '/api/v1/connections', input);

      for (const warning of connection.warnings ?? [])
        context.note(`${context.err.yellow('!')} ${clean(warning)}`);

      let failure: CliProblem | undefined;
      if (options.discover && connection.approved) {
        try {
          await discover(context, name);
          connection = await api.get(connectionSchema, `/api/v1/connections/${name}`);
        } catch (error) {
          failure = toProblem(error); // the connection is there all the same: said below, and in its state
        }
      }
      present(context, connection, () => {
        const { out } = context;
        const tools = connection.tools.length === 0 ? '' : ` with ${plural(connection.tools.length, 'tool')}`;
        return `${out.green('✓')} ${out.bold(name)} is added${tools}`;
      });
      if (failure) {
        context.note(`${context.err.yellow('!')} its tools could not be read: ${failure.message}`);
        if (failure.remedy) context.note(`  hint: ${failure.remedy}`);
        context.note(`  once that is put right: alfred connection discover ${name}`);
      } else if (connection.tools.length > 0) {
        context.note(context.err.dim(`  see them with alfred connection show ${name}`));
      }
      return undefined;
    },
  });
}
