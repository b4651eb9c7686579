/** Questions to a person, asked on stderr so that stdout stays for results. */
import type { Context } from './context.ts';
import { refusedProblem, usageProblem } from './problem.ts';

// Loaded when a question is asked: most commands ask none.
const loadPrompts = () => import('@clack/prompts');

const stopped = () => refusedProblem('stopped, nothing was changed');

/** Asks yes or no. @throws CliProblem when the person presses Ctrl-C */
export async function askYes(context: Context, message: string, initialValue = false): Promise<boolean> {
  const { confirm, isCancel } = await loadPrompts();
  const answer = await confirm({ message, initialValue, output: context.stderr, withGuide: false });
  if (isCancel(answer)) throw stopped();
  return answer;
}

/**
 * Asks for a secret, unseen.
 *
 * @param options.mayBeNone nothing is an answer too: ''
 * @throws CliProblem when nobody can be asked, or on Ctrl-C
 */
export async function askSecret(
  context: Context,
  label: string,
  { mayBeNone = false }: { mayBeNone?: boolean } = {},
): Promise<string> {
  if (!context.canAsk) {
    throw usageProblem(
      `The value of ${label} is needed, and there is no terminal to ask on`,
      'give it with --secret-stdin or --secret-file; never as an argument, which other processes can read',
    );
  }
  const { isCancel, password } = await loadPrompts();
  const answer = await password({
    message: `${label} (will not be shown${mayBeNone ? '; nothing if there is none' : ''})`,
    output: context.stderr,
    withGuide: false,
    validate: (value) =>
      !mayBeNone && (value === undefined || value.trim() === '')
        ? 'type or paste the value, or press Ctrl-C'
        : undefined,
  });
  if (isCancel(answer)) throw stopped();
  return (answer ?? '').trim();
}

/**
 * Asks for a new password, unseen and twice. Spaces at its ends are part of it, as in a browser.
 *
 * @throws CliProblem when nobody can be asked, or on Ctrl-C
 */
export async function askNewPassword(context: Context): Promise<string> {
  if (!context.canAsk) {
    throw usageProblem(
      'The password is needed, and there is no terminal to ask on',
      'give it with --password-stdin; never as an argument, which other processes can read',
    );
  }
  const { isCancel, password } = await loadPrompts();
  const ask = async (message: string, validate: (value: string | undefined) => string | undefined) => {
    const answer = await password({ message, output: context.stderr, withGuide: false, validate });
    if (isCancel(answer)) throw stopped();
    return answer;
  };
  const first = await ask('the new password (will not be shown)', (value) =>
    value ? undefined : 'type it, or press Ctrl-C',
  );
  await ask('the same again', (value) => (value === first ? undefined : 'this is not the same'));
  return first;
}

/**
 * Makes sure that a person who can be asked wants this. A script has said so by writing the command.
 *
 * @param isSure the command line already says yes
 */
export async function confirmOrStop(context: Context, message: string, isSure: boolean): Promise<void> {
  if (isSure || context.json || !context.canAsk) return;
  if (!(await askYes(context, message))) throw stopped();
}

/** Asks for a line of text; an empty one is asked for again. */
export async function askText(context: Context, message: string, example?: string): Promise<string> {
  const { isCancel, text } = await loadPrompts();
  const answer = await text({
    message,
    output: context.stderr,
    withGuide: false,
    ...(example === undefined ? {} : { placeholder: example }),
    validate: (value) => (value?.trim() ? undefined : 'an answer is needed'),
  });
  if (isCancel(answer)) throw stopped();
  return answer.trim();
}

/** Asks for one of a few words; the first is what Enter takes. @throws CliProblem when the person presses Ctrl-C */
export async function askChoice<Choice extends string>(
  context: Context,
  message: string,
  choices: readonly (readonly [value: Choice, label: string])[],
): Promise<Choice> {
  const { isCancel, select } = await loadPrompts();
  const answer = await select<string>({
    message,
    options: choices.map(([value, label]) => ({ value, label })),
    output: context.stderr,
    withGuide: false,
  });
  if (isCancel(answer)) throw stopped();
  const chosen = choices.find(([value]) => value === answer);
  if (chosen === undefined) throw stopped();
  return chosen[0];
}
