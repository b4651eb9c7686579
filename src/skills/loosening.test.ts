import { describe, expect, it } from 'vitest';
import { pinnedToolSchema } from '../contract/connections.ts';
import { skillDefinitionSchema } from '../contract/skills.ts';
import type { Catalog } from './check-tools.ts';
import { looseningOf, type Save } from './loosening.ts';

const tool = (name: string, annotations = {}) =>
  pinnedToolSchema.parse({ name, inputSchema: {}, hash: '00', annotations });
const catalog: Catalog = new Map([
  [
    'bank',
    {
      isActive: true,
      approved: true,
      status: 'ready',
      tools: [
        tool('pay', { destructiveHint: true }),
        tool('look', { readOnlyHint: true }),
        tool('note', { destructiveHint: false }),
        tool('unmarked'),
      ],
    },
  ],
]);

type Steps = [approval: 'never' | 'destructive' | 'always' | undefined, ...tools: string[]][];
const skill = (steps: Steps, more: Record<string, unknown> = {}) =>
  skillDefinitionSchema.parse({
    slug: 'a',
    name: 'A',
    steps: steps.map(([approval, ...tools], index) => ({
      id: index + 1,
      prompt: 'Go.',
      allowedTools: tools.map((name) => `mcp__bank__${name}`),
      ...(approval === undefined ? {} : { approval }),
    })),
    ...more,
  });
const fields = (before: Save['before'], after: Save['after'], hasNewSecret = false) =>
  looseningOf({ before, after, catalog, hasNewSecret }).map(({ field }) => field);

const draft = { isActive: false };
const unasked = ['/steps/0/approval'];

describe('tools', () => {
  it.each<[string, Steps | undefined, Steps, string[]]>([
    ['a new skill that pays unasked', undefined, [['never', 'pay']], unasked],
    ['a new skill that says nothing of approval', undefined, [[undefined, 'pay']], unasked],
    ['a tool that its server does not mark', undefined, [['never', 'unmarked']], unasked],
    ['a tool that is not there', undefined, [['never', 'gone']], unasked],
    ['all tools of a connection', undefined, [['never', '*']], unasked],
    ['tools that read or only add', undefined, [['never', 'look', 'note']], []],
    ['a tool that is asked about', undefined, [['destructive', 'pay', '*']], []],
    ['never after destructive', [['destructive', 'pay']], [['never', 'pay']], unasked],
    ['nothing after always', [['always', 'pay']], [[undefined, 'pay']], unasked],
    ['destructive after always', [['always', 'pay']], [['destructive', 'pay']], unasked],
    ['never after always, of a tool that reads', [['always', 'look']], [['never', 'look']], unasked],
    ['never after destructive, of a tool that reads', [['destructive', 'look']], [['never', 'look']], []],
    ['always after never', [['never', 'pay']], [['always', 'pay']], []],
    ['what was unasked before', [['never', 'pay']], [['never', 'pay']], []],
    ['one of all that were unasked before', [['never', '*']], [['never', 'pay']], []],
    ['all after one', [['never', 'pay']], [['never', '*']], unasked],
    ['one after all that were asked about', [['destructive', '*']], [['never', 'pay']], unasked],
    [
      'one more step',
      [['always', 'pay']],
      [
        ['always', 'pay'],
        ['never', 'pay'],
      ],
      ['/steps/1/approval'],
    ],
    [
      'steps that change places',
      [
        ['always', 'pay'],
        ['never', 'look'],
      ],
      [
        ['never', 'look'],
        ['always', 'pay'],
      ],
      [],
    ],
    ['a tool that is given up', [['always', 'pay']], [['never', 'look']], []],
  ])('%s', (_what, before, after, expected) => {
    expect(fields(before && skill(before), skill(after))).toEqual(expected);
  });

  it('of a draft are judged when it is switched on, and its limits at once', () => {
    expect(fields(undefined, skill([['never', 'pay']], draft))).toEqual([]);
    expect(fields(skill([['never', 'pay']], draft), skill([['never', 'pay']]))).toEqual(unasked);
    expect(fields(skill([['always', 'pay']]), skill([['never', 'pay']], draft))).toEqual(unasked);
    expect(fields(skill([['always', 'look']], draft), skill([['never', 'look']], draft))).toEqual(unasked);
  });
});

describe('a hook', () => {
  const hook = (triggerConfig: Record<string, unknown>, more = {}) =>
    skill([['never', 'look']], { triggerType: 'webhook', triggerConfig, ...more });
  const signed = { auth: 'standard', response: 'accepted' };
  const open = { auth: 'none', response: 'accepted' };
  const gives = { auth: 'standard', response: 'result' };

  it.each<[string, Save['before'], Save['after'], string[]]>([
    ['signed', undefined, hook(signed), []],
    ['unsigned', undefined, hook(open), ['/triggerConfig/auth']],
    ['that becomes unsigned', hook(signed), hook(open), ['/triggerConfig/auth']],
    ['that was unsigned', hook(open), hook(open), []],
    ['that is signed from now on', hook(open), hook(signed), []],
    ['that gives results', undefined, hook(gives), ['/triggerConfig/response']],
    ['that comes to give results', hook(signed), hook(gives), ['/triggerConfig/response']],
    ['that gave results', hook(gives), hook(gives), []],
    ['that another trigger takes the place of', hook(open), skill([['never', 'look']]), []],
    ['in the place of another trigger', skill([['never', 'look']]), hook(open), ['/triggerConfig/auth']],
    ['in a draft', hook(signed), hook(open, draft), []],
    ['in a draft that is switched on', hook(open, draft), hook(open), ['/triggerConfig/auth']],
  ])('%s', (_what, before, after, expected) => {
    expect(fields(before, after)).toEqual(expected);
  });

  it('that gives results keeps its secret', () => {
    expect(fields(hook(gives), hook(gives), true)).toEqual(['/triggerConfig/secret']);
    expect(fields(hook(gives), hook(gives, draft), true)).toEqual(['/triggerConfig/secret']);
    expect(fields(hook(signed), hook(signed), true)).toEqual([]);
  });
});

describe('caps', () => {
  const capped = (more: Record<string, unknown>) => skill([['never', 'look']], more);
  it.each(['maxCostUsd', 'maxCostPerDayUsd', 'maxCostPerMonthUsd'])('%s', (cap) => {
    expect(fields(undefined, capped({ [cap]: 100 }))).toEqual([]);
    expect(fields(capped({ [cap]: 1 }), capped({ [cap]: 0.5 }))).toEqual([]);
    expect(fields(capped({}), capped({ [cap]: 5 }))).toEqual([]);
    expect(fields(capped({ [cap]: 1 }), capped({ [cap]: 1.01 }))).toEqual([`/${cap}`]);
    expect(fields(capped({ [cap]: 1 }), capped({ [cap]: null }))).toEqual([`/${cap}`]);
    expect(fields(capped({ [cap]: 1, ...draft }), capped(draft))).toEqual([`/${cap}`]);
  });
});
