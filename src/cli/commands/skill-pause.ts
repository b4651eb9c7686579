import type { Command } from 'commander';
import type { Skill } from '../../contract/skills.ts';
import type { Api } from '../api.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { renderSchedule } from '../render/schedule.ts';
import { scheduleOf } from './skill-schedule.ts';

type Options = { next?: boolean; until?: string };

const units: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A day begins where the person is, and what is planned for its first minute fires; `7d` is so long from now. */
function readUntil(text: string, now: Date): string {
  const ahead = /^(\d{1,4})([hdw])$/.exec(text);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const time = ahead
    ? now.getTime() + Number(ahead[1]) * (units[ahead[2] ?? ''] ?? 0)
    : isDay
      ? new Date(`${text}T00:00`).getTime() - 1
      : Date.parse(/^\d{4}-\d\d-\d\dT/.test(text) ? text : '');
  if (time > now.getTime()) return new Date(time).toISOString();
  throw usageProblem(
    `--until ${text} is no time to come`,
    'write 2026-12-24, 2026-12-24T07:00, or 36h, 7d, 2w for so long from now',
  );
}

async function untilOf(api: Api, skill: Skill, { next = false, until }: Options, now: Date): Promise<string> {
  if (next === (until !== undefined)) {
    throw usageProblem('Say for how long', 'use --next for the next time alone, or --until 2026-12-24');
  }
  const { schedule } = scheduleOf(skill);
  if (until !== undefined) return readUntil(until, now);
  const [time] = (await api.previewSchedule({ body: schedule })).next;
  if (time === undefined) {
    throw usageProblem(`${skill.slug} never fires again`, 'there is no next time to leave out');
  }
  return time;
}

/** Sets it, and tells what comes then. */
async function setPause(context: Context, api: Api, slug: string, pausedUntil: string | null): Promise<void> {
  const skill = await api.updateSkill({ params: { slug }, body: { triggerConfig: { pausedUntil } } });
  const { schedule, remark } = scheduleOf(skill);
  const preview = await api.previewSchedule({ body: schedule });
  present(context, skill, () => renderSchedule(preview, context.now(), context.out, remark));
}

export function addSkillPause(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'pause <slug>',
    summary: 'pause a schedule: its next time, or all until a day; by hand it runs all the same',
    examples: [
      ['alfred skill pause garden --next', 'leaves out the next time alone'],
      ['alfred skill pause garden --until 2026-12-24', 'it fires from that day on; 36h, 7d, 2w from now'],
    ],
    options: (command) =>
      command
        .option('--next', 'leave out the next time')
        .option('--until <time>', 'a day, a time, or so long from now'),
    async run(context, [slug = ''], options) {
      const api = await context.api();
      const skill = await api.getSkill({ params: { slug } });
      await setPause(context, api, slug, await untilOf(api, skill, options, context.now()));
      return undefined;
    },
  });
  addVerb(noun, dispatch, {
    usage: 'resume <slug>',
    summary: 'have a paused schedule fire again',
    examples: [['alfred skill resume garden', 'from its next time on']],
    async run(context, [slug = '']) {
      const api = await context.api();
      // Says what is no schedule before it is changed.
      scheduleOf(await api.getSkill({ params: { slug } }));
      await setPause(context, api, slug, null);
      return undefined;
    },
  });
}
