import type { Command } from 'commander';
import type { Api } from '../api.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseJson, readText } from '../json-input.ts';
import { usageProblem } from '../problem.ts';
import { renderHook, renderHookTest } from '../render/hook.ts';
import { clean } from '../render/text.ts';
import { readSecrets } from '../secrets.ts';

type Options = {
  test?: boolean;
  newSecret?: boolean;
  secretStdin?: boolean;
  secretFile?: string;
  sender?: string;
  scheme?: string;
  verifyToken?: string;
  showWord?: boolean;
};

/** The secret that is to be kept, null for one that the VM makes up; undefined when nothing is to change. */
async function newSecret(context: Context, options: Options): Promise<string | null | undefined> {
  const { newSecret: isMadeUp = false, secretStdin: stdin = false, secretFile } = options;
  const asked = [isMadeUp, stdin, secretFile !== undefined].filter(Boolean).length;
  if (asked === 0) return undefined;
  if (asked > 1)
    throw usageProblem('A hook has one secret', 'use one of --new-secret, --secret-stdin, --secret-file');
  if (isMadeUp) return null;
  const files = secretFile === undefined ? [] : [`secret=${secretFile}`];
  return (await readSecrets(context, { names: ['secret'], files, stdin })).secret;
}

/** Whose calls the hook takes from now on; what goes with another sender falls away. */
async function changeSender(context: Context, api: Api, hook: string, options: Options): Promise<void> {
  const { sender, scheme, verifyToken } = options;
  if ((sender === 'custom') !== (scheme !== undefined)) {
    throw usageProblem('--scheme goes with --sender custom', 'its file holds the JSON of docs/senders.md');
  }
  const secret = await newSecret(context, options);
  const { triggerType } = await api.getSkill({ params: { slug: hook } });
  const { version, triggerConfig } = await api.updateSkill({
    params: { slug: hook },
    body: {
      triggerType: 'webhook',
      triggerConfig: {
        auth: sender,
        ...(scheme === undefined ? {} : { scheme: parseJson(await readText(context, scheme), scheme) }),
        ...(scheme === undefined && triggerType === 'webhook' ? { scheme: null } : {}),
        ...(verifyToken === undefined ? {} : { verifyToken }),
        ...(secret === undefined ? {} : { secret }),
      },
    },
  });
  const shown = await api.showHook({ params: { slug: hook } });
  present(
    context,
    { ...shown, version, secret: triggerConfig.secret ?? null },
    () => `${renderHook(shown, context.out)}\n${context.out.green('✓')} saved as version ${version}`,
  );
  if (typeof triggerConfig.secret === 'string') tellSecret(context, triggerConfig.secret);
}

const tellSecret = (context: Context, secret: string): void =>
  context.note(`  shown this once: ${context.err.bold(clean(secret))}`);

/** The word that a sender handed over and wants typed at its own page. */
async function showWord(context: Context, api: Api, slug: string): Promise<void> {
  const word = await api.showHandshake({ params: { slug } });
  present(context, word, () => clean(word.secret));
  context.note(context.err.dim('  type it at the sender; it is not shown any more after the first delivery'));
}

async function changeSecret(context: Context, api: Api, hook: string, secret: string | null): Promise<void> {
  const { slug, version, triggerConfig } = await api.updateSkill({
    params: { slug: hook },
    body: { triggerConfig: { secret } },
  });
  const shown = triggerConfig.secret;
  present(
    context,
    { slug, version, secret: shown },
    () =>
      `${context.out.green('✓')} ${context.out.bold(slug)} has a new secret; the one before is no good any more`,
  );
  if (typeof shown === 'string') tellSecret(context, shown);
}

export function addSkillHook(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'hook <slug>',
    summary: 'a skill’s webhook: its address, a test, its secret',
    description:
      'Without options: where the hook is and how its senders prove themselves. A new secret takes the old one’s place at once.',
    examples: [
      ['alfred skill hook on-payment', 'the address to give to the sender'],
      ['alfred skill hook on-push --sender github', 'GitHub calls it from now on; says what to click there'],
      ['alfred skill hook on-payment --test', 'tries it, and starts nothing'],
      ['alfred skill hook on-payment --new-secret', 'makes one up and shows it this once'],
      ['alfred skill hook on-payment --secret-stdin < secret.txt', 'keeps the one that the sender made'],
    ],
    options: (command) =>
      command
        .alias('webhook')
        .option('--sender <name>', 'who calls it: a name of alfred skill senders, custom or none')
        .option(
          '--scheme <file>',
          'with --sender custom: how its calls prove themselves, JSON (docs/senders.md)',
        )
        .option('--verify-token <word>', 'with --sender meta: the word that its form asks for as well')
        .option('--show-word', 'what the sender handed over to be typed at its page (Notion)')
        .option('--test', 'sign, forge and check a delivery without starting anything')
        .option('--new-secret', 'make up a new secret')
        .option('--secret-stdin', 'read the new secret from standard input')
        .option('--secret-file <file>', 'read the new secret from a file'),
    async run(context, [slug = ''], options) {
      const api = await context.api();
      if (options.sender !== undefined) {
        await changeSender(context, api, slug, options);
        return exitCodes.done;
      }
      if (options.showWord === true) {
        await showWord(context, api, slug);
        return exitCodes.done;
      }
      const secret = await newSecret(context, options);
      if (secret !== undefined) {
        if (options.test === true)
          throw usageProblem('Change the secret first, then test', 'use --test alone');
        await changeSecret(context, api, slug, secret);
        return exitCodes.done;
      }
      if (options.test === true) {
        const test = await api.testHook({ params: { slug }, body: {} });
        present(context, test, () => renderHookTest(test, context.out, context.columns));
        return test.ok ? exitCodes.done : exitCodes.failed;
      }
      const hook = await api.showHook({ params: { slug } });
      present(context, hook, () => renderHook(hook, context.out));
      context.note(context.err.dim(`  try it with alfred skill curl ${slug}, or --test`));
      return exitCodes.done;
    },
  });
}
