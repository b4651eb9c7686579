import type { Command } from 'commander';
import { readWaiting } from '../approval-id.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { renderApproval } from '../render/approval.ts';

export function addExecutionApprovals(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'approvals',
    summary: 'show the calls that wait for you, exactly as they would be made',
    examples: [['alfred execution approvals', 'then alfred execution approve ID, or deny ID']],
    async run(context) {
      const items = await readWaiting(await context.api());
      const { out } = context;
      present(context, { items, nextCursor: null }, () =>
        items.length === 0
          ? 'nothing waits for you'
          : items.map((each) => renderApproval(each, out)).join('\n\n'),
      );
      if (items.length > 0) {
        context.note(
          context.err.dim('  alfred execution approve ID, or alfred execution deny ID --note "why"'),
        );
      }
      return undefined;
    },
  });
}
