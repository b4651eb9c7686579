import { text as readAll } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Message } from '../../contract/chat.ts';
import type { NewProposal, Proposal } from '../../contract/proposals.ts';
import type { Api } from '../api.ts';
import { readLine } from '../chat/read-line.ts';
import { say } from '../chat/say.ts';
import { addVerb, type Dispatch } from '../command.ts';
import type { Context } from '../context.ts';
import { resolveExecutionId } from '../execution-id.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { usageProblem } from '../problem.ts';
import { askChoice, askText } from '../prompts.ts';
import { renderProposal } from '../render/proposal.ts';
import { accept, reject } from './proposal-decide.ts';
import { editProposal } from './proposal-edit.ts';
import { rehearse } from './proposal-rehearse.ts';
import { showProposal } from './proposal-show.ts';
import { readFolder } from './skill-import.ts';
import { renderEnd } from './skill-run.ts';

type Options = { from?: string; fromExecution?: string; slug?: string };

export function addSkillTeach(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'teach [what...]',
    summary: 'teach a skill: in conversation, from a SKILL.md, or from a run that went well',
    description:
      'On a terminal Alfred asks what is missing, looks at the tools that are there, and proposes a skill. Nothing is saved before you accept it: alfred proposal --help.',
    examples: [
      ['alfred skill teach', 'talks about it'],
      ['alfred skill teach every Monday, list the bills that are due', 'begins with that'],
      [
        'alfred skill teach --from ~/skills/papers',
        'a SKILL.md, or the folder that holds one; - for standard input',
      ],
      [
        'alfred skill teach --from-execution last --slug tidy',
        'the steps of a run, with the tools that it used',
      ],
    ],
    options: (command) =>
      command
        .option('--from <path>', 'a SKILL.md, or its folder')
        .option('--from-execution <id>', 'a run: a whole id, the end of one, or last')
        .option('--slug <slug>', 'with either: its name in commands'),
    async run(context, words, { from, fromExecution, slug }) {
      const api = await context.api();
      if (from === undefined && fromExecution === undefined) {
        if (slug !== undefined)
          throw usageProblem('--slug goes with --from or --from-execution', 'say the name in your own words');
        return await talk(context, api, words.join(' '));
      }
      if ((from !== undefined && fromExecution !== undefined) || words.length > 0)
        throw usageProblem('A skill is taught from one thing', 'alfred skill teach --help');
      const origin: NewProposal['from'] =
        from === undefined
          ? { executionId: await resolveExecutionId(api, fromExecution ?? '') }
          : { files: await readFolder(context, from) };
      const body = { from: origin, ...(slug === undefined ? {} : { slug }) };
      showProposal(context, await api.createProposal({ body }));
      return exitCodes.done;
    },
  });
}

async function talk(context: Context, api: Api, said: string): Promise<ExitCode> {
  const isTalk = context.canAsk && !context.json;
  const what = said !== '' ? said : isTalk ? await askWhat(context) : await readAll(context.stdin);
  if (what.trim() === '') throw usageProblem('There is nothing to learn', 'alfred skill teach --help');
  const { id } = await api.createConversation({ body: {} });
  let answer = await say(context, api, id, { text: `/teach-new-skill ${what.trim()}` });
  for (;;) {
    const proposal = await proposedIn(api, answer);
    if (!isTalk) return tell(context, { conversationId: id, answer, proposal });
    if (proposal !== undefined) return await decide(context, api, proposal);
    const line = await readReply(context);
    if (line === undefined || line === '/quit') {
      context.note(context.err.dim(`  go on with alfred chat --conversation ${id}`));
      return exitCodes.done;
    }
    if (line !== '') answer = await say(context, api, id, { text: line });
  }
}

const askWhat = (context: Context): Promise<string> =>
  askText(context, 'What shall Alfred learn?', 'every Monday, list the bills that are due');

/** A line; of the rehearsal model's form all lines, up to an empty one. */
async function readReply(context: Context): Promise<string | undefined> {
  const first = await readLine(context);
  if (first === undefined || !/^teach:[^\n]*$/i.test(first)) return first;
  const lines = [first];
  for (;;) {
    const more = await readLine(context, '… ');
    if (more === undefined || more === '') return lines.join('\n');
    lines.push(more);
  }
}

/** What an answer proposed last. */
async function proposedIn(api: Api, answer: Message | undefined): Promise<Proposal | undefined> {
  const id = answer?.parts
    .flatMap((part) => (part.type === 'tool_call' ? [part.call.proposalId] : []))
    .findLast((one) => typeof one === 'string');
  return id == null ? undefined : await api.getProposal({ params: { id } });
}

type Taught = { conversationId: string; answer: Message | undefined; proposal: Proposal | undefined };

/** Where nobody can be asked: what was answered, and what was proposed. */
function tell(context: Context, { conversationId, answer, proposal }: Taught): ExitCode {
  if (context.json) context.printJson({ conversationId, answer, proposal: proposal ?? null });
  else if (proposal !== undefined) showProposal(context, proposal);
  else context.note(context.err.dim(`  answer with alfred chat --conversation ${conversationId} …`));
  return answer?.status === 'done' ? exitCodes.done : exitCodes.failed;
}

/** Until it is accepted, declined or left. */
async function decide(context: Context, api: Api, proposed: Proposal): Promise<ExitCode> {
  let proposal = proposed;
  for (;;) {
    context.note(`\n${renderProposal(proposal, context.err, context.columns)}\n`);
    const choice = await askChoice(context, 'What shall become of it?', [
      ['rehearse', 'rehearse it: nothing is changed, nothing costs'],
      ['accept', 'accept it: it is saved as a skill'],
      ['edit', 'edit it first'],
      ['reject', 'decline it'],
      ['leave', 'leave it: alfred proposal list'],
    ]);
    if (choice === 'leave') return exitCodes.done;
    if (choice === 'rehearse') context.note(renderEnd(context, await rehearse(context, api, proposal.id)));
    if (choice === 'edit') await editProposal(context, api, proposal.id);
    if (choice === 'accept') await accept(context, api, proposal, true);
    if (choice === 'reject') await reject(context, api, proposal.id);
    if (choice === 'accept' || choice === 'reject') return exitCodes.done;
    proposal = await api.getProposal({ params: { id: proposal.id } });
  }
}
