import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addSkillVersions(noun: Command, dispatch: Dispatch): void {
  addVerb<{ restore?: string }>(noun, dispatch, {
    usage: 'versions <slug>',
    summary: 'what a skill was before; every save is kept',
    examples: [
      ['alfred skill versions house-report', 'number, when, by whom'],
      [
        'alfred skill versions house-report --restore 2',
        'makes version 2 the current one again, as a new version',
      ],
    ],
    options: (command) => command.option('--restore <version>', 'make this version the current one again'),
    async run(context, [slug = ''], { restore }) {
      const api = await context.api();
      if (restore !== undefined) {
        if (!/^\d+$/.test(restore))
          throw usageProblem(`${restore} is no version number`, `alfred skill versions ${slug}`);
        const skill = await api.restoreSkillVersion({ params: { slug, version: restore } });
        present(
          context,
          skill,
          () =>
            `${context.out.green('✓')} ${slug} is as in version ${restore} again, now version ${skill.version}`,
        );
        return undefined;
      }
      const { items } = await api.listSkillVersions({ params: { slug } });
      const { out } = context;
      present(context, { items, nextCursor: null }, () =>
        renderTable(
          [
            { header: 'VERSION', align: 'right', paint: out.bold },
            { header: 'SAVED' },
            { header: 'BY' },
            { header: 'HASH', paint: out.dim },
            { header: 'NOTE', min: 8 },
          ],
          items.map((each) => [
            String(each.version),
            formatTime(each.createdAt, context.now()),
            each.createdBy,
            each.contentHash.slice(0, 12),
            each.note ?? '',
          ]),
          context.columns,
          out.dim,
        ),
      );
      return undefined;
    },
  });
}
