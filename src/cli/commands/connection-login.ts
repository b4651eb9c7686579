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
import { byDevice } from './device-login.ts';
import { askForClient } from './make-client.ts';

type Options = {
  paste?: boolean;
  device?: boolean;
  redirectUri?: string;
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
    ...(options.redirectUri === undefined ? {} : { redirectUri: options.redirectUri }),
  };
}

type Wish = Awaited<ReturnType<typeof wishOf>>;

const deviceWish = ({ clientId, clientSecret, scope, omitResource }: Wish) => ({
  omitResource,
  ...(clientId === undefined ? {} : { clientId }),
  ...(clientSecret === undefined ? {} : { clientSecret }),
  ...(scope === undefined ? {} : { scope }),
});

/** A terminal of another machine: no browser there comes back to this one. */
const isFarAway = ({ env }: Context): boolean =>
  (env.SSH_CONNECTION ?? '') !== '' || (env.SSH_TTY ?? '') !== '';

/** The way that was asked for, or the one that leads back. */
async function signIn(context: Context, name: string, given: Wish, options: Options): Promise<Connection> {
  const api = await context.api();
  const { type } = await api.getConnection({ params: { name } });
  const offer = type === 'http_api' ? await api.offerLogin({ params: { name } }) : undefined;
  for (const warning of offer?.warnings ?? []) context.note(`${context.err.yellow('!')} ${clean(warning)}`);
  const wantsClient =
    offer !== undefined &&
    given.clientId === undefined &&
    offer.client.kept === null &&
    !offer.client.registers;
  const wish = wantsClient ? { ...given, ...(await askForClient(context, offer)) } : given;
  if (options.device === true) return byDevice(context, name, deviceWish(wish));
  if (options.paste === true || options.redirectUri !== undefined) return byPaste(context, name, wish);
  if (offer === undefined) return byListener(context, name, wish);
  const hasDevice = offer.ways.includes('device');
  if (hasDevice && (isFarAway(context) || !offer.ways.includes('browser')))
    return byDevice(context, name, deviceWish(wish));
  const takesPorts =
    offer.redirect?.takes === 'port' || (offer.client.registers && wish.clientId === undefined);
  return takesPorts && !isFarAway(context) ? byListener(context, name, wish) : byPaste(context, name, wish);
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
async function byListener(context: Context, name: string, wish: Wish): Promise<Connection> {
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
async function byPaste(context: Context, name: string, wish: Wish): Promise<Connection> {
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
      'Prints an address to open in a browser. On the same machine the browser comes back by itself where the server allows it; with --paste, over SSH for instance, you copy the address at which it ends. With --device you enter a code on any device, and nothing comes back: over SSH that way is taken where an API has it. Alfred registers itself where it can; else it says where to make a client by hand, and asks for it.',
    examples: [
      ['alfred connection login mail', 'with a browser on this machine'],
      ['alfred connection login mail --paste', 'with a browser anywhere'],
      ['alfred connection login photos --device', 'with a code, on the telephone for instance'],
      [
        'alfred connection login mail --client-id ID --client-secret',
        'as a client that you made there by hand; its secret is asked for',
      ],
    ],
    options: (command) =>
      command
        .option('--paste', 'copy the address at which the browser ends')
        .option('--device', 'enter a code on another device')
        .option(
          '--redirect-uri <address>',
          'with --paste: come back to this address, which the client is registered with; no page need be there',
        )
        .option('--client-id <id>', 'of a client that was made there by hand')
        .option('--client-secret', 'that client has a secret: ask for it')
        .option('--secret-file <clientSecret=path>', 'read it from a file', collect)
        .option('--secret-stdin', 'read it from standard input')
        .option('--scope <scope>', 'what to ask for, else what the server says that it wants')
        .option('--guess', 'try the usual addresses where the server says nowhere how one signs in')
        .option('--without-resource', 'do not say which server it is for, where that is refused'),
    async run(context, [name = ''], options) {
      const wish = await wishOf(context, options);
      const connection = await signIn(context, name, wish, options);
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
