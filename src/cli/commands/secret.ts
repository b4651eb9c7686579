import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import type { Secret } from '../../contract/secret-uses.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { formatCount, formatTime, plural } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';
import { wrap } from '../render/text.ts';

export function addSecretCommands(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'the secrets that are sealed, and when each was used last',
    examples: [['alfred secret list', 'names and uses; never a value']],
    async run(context) {
      const items = await listItems((await context.api()).listSecretUses, {});
      present(context, { items, nextCursor: null }, () => renderList(context, items));
      return undefined;
    },
  });
  addVerb(noun, dispatch, {
    usage: 'show <secret>',
    summary: 'where a secret was used, and what breaks if it is changed',
    examples: [['alfred secret show anthropic_api_key', 'skills, schedules and hooks that stand on it']],
    async run(context, [secret = '']) {
      const api = await context.api();
      const page = await api.listSecretUses({ query: { secret } });
      const [found] = page.items;
      if (found) present(context, found, () => renderOne(context, found));
      return undefined;
    },
  });
}

function renderList({ out, columns, now }: Context, items: Secret[]): string {
  if (items.length === 0) return 'nothing is sealed yet';
  return renderTable(
    [
      { header: 'SECRET', min: 12, paint: out.bold },
      { header: 'USED', align: 'right' },
      { header: 'LAST' },
      { header: 'TOWARDS', min: 8 },
      { header: 'SKILLS', align: 'right', dropOrder: 1 },
    ],
    items.map((one) => [
      one.secret,
      formatCount(one.uses),
      one.lastUsedAt === null ? 'never' : formatTime(one.lastUsedAt, now()),
      one.destinations.join(', '),
      String(one.breaks.skills.length),
    ]),
    columns,
    out.dim,
  );
}

function renderOne({ out, columns, now }: Context, secret: Secret): string {
  const { breaks, recent } = secret;
  const { connections, skills, schedules, hooks } = breaks;
  const isHit = connections.length + skills.length > 0;
  const line = (count: number, one: string, names: string) =>
    count === 0 ? [] : [wrap(`${plural(count, one)}: ${names}`, columns ?? 100, '  ')];
  const used =
    secret.lastUsedAt === null
      ? 'never used'
      : `used ${formatCount(secret.uses)} times, last ${formatTime(secret.lastUsedAt, now())}`;
  return [
    `${out.bold(secret.secret)}  ${out.dim(secret.fingerprint)}  ${used}`,
    '',
    isHit ? 'If you change it, this is hit:' : 'If you change it, nothing is hit.',
    ...line(connections.length, 'connection', connections.join(', ')),
    ...line(
      skills.length,
      'skill',
      skills.map(({ slug, isActive }) => (isActive ? slug : `${slug} (draft)`)).join(', '),
    ),
    ...line(
      schedules.length,
      'schedule',
      schedules
        .map(({ slug, nextRunAt }) => (nextRunAt ? `${slug} (next ${formatTime(nextRunAt, now())})` : slug))
        .join(', '),
    ),
    ...line(hooks.length, 'hook', hooks.map(({ path }) => path).join(', ')),
    '',
    wrap(breaks.note, columns ?? 100),
    ...(recent.length === 0
      ? []
      : [
          '',
          renderTable(
            [
              { header: 'EXECUTION', paint: out.dim },
              { header: 'STEP', align: 'right', dropOrder: 1 },
              { header: 'TOWARDS', min: 8 },
              { header: 'USES', align: 'right' },
              { header: 'LAST' },
            ],
            recent.map((use) => [
              use.executionId ?? 'outside a run',
              use.stepId === null ? '' : String(use.stepId),
              use.destination,
              formatCount(use.uses),
              formatTime(use.lastUsedAt, now()),
            ]),
            columns,
            out.dim,
          ),
        ]),
  ].join('\n');
}
