import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { formatCount, formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addSkillList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'the skills there are',
    examples: [['alfred skill list', 'slug, what starts it, runs so far, and the last one']],
    async run(context) {
      const items = await listItems((await context.api()).listSkills, {});
      const { out } = context;
      present(context, { items, nextCursor: null }, () => {
        if (items.length === 0) return 'no skills yet; make one with alfred skill create --help';
        return renderTable(
          [
            { header: 'SLUG', paint: out.bold },
            { header: 'TRIGGER', dropOrder: 1 },
            { header: 'STEPS', align: 'right', dropOrder: 2 },
            { header: 'RUNS', align: 'right' },
            { header: 'LAST RUN' },
            { header: 'NAME', min: 12, paint: out.dim },
          ],
          items.map((skill) => [
            skill.slug,
            skill.isActive ? skill.triggerType : 'draft',
            String(skill.steps.length),
            formatCount(skill.runCount),
            skill.lastRunAt === null ? 'never' : formatTime(skill.lastRunAt, context.now()),
            skill.name,
          ]),
          context.columns,
          out.dim,
        );
      });
      return undefined;
    },
  });
}
