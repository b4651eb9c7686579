import type { Command } from 'commander';
import { z } from 'zod';
import { type Template, templateSchema } from '../../contract/templates.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { renderTable } from '../render/table.ts';

export const templatesSchema = z.object({ items: z.array(templateSchema) });

const needs = ({ connections, needsAccount }: Template): string => {
  if (connections.length === 0) return 'nothing';
  const names = connections.map(({ name, exists }) => (exists ? `${name} (there)` : name)).join(', ');
  return needsAccount ? `${names}, an account` : names;
};

export function addSkillTemplates(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'templates',
    summary: 'skills that ship, and what each needs',
    examples: [['alfred skill templates', 'then: alfred skill create --from morning-briefing']],
    async run(context) {
      const templates = await (await context.api()).get(templatesSchema, '/api/v1/templates');
      present(context, templates, () =>
        renderTable(
          [
            { header: 'template' },
            { header: 'what it does', min: 24 },
            { header: 'trigger', dropOrder: 2 },
            { header: 'needs', min: 10, dropOrder: 1 },
          ],
          templates.items.map((template) => [
            template.id,
            template.description,
            template.triggerType,
            needs(template),
          ]),
          context.columns,
          context.out.dim,
        ),
      );
      return undefined;
    },
  });
}
