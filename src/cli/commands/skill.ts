/** `alfred skill …` */
import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { confirmOrStop } from '../prompts.ts';
import { renderTable } from '../render/table.ts';
import { describeNeeds } from '../render/template.ts';
import { clean } from '../render/text.ts';
import { addSkillCalendar } from './skill-calendar.ts';
import { addSkillCreate } from './skill-create.ts';
import { addSkillCurl } from './skill-curl.ts';
import { addSkillEdit } from './skill-edit.ts';
import { addSkillExport } from './skill-export.ts';
import { addSkillHook } from './skill-hook.ts';
import { addSkillImport } from './skill-import.ts';
import { addSkillList } from './skill-list.ts';
import { addSkillPause } from './skill-pause.ts';
import { addSkillRun } from './skill-run.ts';
import { addSkillSchedule } from './skill-schedule.ts';
import { addSkillShow } from './skill-show.ts';
import { addSkillTeach } from './skill-teach.ts';
import { addSkillTry } from './skill-try.ts';
import { addSkillVersions } from './skill-versions.ts';

export function addSkillCommands(noun: Command, dispatch: Dispatch): void {
  addSkillList(noun, dispatch);
  addSkillShow(noun, dispatch);
  addSkillRun(noun, dispatch);
  addSkillTry(noun, dispatch);
  addSkillCreate(noun, dispatch);
  addSkillTag(noun, dispatch);
  addSkillTeach(noun, dispatch);
  addSkillTemplates(noun, dispatch);
  addSkillEdit(noun, dispatch);
  addSkillHook(noun, dispatch);
  addSkillSenders(noun, dispatch);
  addSkillCurl(noun, dispatch);
  addSkillSchedule(noun, dispatch);
  addSkillCalendar(noun, dispatch);
  addSkillPause(noun, dispatch);
  addSkillExport(noun, dispatch);
  addSkillImport(noun, dispatch);
  addSkillVersions(noun, dispatch);
  addSkillRemove(noun, dispatch);
}

function addSkillTag(noun: Command, dispatch: Dispatch): void {
  addVerb<{ none?: boolean }>(noun, dispatch, {
    usage: 'tag <slug> [tag...]',
    summary: 'give a skill tags, by which you find it among others',
    description: 'The tags that are named are the ones that it has from then on.',
    examples: [
      ['alfred skill tag bills money monthly', 'two tags'],
      ['alfred skill tag bills --none', 'none any more'],
      ['alfred skill list --tag money', 'the skills that have one'],
    ],
    options: (command) => command.option('--none', 'take away all that it has'),
    async run(context, [slug = '', ...tags], { none = false }) {
      if (none === tags.length > 0)
        throw usageProblem('Name its tags, or say --none', 'alfred skill tag --help');
      const body = { tags: none ? null : tags };
      const skill = await (await context.api()).updateSkill({ params: { slug }, body });
      const { out } = context;
      const has = skill.tags === null ? 'no tags' : skill.tags.join(', ');
      present(context, skill, () => `${out.green('✓')} ${out.bold(clean(slug))}: ${clean(has)}`);
      return undefined;
    },
  });
}

function addSkillTemplates(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'templates',
    summary: 'skills that ship, and what each needs',
    examples: [['alfred skill templates', 'then: alfred skill create --from morning-briefing']],
    async run(context) {
      const templates = await (await context.api()).listTemplates();
      present(context, templates, () =>
        renderTable(
          [
            { header: 'TEMPLATE', paint: context.out.bold },
            { header: 'TRIGGER', dropOrder: 1 },
            { header: 'NEEDS' },
            { header: 'WHAT IT DOES', min: 24, paint: context.out.dim },
          ],
          templates.items.map((template) => [
            template.id,
            template.triggerType,
            describeNeeds(template),
            template.description,
          ]),
          context.columns,
          context.out.dim,
        ),
      );
      context.note(context.err.dim('\n  make one with alfred skill create --from TEMPLATE'));
      return undefined;
    },
  });
}

function addSkillSenders(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'senders [word]',
    summary: 'programs that can call a webhook, by name',
    examples: [
      ['alfred skill senders', 'all of them'],
      ['alfred skill senders whatsapp', 'those that are called so, or speak for it'],
    ],
    async run(context, [word = '']) {
      const wanted = word.toLowerCase();
      const { items } = await (await context.api()).listSenders();
      const found = items.filter(({ auth, title, also }) =>
        [auth, title, ...also].some((name) => name.toLowerCase().includes(wanted)),
      );
      present(context, { items: found }, () =>
        renderTable(
          [
            { header: 'NAME', paint: context.out.bold },
            { header: 'SENDER' },
            { header: 'PROVED', dropOrder: 1 },
            { header: 'ALSO', min: 12, paint: context.out.dim },
          ],
          found.map(({ auth, title, words, also }) => [auth, title, words, also.join(', ')]),
          context.columns,
          context.out.dim,
        ),
      );
      context.note(context.err.dim('\n  use one with alfred skill hook SLUG --sender NAME'));
      return undefined;
    },
  });
}

function addSkillRemove(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'remove <slug>',
    summary: 'remove a skill; its executions stay, and those that wait are cancelled',
    examples: [['alfred skill remove house-report', 'asks first; -y does not']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [slug = ''], { yes }) {
      const api = await context.api();
      await api.getSkill({ params: { slug } });
      await confirmOrStop(
        context,
        `remove the skill ${slug}? its executions stay; runs that wait are cancelled`,
        yes === true,
      );
      await api.removeSkill({ params: { slug } });
      present(
        context,
        { removed: slug },
        () => `${context.out.green('✓')} ${context.out.bold(slug)} is removed`,
      );
      return undefined;
    },
  });
}
