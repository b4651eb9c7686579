/** A skill for a person. */
import type { Skill } from '../../contract/skills.ts';
import type { Hook } from '../../contract/webhooks.ts';
import type { Colors } from '../context.ts';
import { formatDuration, formatFullTime, formatMoney, plural } from './figures.ts';
import { describeHook } from './hook.ts';
import { renderFields } from './table.ts';
import { clean, oneLine, wrap } from './text.ts';

/** What an input schema asks for: `month (string, required), folder (string, default ".")`. */
function describeInput(schema: Record<string, unknown> | null): string | undefined {
  const properties = schema?.properties;
  if (typeof properties !== 'object' || properties === null) return undefined;
  const required = Array.isArray(schema?.required) ? schema.required : [];
  const described = Object.entries(properties).map(([name, property]) => {
    const facts: string[] = [];
    if (typeof property === 'object' && property !== null) {
      if ('type' in property) facts.push(String(property.type));
      if ('default' in property) facts.push(`default ${JSON.stringify(property.default)}`);
    }
    if (required.includes(name)) facts.push('required');
    return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
  });
  return oneLine(described.join(', ')) || undefined;
}

/** A skill's page: what starts it, its caps, and each step with the tools it may use. */
export function renderSkill(skill: Skill, colors: Colors, columns: number | undefined, hook?: Hook): string {
  const width = Math.min(columns ?? 100, 100);
  const field = (text: string | undefined) =>
    text === undefined || text === '' ? undefined : wrap(text, width - 10);
  const caps = [
    skill.maxCostUsd === null ? '' : `${formatMoney(skill.maxCostUsd)} a run`,
    skill.maxCostPerDayUsd === null ? '' : `${formatMoney(skill.maxCostPerDayUsd)} a day`,
    skill.maxCostPerMonthUsd === null ? '' : `${formatMoney(skill.maxCostPerMonthUsd)} a month`,
  ].filter((cap) => cap !== '');
  const fields = renderFields(
    [
      ['skill', `${colors.bold(skill.slug)} ${colors.dim('·')} ${oneLine(skill.name)}`],
      ['about', field(clean(skill.description))],
      ['state', skill.isActive ? (skill.isSystem ? 'active, part of Alfred' : 'active') : 'draft'],
      ['trigger', skill.triggerType],
      ['hook', hook && field(describeHook(hook))],
      ['input', field(describeInput(skill.inputSchema))],
      ['model', skill.model ?? undefined],
      ['caps', caps.length === 0 ? undefined : caps.join(' · ')],
      ['time', skill.timeoutMs === null ? undefined : `at most ${formatDuration(skill.timeoutMs)}`],
      ['on failure', skill.onFailureSkill === null ? undefined : `runs ${skill.onFailureSkill}`],
      ['version', `${skill.version}, saved ${formatFullTime(skill.updatedAt)}`],
      ['runs', plural(skill.runCount, 'run')],
    ],
    colors.dim,
  );
  const steps = skill.steps.flatMap((step) => [
    '',
    colors.bold(`step ${step.id} of ${skill.steps.length}`),
    wrap(clean(step.prompt), width, '  '),
    ...(step.guidance === undefined
      ? []
      : [colors.dim(wrap(`guidance: ${clean(step.guidance)}`, width, '  '))]),
    step.allowedTools.length === 0
      ? colors.dim('  no tools')
      : colors.dim('  tools ') +
        wrap(step.allowedTools.map(oneLine).join('  '), width - 8, '        ').trimStart(),
  ]);
  return [fields, ...steps].join('\n');
}
