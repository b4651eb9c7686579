import type { Command } from 'commander';
import type { Skill } from '../../contract/skills.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { renderSchedule } from '../render/schedule.ts';

type Options = { cron?: string; timezone?: string };
type Schedule = { cron: string; timezone?: string; pausedUntil?: string };

/** The schedule of a skill, and why it does not fire, if it does not. */
export function scheduleOf(skill: Skill): { schedule: Schedule; remark?: string } {
  const { cron, timezone, missed, pausedUntil } = skill.triggerConfig;
  if (skill.triggerType !== 'schedule' || typeof cron !== 'string') {
    throw usageProblem(
      `${skill.slug} has no schedule: it is started by ${skill.triggerType}`,
      "see what one would do with alfred skill schedule --cron '0 7 * * 1-5'",
    );
  }
  const remark = skill.isActive
    ? `Times missed while the VM is off are ${missed === 'once' ? 'made up for by one run' : 'skipped'}.`
    : 'The skill is a draft: it does not fire.';
  return {
    schedule: {
      cron,
      ...(typeof timezone === 'string' ? { timezone } : {}),
      ...(typeof pausedUntil === 'string' ? { pausedUntil } : {}),
    },
    remark,
  };
}

export function addSkillSchedule(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'schedule [slug]',
    summary: 'when a schedule fires: in plain words, and its next five times',
    examples: [
      ['alfred skill schedule morning-briefing', 'a skill’s own'],
      [
        "alfred skill schedule --cron '30 2 * * *' --timezone Europe/Berlin",
        'what an expression would do, daylight saving included',
      ],
    ],
    options: (command) =>
      command
        .option('--cron <expression>', 'minute hour day month weekday, or @daily and the like')
        .option('--timezone <zone>', 'an IANA zone; the owner’s when left out'),
    async run(context, [slug], { cron, timezone }) {
      if ((slug === undefined) === (cron === undefined)) {
        throw usageProblem('Name a skill, or give an expression', 'alfred skill schedule --help');
      }
      const api = await context.api();
      const typed = { cron: cron ?? '', ...(timezone === undefined ? {} : { timezone }) };
      const { schedule, remark = undefined } =
        slug === undefined ? { schedule: typed } : scheduleOf(await api.getSkill({ params: { slug } }));
      const preview = await api.previewSchedule({ body: schedule });
      present(context, preview, () => renderSchedule(preview, context.now(), context.out, remark));
      return undefined;
    },
  });
}
