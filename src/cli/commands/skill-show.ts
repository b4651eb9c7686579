import type { Command } from 'commander';
import { skillSchema } from '../../contract/skills.ts';
import { hookSchema } from '../../contract/webhooks.ts';
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
      const route = `/api/v1/skills/${encodeURIComponent(slug)}`;
      const skill = await api.get(skillSchema, route);
      const hook = skill.triggerType === 'webhook' ? await api.get(hookSchema, `${route}/hook`) : undefined;
      const shown = hook === undefined ? skill : { ...skill, hookUrl: hook.url };
      present(context, shown, () => renderSkill(skill, context.out, context.columns, hook));
      return undefined;
    },
  });
}
