import type { Command } from 'commander';
import type { Skill } from '../../contract/skills.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { CliProblem } from '../problem.ts';
import { renderSkill } from '../render/skill.ts';
import { clean } from '../render/text.ts';

type Options = { file?: string };

export function addSkillShow(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'show <slug>',
    summary: 'one skill: its steps, the tools each may use, its files',
    examples: [
      ['alfred skill show house-report', 'with --json, everything'],
      ['alfred skill show pdf --file references/forms.md', 'one of its files'],
    ],
    options: (command) => command.option('--file <path>', 'print one of its own files'),
    async run(context, [slug = ''], { file }) {
      const api = await context.api();
      const skill = await api.getSkill({ params: { slug } });
      if (file !== undefined) return showFile(context, skill, file);
      const hook = skill.triggerType === 'webhook' ? await api.showHook({ params: { slug } }) : undefined;
      const shown = hook === undefined ? skill : { ...skill, hookUrl: hook.url };
      present(context, shown, () => renderSkill(skill, context.out, context.columns, hook));
      return undefined;
    },
  });
}

function showFile(context: Context, { slug, files }: Skill, path: string): undefined {
  const text = Object.entries(files ?? {}).find(([name]) => name === path)?.[1];
  if (text === undefined) {
    throw new CliProblem('E_NOT_FOUND', `${slug} has no file ${path}`, {
      remedy: `see what there is with alfred skill show ${slug}`,
    });
  }
  present(context, { path, text }, () => clean(text).trimEnd());
  return undefined;
}
