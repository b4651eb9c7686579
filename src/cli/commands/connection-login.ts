import type { Command } from 'commander';
import type { Connection } from '../../contract/connections.ts';
import type { BeginLogin, LoginBegun } from '../../contract/logins.ts';
import { addVerb, collect, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { listenOnLoopback } from '../loopback-listener.ts';
import { refusedProblem, usageProblem } from '../problem.ts';
import { askSecret } from '../prompts.ts';
import { plural } from '../render/figures.ts';
import { loginWords } from '../render/login.ts';
import { clean } from '../render/text.ts';
import { readSecrets, readStdin } from '../secrets.ts';

type Options = {
  paste?: boolean;
  clientId?: string;
  clientSecret?: boolean;
  secretFile?: string[];
  secretStdin?: boolean;
  scope?: string;
  guess?: boolean;
  withoutResource?: boolean;
};

async function wishOf(context: Context, options: Options): Promise<Omit<BeginLogin, 'way'>> {
  const { clientId, scope, secretFile: files = [], secretStdin: stdin = false } = options;
  const wantsSecret = options.clientSecret === true || files.length > 0 || stdin;
  if (wantsSecret && clientId === undefined) throw usageProblem('A secret goes with --client-id');
  if (stdin && options.paste === true)
    throw usageProblem('Standard input cannot be both the secret and the address', 'use --secret-file');
  const { clientSecret } = wantsSecret
    ? await readSecrets(context, { names: ['clientSecret'], files, stdin })
    : { clientSecret: undefined };
  return {
    guessEndpoints: options.guess === true,
    omitResource: options.withoutResource === true,
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(scope === undefined ? {} : { scope }),
  };
}

function invite(context: Context, { url, issuer, scope, expiresAt }: LoginBegun): void {
  const { err } = context;
  // Needed even where nothing else is said: without it nobody can sign in.
  context.stderr.write(`open this in a browser and sign in:\n\n  ${clean(url)}\n\n`);
  context.note(
    err.dim(`  with ${clean(issuer)}${scope === null ? '' : `, which is asked for: ${clean(scope)}`}`),
  );
  context.note(err.dim(`  until ${expiresAt.slice(11, 16)} UTC`));
}

/** A browser on this machine comes back by itself. */
async function byListener(
  context: Context,
  name: string,
  wish: Omit<BeginLogin, 'way'>,
): Promise<Connection> {
  const api = await context.api();
  const listener = await listenOnLoopback();
  const stop = new AbortController();
  const forget = context.onInterrupt(() => stop.abort(refusedProblem('stopped, nobody is signed in')));
  let timer: NodeJS.Timeout | undefined;
  try {
    const begun = await api.beginLogin({
      params: { name },
      body: { ...wish, way: 'loopback', port: listener.port },
    });
    invite(context, begun);
    context.note(
      context.err.dim(`  is the browser on another machine? alfred connection login ${name} --paste`),
    );
    const left = Date.parse(begun.expiresAt) - Date.now();
    timer = setTimeout(() => stop.abort(refusedProblem('nobody signed in within ten minutes')), left);
    const callbackUrl = await listener.visit(stop.signal).catch(async (error: unknown) => {
      await api.cancelLogin({ params: { name } });
      throw error;
    });
    return await api.finishLogin({ params: { name }, body: { callbackUrl } });
  } finally {
    clearTimeout(timer);
    forget();
    await listener.close();
  }
}

/** The address at which the browser ends holds a code: it is typed unseen, or comes on standard input. */
async function byPaste(context: Context, name: string, wish: Omit<BeginLogin, 'way'>): Promise<Connection> {
  const api = await context.api();
  const begun = await api.beginLogin({ params: { name }, body: { ...wish, way: 'paste' } });
  invite(context, begun);
  context.note('the browser ends at an address that may show no page: copy all of it\n');
  const callbackUrl = context.canAsk
    ? await askSecret(context, 'the address')
    : (await readStdin(context)).trim();
  return api.finishLogin({ params: { name }, body: { callbackUrl } });
}

export function addConnectionLogin(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'login <name>',
    summary: 'sign in to the server of a connection, with a browser',
    description:
      'Prints an address to open in a browser. On the same machine the browser comes back by itself; with --paste, over SSH for instance, you copy the address at which it ends. Alfred registers itself where it can; else make a client at that server by hand and give its id.',
    examples: [
      ['alfred connection login mail', 'with a browser on this machine'],
      ['alfred connection login mail --paste', 'with a browser anywhere'],
      [
        'alfred connection login mail --client-id ID --client-secret',
        'as a client that you made there by hand; its secret is asked for',
      ],
    ],
    options: (command) =>
      command
        .option('--paste', 'copy the address at which the browser ends')
        .option('--client-id <id>', 'of a client that was made there by hand')
        .option('--client-secret', 'that client has a secret: ask for it')
        .option('--secret-file <clientSecret=path>', 'read it from a file', collect)
        .option('--secret-stdin', 'read it from standard input')
        .option('--scope <scope>', 'what to ask for, else what the server says that it wants')
        .option('--guess', 'try the usual addresses where the server says nowhere how one signs in')
        .option('--without-resource', 'do not say which server it is for, where that is refused'),
    async run(context, [name = ''], options) {
      const wish = await wishOf(context, options);
      const connection = await (options.paste === true ? byPaste : byListener)(context, name, wish);
      present(context, connection, () => {
        const { out } = context;
        const tools = plural(connection.tools.length, 'tool');
        const words = connection.login === undefined ? '' : `\n${out.dim(loginWords(connection.login))}`;
        return `${out.green('✓')} signed in to ${out.bold(name)}, with ${tools}${words}`;
      });
      for (const warning of connection.warnings ?? [])
        context.note(`${context.err.yellow('!')} ${clean(warning)}`);
      if (connection.lastError === null) return undefined;
      context.note(`${context.err.red('✗')} ${clean(connection.lastError)}`);
      return exitCodes.failed;
    },
  });
}
