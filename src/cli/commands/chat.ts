import { text as readAll } from 'node:stream/consumers';
import type { Command } from 'commander';
import { attachmentWords } from '../../contract/attachment-limits.ts';
import type { NewMessage } from '../../contract/chat.ts';
import { slips } from '../../kernel/slips.ts';
import type { Api } from '../api.ts';
import { readAttachments } from '../chat/attach.ts';
import { readLine } from '../chat/read-line.ts';
import { say } from '../chat/say.ts';
import { TypedAhead } from '../chat/typed-ahead.ts';
import { addVerb, collect, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { CliProblem, usageProblem } from '../problem.ts';
import { clean } from '../render/text.ts';

type Options = { conversation?: string; list?: boolean; attach?: string[] };

const help = `  /new           begin another conversation
  /history       what was said in this one
  /stop          stop the answer under way (Ctrl-C does it too)
  /quit          leave; the conversation stays
  /<slug> …      run a skill (//word … says it as it is)
  Anything else is said to Alfred; typed while he answers, it waits its turn.`;

export function addChat(program: Command, dispatch: Dispatch): void {
  addVerb<Options>(program, dispatch, {
    usage: 'chat [message...]',
    summary: 'talk with Alfred',
    description:
      'Without a message, and on a terminal, it is a conversation: /help says what else can be typed. Ctrl-C stops an answer. Standard input that is no terminal is one message, with one answer on stdout.',
    examples: [
      ['alfred chat', 'a conversation'],
      ['alfred chat what came in today?', 'one message, one answer'],
      ['echo "sum this up" | alfred chat --json', 'the answer as one JSON document'],
      ['alfred chat --attach bill.pdf is this paid', 'with a file'],
      ['alfred chat --conversation last', 'go on where you were'],
    ],
    options: (command) =>
      command
        .option('-c, --conversation <id>', 'go on with this one: an id, or last')
        .option(
          '-a, --attach <file>',
          `goes with the message; may be given more than once: ${attachmentWords}`,
          collect,
        )
        .option('-l, --list', 'list conversations, the latest first'),
    async run(context, words, options) {
      // Before anything is begun.
      const attachments = await readAttachments(options.attach ?? []);
      const api = await context.api();
      if (options.list === true) return await list(context, api);
      const id = await conversationOf(api, options.conversation);
      const said =
        words.length > 0 ? words.join(' ') : context.stdin.isTTY ? undefined : await readAll(context.stdin);
      if (said === undefined && attachments.length === 0) return await talk(context, api, id);
      const text = said ?? '';
      if (text.trim() === '' && attachments.length === 0)
        throw usageProblem('There is no message', 'alfred chat --help');
      return await once(context, api, id, { text, attachments });
    },
  });
}

/** @returns undefined to begin a new one */
async function conversationOf(api: Api, typed: string | undefined): Promise<string | undefined> {
  if (typed !== 'last') return typed;
  const { items } = await api.listConversations({ query: { limit: 1 } });
  if (items[0] === undefined) throw usageProblem('There is no conversation yet', 'alfred chat');
  return items[0].id;
}

async function list(context: Context, api: Api): Promise<undefined> {
  const page = await api.listConversations({ query: { limit: 50 } });
  present(context, page, ({ items }) =>
    items.map(({ id, title, updatedAt }) => `${id}  ${updatedAt.slice(0, 16)}  ${clean(title)}`).join('\n'),
  );
  return undefined;
}

async function once(
  context: Context,
  api: Api,
  given: string | undefined,
  message: Pick<NewMessage, 'text' | 'attachments'>,
): Promise<ExitCode> {
  const id = given ?? (await api.createConversation({ body: {} })).id;
  const answer = await say(context, api, id, message).catch(async (error: unknown) => {
    // Of what cannot be said no empty conversation stays behind.
    const isRefused = error instanceof CliProblem && error.code === 'E_VALIDATION';
    if (given === undefined && isRefused) await api.removeConversation({ params: { id } });
    throw error;
  });
  if (context.json && answer !== undefined) context.printJson(answer);
  return answer?.status === 'done' ? exitCodes.done : exitCodes.failed;
}

async function talk(context: Context, api: Api, given: string | undefined): Promise<undefined> {
  // One begins with what is said first: who leaves before leaves nothing behind.
  let id = given;
  const typed = new TypedAhead(context);
  context.note(context.err.dim('Say something. /help says what else can be typed; Ctrl-D leaves.'));
  for (;;) {
    const line = typed.take() ?? (await readLine(context));
    if (line === undefined || line === '/quit') return undefined;
    if (line === '') continue;
    if (line === '/help') context.note(help);
    else if (line === '/stop') await stop(context, api, id);
    else if (line === '/new') {
      id = undefined;
      context.note(context.err.dim('Another conversation.'));
    } else if (line === '/history') await history(context, api, id);
    else {
      const here = id ?? (await api.createConversation({ body: {} })).id;
      if (await sayOn(context, api, here, line, typed)) id = here;
      else if (id === undefined) await api.removeConversation({ params: { id: here } });
    }
  }
}

/** What cannot be said is no reason to leave. @returns whether it was said */
async function sayOn(
  context: Context,
  api: Api,
  id: string,
  text: string,
  typed: TypedAhead,
): Promise<boolean> {
  try {
    await say(context, api, id, { text }, typed);
    return true;
  } catch (error) {
    if (!(error instanceof CliProblem) || error.code !== 'E_VALIDATION') throw error;
    const commands = nearCommands(text);
    context.note(`${error.message}${commands === '' ? '' : ` Or is it ${commands}?`}`);
    if (error.remedy !== undefined) context.note(context.err.dim(error.remedy));
    return false;
  }
}

const ownCommands = ['/new', '/history', '/stop', '/quit', '/help'];

/** The commands of this terminal that what was typed is most like. */
const nearCommands = (text: string): string =>
  ownCommands.filter((command) => slips(text.trim(), command) <= 2).join(' or ');

/** One that is under way elsewhere: this terminal's own is stopped while it is shown. */
async function stop(context: Context, api: Api, id: string | undefined): Promise<void> {
  const stopped = id === undefined ? undefined : await api.stopAnswer({ params: { id } });
  if (stopped?.executionId == null) context.note(context.err.dim('No answer is under way.'));
}

async function history(context: Context, api: Api, id: string | undefined): Promise<void> {
  if (id === undefined) {
    context.note(context.err.dim('Nothing was said yet.'));
    return;
  }
  const { messages, summaries } = await api.getConversation({ params: { id } });
  for (const { id: messageId, role, text } of messages) {
    context.print(role === 'user' ? context.out.bold(`› ${clean(text)}`) : `${clean(text)}\n`);
    for (const { text: summed } of summaries.filter(({ untilId }) => untilId === messageId))
      context.print(context.out.dim(`[What is before was summed up for the model:]\n${clean(summed)}\n`));
  }
}
