/** A skill for a person. */
import { isRecord } from '../../contract/is-record.ts';
import type { SkillField } from '../../contract/skill-field.ts';
import { fieldsWith, skillFields } from '../../contract/skill-fields.ts';
import type { Skill } from '../../contract/skills.ts';
import type { Hook } from '../../contract/webhooks.ts';
import type { Colors } from '../context.ts';
import { formatCount, formatDuration, formatFullTime, formatMoney, plural } from './figures.ts';
import { describeHook } from './hook.ts';
import { fileLines } from './skill-files.ts';
import { renderFields } from './table.ts';
import { clean, oneLine, wrap } from './text.ts';

/** What an input schema asks for: `month (string, required), folder (string, default ".")`. */
function describeInput(schema: Record<string, unknown> | null): string | undefined {
  const properties = schema?.properties;
  if (!isRecord(properties)) return undefined;
  const required = Array.isArray(schema?.required) ? schema.required : [];
  const described = Object.entries(properties).map(([name, property]) => {
    const facts: string[] = [];
    if (isRecord(property)) {
      if ('type' in property) facts.push(String(property.type));
      if ('default' in property) facts.push(`default ${JSON.stringify(property.default)}`);
    }
    if (required.includes(name)) facts.push('required');
    return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
  });
  return oneLine(described.join(', ')) || undefined;
}

/** What it may cost: `$1.00 a run · $5.00 a day`. */
function capsOf(skill: Skill): string | undefined {
  const caps = fieldsWith('isCap').flatMap((name) => {
    const usd = skill[name];
    return usd === null ? [] : [`${formatMoney(usd)} ${skillFields[name].short}`];
  });
  return caps.length === 0 ? undefined : caps.join(' · ');
}

/** Times of its schedule that came to no run. */
const leftOutOf = ({ skippedCount, lastSkippedAt }: Skill): string | undefined =>
  lastSkippedAt === null
    ? undefined
    : `${plural(skippedCount, 'time')} of its schedule, last ${formatFullTime(lastSkippedAt)}: Alfred was off, or a run was under way`;

/** What the tools of a step take of every request. */
export const toolTokensWords = ({
  tools,
  tokens,
  isCounted,
  isSearched,
}: NonNullable<Skill['toolTokens']>[number]): string => {
  const size = `${plural(tools, 'tool')}, ${isCounted ? '' : 'about '}${formatCount(tokens)} tokens`;
  const by = isCounted ? ', as the endpoint counts them' : '';
  return isSearched
    ? `${size}: too many for every request, so the model searches them`
    : `${size} in every request${by}`;
};

/** Of the other fields with a name for a narrow place those that say something. */
const othersOf = (
  skill: Skill,
  wrapped: (text: string) => string | undefined,
): [name: string, text: string | undefined][] =>
  fieldsWith('short').flatMap((name) => {
    const { short = '', unit, isCap, unsaid, form }: SkillField = skillFields[name];
    const value = skill[name];
    if (isCap === true || value === unsaid) return [];
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    if (unit === 'ms') return [[short, `at most ${formatDuration(Number(value))}`]];
    return [[short, form?.kind === 'lines' ? wrapped(clean(text)) : oneLine(text)]];
  });

/** A skill's page: what starts it, its caps, and each step with the tools it may use. */
export function renderSkill(skill: Skill, colors: Colors, columns: number | undefined, hook?: Hook): string {
  const width = Math.min(columns ?? 100, 100);
  const field = (text: string | undefined) =>
    text === undefined || text === '' ? undefined : wrap(text, width - 10);
  const fields = renderFields(
    [
      ['skill', `${colors.bold(skill.slug)} ${colors.dim('·')} ${oneLine(skill.name)}`],
      ['about', field(clean(skill.description))],
      ['state', skill.isActive ? (skill.isSystem ? 'active, part of Alfred' : 'active') : 'draft'],
      ['trigger', skill.triggerType],
      ['hook', hook && field(describeHook(hook))],
      ['input', field(describeInput(skill.inputSchema))],
      ['model', skill.model ?? undefined],
      ['caps', capsOf(skill)],
      ...othersOf(skill, field),
      ['version', `${skill.version}, saved ${formatFullTime(skill.updatedAt)}`],
      ['runs', plural(skill.runCount, 'run')],
      ['left out', leftOutOf(skill)],
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
    ...(skill.toolTokens ?? [])
      .filter((one) => one.step === step.id)
      .map((one) => colors.dim(wrap(`size  ${toolTokensWords(one)}`, width, '  '))),
  ]);
  const files = skill.files === null ? [] : ['', colors.bold('files'), ...fileLines(skill.files)];
  return [fields, ...steps, ...files].join('\n');
}
