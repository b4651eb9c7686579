import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { renderSkill } from '../render/skill.ts';

export function addSkillShow(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'show <slug>',
    summary: 'one skill: its steps and the tools each may use',
    examples: [['alfred skill show house-report', 'with --json, everything']],
    async run(context, [slug = '']) {
      const api = await context.api();
      const skill = await api.getSkill({ params: { slug } });
      const hook = skill.triggerType === 'webhook' ? await api.showHook({ params: { slug } }) : undefined;
      const shown = hook === undefined ? skill : { ...skill, hookUrl: hook.url };
      present(context, shown, () => renderSkill(skill, context.out, context.columns, hook));
      return undefined;
    },
  });
}
