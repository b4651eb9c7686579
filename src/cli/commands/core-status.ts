import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { renderLink } from '../render/core.ts';

export function addCoreStatus(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'status',
    summary: 'where this VM reports, and all that it has told',
    examples: [['alfred core status', 'the totals are those that Core has acknowledged']],
    async run(context) {
      const link = await (await context.api()).showCore();
      present(context, link, () => renderLink(link, context.out, context.now()));
      return undefined;
    },
  });
}
