import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { confirmOrStop } from '../prompts.ts';

export function addSkillRemove(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'remove <slug>',
    summary: 'remove a skill; its executions stay, and those that wait are cancelled',
    examples: [['alfred skill remove house-report', 'asks first; -y does not']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [slug = ''], { yes }) {
      const api = await context.api();
      await api.getSkill({ params: { slug } });
      await confirmOrStop(
        context,
        `remove the skill ${slug}? its executions stay; runs that wait are cancelled`,
        yes === true,
      );
      await api.removeSkill({ params: { slug } });
      present(
        context,
        { removed: slug },
        () => `${context.out.green('✓')} ${context.out.bold(slug)} is removed`,
      );
      return undefined;
    },
  });
}
