import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { formatCount, formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';
import { clean } from '../render/text.ts';

export function addSkillList(noun: Command, dispatch: Dispatch): void {
  addVerb<{ tag?: string }>(noun, dispatch, {
    usage: 'list',
    summary: 'the skills there are',
    examples: [
      ['alfred skill list', 'slug, what starts it, runs so far, and the last one'],
      ['alfred skill list --tag garden', 'those that have this tag'],
    ],
    options: (command) => command.option('--tag <tag>', 'only those that have this tag'),
    async run(context, _args, { tag }) {
      const query = tag === undefined ? {} : { query: { tag } };
      const items = await listItems((await context.api()).listSkills, query);
      const { out } = context;
      present(context, { items, nextCursor: null }, () => {
        if (items.length === 0)
          return tag === undefined
            ? 'no skills yet; make one with alfred skill create --help'
            : `no skill has the tag ${clean(tag)}; give one with alfred skill tag SLUG TAG`;
        const isTagged = items.some(({ tags }) => tags !== null);
        return renderTable(
          [
            { header: 'SLUG', paint: out.bold },
            { header: 'TRIGGER', dropOrder: 1 },
            { header: 'STEPS', align: 'right', dropOrder: 2 },
            { header: 'RUNS', align: 'right' },
            { header: 'LAST RUN' },
            { header: 'NAME', min: 12, paint: out.dim },
            ...(isTagged ? [{ header: 'TAGS', dropOrder: 3, paint: out.dim }] : []),
          ],
          items.map((skill) => [
            skill.slug,
            skill.isActive ? skill.triggerType : 'draft',
            String(skill.steps.length),
            formatCount(skill.runCount),
            skill.lastRunAt === null ? 'never' : formatTime(skill.lastRunAt, context.now()),
            skill.name,
            ...(isTagged ? [skill.tags?.join(', ') ?? ''] : []),
          ]),
          context.columns,
          out.dim,
        );
      });
      return undefined;
    },
  });
}
