import type { Command } from 'commander';
import { skillSchema } from '../../contract/skills.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { renderSkill } from '../render/skill.ts';

export function addSkillShow(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'show <slug>',
    summary: 'one skill: its steps and the tools each may use',
    examples: [['alfred skill show house-report', 'with --json, everything']],
    async run(context, [slug = '']) {
      const skill = await (await context.api()).get(
        skillSchema,
        `/api/v1/skills/${encodeURIComponent(slug)}`,
      );
      present(context, skill, () => renderSkill(skill, context.out, context.columns));
      return undefined;
    },
  });
}
