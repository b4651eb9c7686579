import type { Command } from 'commander';
import type { Approval } from '../../contract/approvals.ts';
import { resolveWaiting } from '../approval-id.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { confirmOrStop } from '../prompts.ts';
import { renderApproval } from '../render/approval.ts';

type Options = { all?: boolean; note?: string; yes?: boolean };

export function addExecutionApprove(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'approve <id>',
    summary: 'let a waiting call be made, exactly as it is shown',
    description:
      'ID names an approval or its execution: a whole id, the end of one, or last. The run goes on when all its calls are decided.',
    examples: [['alfred execution approve last', 'shows the call, asks, and lets it through']],
    options: (command) =>
      command
        .option('--all', 'every call of the execution that waits')
        .option('-y, --yes', 'do not ask again'),
    run: (context, [typed = ''], options) => decide(context, typed, 'approve', options),
  });
}

export function addExecutionDeny(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'deny <id>',
    summary: 'deny a waiting call; the agent hears why and goes on',
    examples: [['alfred execution deny last --note "not before Friday"', 'the agent is told the note']],
    options: (command) =>
      command
        .option('--note <why>', 'told to the agent')
        .option('--all', 'every call of the execution that waits'),
    run: (context, [typed = ''], options) => decide(context, typed, 'deny', { ...options, yes: true }),
  });
}

async function decide(
  context: Context,
  typed: string,
  decision: 'approve' | 'deny',
  { all = false, note, yes = false }: Options,
): Promise<undefined> {
  const api = await context.api();
  const waiting = await resolveWaiting(api, typed);
  if (waiting.length > 1 && !all) {
    throw usageProblem(
      `${waiting.length} calls of this execution wait: ${waiting.map(({ id }) => id).join(', ')}`,
      'name one of them, or say --all',
    );
  }
  const { out, err } = context;
  const decided: Approval[] = [];
  for (const approval of waiting) {
    if (!context.json) context.note(renderApproval(approval, err));
    await confirmOrStop(context, 'Make this call?', yes);
    // Held to what was shown.
    const { argumentsHash } = approval;
    const body = { decision, argumentsHash, ...(note === undefined ? {} : { note }) };
    decided.push(await api.decideApproval({ params: { id: approval.id }, body }));
  }
  present(context, { items: decided }, () =>
    decided
      .map(({ name, executionId, status }) => {
        const word = status === 'approved' ? out.green('approved') : out.yellow('denied');
        return `${word} ${name}\n  ${out.dim(`alfred execution watch ${executionId}`)}`;
      })
      .join('\n'),
  );
  return undefined;
}
