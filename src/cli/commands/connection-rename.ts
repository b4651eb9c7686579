import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { plural } from '../render/figures.ts';
import { clean } from '../render/text.ts';

export function addConnectionRename(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'rename <name> <to>',
    summary: 'call a connection otherwise; the skills that use it follow',
    description:
      'Skills and conversations that choose its tools follow, each skill as a new version; what says the old name still is told. Refused while a run that may use it is under way.',
    examples: [['alfred connection rename files papers', 'mcp__files__… is mcp__papers__… from then on']],
    async run(context, [name = '', to = '']) {
      const renamed = await (await context.api()).renameConnection({ params: { name }, body: { to } });
      const { out, err } = context;
      present(context, renamed, ({ skills, conversations }) => {
        const followers = [
          ...(skills.length === 0 ? [] : [skills.map(clean).join(', ')]),
          ...(conversations === 0 ? [] : [plural(conversations, 'conversation')]),
        ];
        const followed = followers.length === 0 ? '' : `; with it ${followers.join(' and ')}`;
        return `${out.green('✓')} ${clean(name)} is ${out.bold(clean(to))} now${followed}`;
      });
      for (const warning of renamed.warnings) context.note(`${err.yellow('!')} ${clean(warning)}`);
      return undefined;
    },
  });
}
