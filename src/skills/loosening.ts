/**
 * What a save takes out of the owner's hands: a tool that nobody is asked about any more, a hook that anybody may call or
 * that gives results out, a cap that is lifted. To save a skill is one act, to loosen it another.
 */

import type { Tool } from '../contract/connections.ts';
import { type FieldWith, fieldsWith } from '../contract/skill-fields.ts';
import type { SkillDefinition, Step } from '../contract/skills.ts';
import { parseToolName } from '../contract/tool-name.ts';
import { AlfredError, type FieldError } from '../kernel/errors.ts';
import type { Catalog } from './check-tools.ts';
import { isAsked } from './is-asked.ts';

/** The parts of a definition that say what it may do unasked. */
type Limits = Pick<
  SkillDefinition,
  'steps' | 'triggerType' | 'triggerConfig' | 'isActive' | FieldWith<'isCap'>
>;

export type Save = {
  /** Undefined for a new skill. */
  before: Limits | undefined;
  after: Limits;
  /** The tools as they were approved. */
  catalog: Catalog;
  /** The hook's secret is another than before, and whoever saves may know it. */
  hasNewSecret: boolean;
};

/**
 * Each field by which `after` may do more than `before` without anybody being asked; empty when there is none. A draft does
 * nothing, so what is new in one is judged when it is switched on; what is taken away from its limits is judged at once.
 */
export const looseningOf = (save: Save): FieldError[] => [
  ...looserTools(save),
  ...looserHook(save),
  ...looserCaps(save),
];

/** @throws AlfredError E_FORBIDDEN naming every field that loosens, and the scope that is missing */
export function refuseLoosening(save: Save): void {
  const fields = looseningOf(save);
  if (fields.length === 0) return;
  const what = fields.map(({ field, message }) => `${field} ${message}`).join('; ');
  throw new AlfredError(
    'E_FORBIDDEN',
    `This loosens what the skill may do without asking, which needs the scope "connections:approve": ${what}`,
    {
      remedy: 'Leave those fields as strict as they were, or have somebody with that scope save it.',
      fields,
    },
  );
}

const strictness = { never: 0, destructive: 1, always: 2 } as const;

type Rule = { tool: string; approval: NonNullable<Step['approval']>; field: string };

const rulesOf = ({ steps }: Limits): Rule[] =>
  steps.flatMap(({ allowedTools, approval = 'never' }, index) =>
    allowedTools.map((tool) => ({ tool, approval, field: `/steps/${index}/approval` })),
  );

function looserTools({ before, after, catalog }: Save): FieldError[] {
  const former = before === undefined ? [] : rulesOf(before);
  return rulesOf(after).flatMap(({ tool, approval, field }) => {
    const was = laxest(former, tool);
    // What is asked about neither way: a tool that reads, under "destructive" as under "never".
    const isNeverAsked = !isAsked('destructive', annotationsOf(tool, catalog));
    const level = isNeverAsked && approval === 'destructive' ? 'never' : approval;
    const formerLevel = isNeverAsked && was === 'destructive' ? 'never' : was;
    if (formerLevel !== undefined && strictness[level] < strictness[formerLevel]) {
      return [{ field, message: `"${approval}" asks about ${tool} less than "${was}" did` }];
    }
    const wasGranted = was !== undefined && before?.isActive === true;
    if (!after.isActive || wasGranted || isNeverAsked || approval !== 'never') return [];
    return [{ field, message: `lets ${tool} be called unasked: use "destructive" or "always"` }];
  });
}

/** How the laxest of `rules` that covers a tool asks about it; undefined when none does. */
const laxest = (rules: readonly Rule[], tool: string): Rule['approval'] | undefined =>
  rules
    .filter((rule) => rule.tool === tool || (rule.tool.endsWith('__*') && covers(rule.tool, tool)))
    .map(({ approval }) => approval)
    .sort((one, other) => strictness[one] - strictness[other])[0];

const covers = (pattern: string, tool: string): boolean => tool.startsWith(pattern.slice(0, -1));

/** What is known of one tool; of all of a connection's nothing is, as their number may grow. */
function annotationsOf(name: string, catalog: Catalog): Tool['annotations'] {
  const parsed = parseToolName(name);
  const tools = parsed && catalog.get(parsed.connection)?.tools;
  return tools?.find((tool) => tool.name === parsed?.tool)?.annotations;
}

function looserHook({ before, after, hasNewSecret }: Save): FieldError[] {
  if (after.triggerType !== 'webhook') return [];
  const former = before?.triggerType === 'webhook' ? before : undefined;
  const granted = former?.isActive === true ? former.triggerConfig : undefined;
  const { auth, response } = after.triggerConfig;
  const gives = response === 'result';
  return [
    ...(after.isActive && auth === 'none' && granted?.auth !== 'none'
      ? [{ field: '/triggerConfig/auth', message: '"none" lets anybody start it' }]
      : []),
    ...(after.isActive && gives && granted?.response !== 'result'
      ? [{ field: '/triggerConfig/response', message: '"result" gives what it finds to whoever calls it' }]
      : []),
    ...(gives && hasNewSecret && former?.triggerConfig.response === 'result'
      ? [
          {
            field: '/triggerConfig/secret',
            message: 'is what opens the results of this hook: who sets it can read them',
          },
        ]
      : []),
  ];
}

function looserCaps({ before, after }: Save): FieldError[] {
  if (before === undefined) return [];
  return fieldsWith('isCap').flatMap((cap) => {
    const was = before[cap];
    const is = after[cap];
    if (was == null || (is != null && is <= was)) return [];
    return [
      { field: `/${cap}`, message: is == null ? `lifts the cap of $${was}` : `raises $${was} to $${is}` },
    ];
  });
}
