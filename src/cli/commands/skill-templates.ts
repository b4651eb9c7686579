import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { renderTable } from '../render/table.ts';
import { describeNeeds } from '../render/template.ts';

export function addSkillTemplates(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'templates',
    summary: 'skills that ship, and what each needs',
    examples: [['alfred skill templates', 'then: alfred skill create --from morning-briefing']],
    async run(context) {
      const templates = await (await context.api()).listTemplates();
      present(context, templates, () =>
        renderTable(
          [
            { header: 'TEMPLATE', paint: context.out.bold },
            { header: 'TRIGGER', dropOrder: 1 },
            { header: 'NEEDS' },
            { header: 'WHAT IT DOES', min: 24, paint: context.out.dim },
          ],
          templates.items.map((template) => [
            template.id,
            template.triggerType,
            describeNeeds(template),
            template.description,
          ]),
          context.columns,
          context.out.dim,
        ),
      );
      context.note(context.err.dim('\n  make one with alfred skill create --from TEMPLATE'));
      return undefined;
    },
  });
}
