import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { clean } from '../render/text.ts';

export function addSkillTag(noun: Command, dispatch: Dispatch): void {
  addVerb<{ none?: boolean }>(noun, dispatch, {
    usage: 'tag <slug> [tag...]',
    summary: 'give a skill tags, by which you find it among others',
    description: 'The tags that are named are the ones that it has from then on.',
    examples: [
      ['alfred skill tag bills money monthly', 'two tags'],
      ['alfred skill tag bills --none', 'none any more'],
      ['alfred skill list --tag money', 'the skills that have one'],
    ],
    options: (command) => command.option('--none', 'take away all that it has'),
    async run(context, [slug = '', ...tags], { none = false }) {
      if (none === tags.length > 0)
        throw usageProblem('Name its tags, or say --none', 'alfred skill tag --help');
      const body = { tags: none ? null : tags };
      const skill = await (await context.api()).updateSkill({ params: { slug }, body });
      const { out } = context;
      const has = skill.tags === null ? 'no tags' : skill.tags.join(', ');
      present(context, skill, () => `${out.green('✓')} ${out.bold(clean(slug))}: ${clean(has)}`);
      return undefined;
    },
  });
}
