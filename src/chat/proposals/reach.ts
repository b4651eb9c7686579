/** What a skill may reach, when it runs, and what is risky about that, in plain words. */
import type { CatalogEntry } from '../../connections/tools/catalog.ts';
import type { PinnedTool } from '../../contract/connections.ts';
import type { SkillDefinition, Step } from '../../contract/skills.ts';
import { parseToolName } from '../../contract/tool-name.ts';
import { triggerTexts } from '../../contract/trigger-texts.ts';
import type { TriggerType } from '../../contract/trigger-types.ts';
import { describeSchedule } from '../../schedules/schedule-words.ts';
import { toolWarnings } from '../../skills/check-tools.ts';
import { isAsked } from '../../skills/is-asked.ts';
import { looseningOf } from '../../skills/loosening.ts';
import { isReadOnly } from '../usable-tools.ts';

export type Catalog = ReadonlyMap<string, CatalogEntry>;

/** A sentence of each step, and of each of its connections. */
export const reachOf = ({ steps }: SkillDefinition, catalog: Catalog): string[] =>
  steps.flatMap((step) => {
    const byConnection = Map.groupBy(toolsOf(step, catalog), ({ connection }) => connection);
    if (byConnection.size === 0) return [`Step ${step.id} uses no tool.`];
    return [...byConnection].map(([connection, tools]) => {
      const named = tools.map(({ tool }) => (tool === '*' ? 'every tool' : `“${tool}”`)).join(', ');
      const only = tools.every(({ known }) => known !== undefined && isReadOnly(known.annotations));
      return `Step ${step.id} may use ${named} of “${connection}”${only ? `, which only ${tools.length === 1 ? 'reads' : 'read'}` : ''}.`;
    });
  });

type NamedTool = { name: string; connection: string; tool: string; known: PinnedTool | undefined };

const toolsOf = ({ allowedTools }: Step, catalog: Catalog): NamedTool[] =>
  allowedTools.map((name) => {
    const { connection = '', tool = '' } = parseToolName(name) ?? {};
    return { name, connection, tool, known: catalog.get(connection)?.tools.find((one) => one.name === tool) };
  });

/** When it would run. */
export function whenOf({ triggerType, triggerConfig, isActive }: SkillDefinition): string {
  const words = configured(triggerType, triggerConfig) ?? triggerTexts[triggerType].when;
  return isActive ? words : `Not yet: it is a draft. Switched on: ${words}`;
}

/** What the trigger's config says of it. */
function configured(
  type: TriggerType,
  { cron, timezone, phrases }: Record<string, unknown>,
): string | undefined {
  if (type === 'chat' && Array.isArray(phrases) && phrases.length > 0)
    return `When you say ${phrases.map((phrase) => `“${phrase}”`).join(' or ')} in a conversation`;
  if (type !== 'schedule') return undefined;
  return typeof timezone === 'string'
    ? describeSchedule({ cron: String(cron), timezone })
    : describeSchedule({ cron: String(cron), timezone: 'UTC' }, { zoneWords: 'your time zone' });
}

/** What one should know before one accepts it, the weightiest first. */
export function risksOf(
  definition: SkillDefinition,
  before: SkillDefinition | undefined,
  catalog: Catalog,
): string[] {
  const { steps } = definition;
  return [
    ...steps.flatMap((step) => unasked(step, catalog)),
    ...steps.flatMap((step) => readsAndActs(step, catalog)),
    ...triggerRisks(definition),
    ...(before === undefined ? [] : looser(definition, before, catalog)),
    ...toolWarnings(steps, catalog),
  ];
}

const mayChange = ({ known }: NamedTool): boolean => known === undefined || !isReadOnly(known.annotations);

function unasked(step: Step, catalog: Catalog): string[] {
  const free = toolsOf(step, catalog).filter(
    (tool) => mayChange(tool) && !isAsked(step.approval, tool.known?.annotations),
  );
  if (free.length === 0) return [];
  return [
    `Step ${step.id} may change something with ${free.map(({ name }) => name).join(', ')}, and asks nobody before.`,
  ];
}

/** What it reads may be written by anybody, and may ask for what it can do. */
function readsAndActs(step: Step, catalog: Catalog): string[] {
  const tools = toolsOf(step, catalog);
  const acts = tools.some((tool) => mayChange(tool) && !isAsked(step.approval, tool.known?.annotations));
  const reads = tools.some((tool) => tool.known?.annotations?.openWorldHint === true || !mayChange(tool));
  if (!acts || !reads) return [];
  return [`Step ${step.id} reads and acts in one: a text that it reads could talk it into an act.`];
}

function triggerRisks({ triggerType, triggerConfig, isActive, ...caps }: SkillDefinition): string[] {
  const risks: string[] = [];
  if (triggerType === 'webhook' && triggerConfig.auth === 'none') risks.push('Anybody may start it.');
  if (triggerType === 'webhook' && triggerConfig.response === 'result')
    risks.push('What it finds is given to whoever calls it.');
  const isCapped = [caps.maxCostUsd, caps.maxCostPerDayUsd, caps.maxCostPerMonthUsd].some(
    (cap) => cap != null,
  );
  if ((triggerType === 'schedule' || triggerType === 'webhook') && !isCapped)
    risks.push('It starts by itself, and has no cap of its own: the VM’s caps alone bound what it costs.');
  return risks;
}

const looser = (after: SkillDefinition, before: SkillDefinition, catalog: Catalog): string[] =>
  looseningOf({ before, after, catalog, hasNewSecret: false }).map(
    ({ field, message }) => `Looser than it is now: ${field.slice(1).replaceAll('/', ' › ')} ${message}.`,
  );
