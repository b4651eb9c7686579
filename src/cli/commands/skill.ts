/** `alfred skill …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addSkillCalendar } from './skill-calendar.ts';
import { addSkillCreate } from './skill-create.ts';
import { addSkillCurl } from './skill-curl.ts';
import { addSkillEdit } from './skill-edit.ts';
import { addSkillExport } from './skill-export.ts';
import { addSkillHook } from './skill-hook.ts';
import { addSkillImport } from './skill-import.ts';
import { addSkillList } from './skill-list.ts';
import { addSkillPause } from './skill-pause.ts';
import { addSkillRemove } from './skill-remove.ts';
import { addSkillRun } from './skill-run.ts';
import { addSkillSchedule } from './skill-schedule.ts';
import { addSkillSenders } from './skill-senders.ts';
import { addSkillShow } from './skill-show.ts';
import { addSkillTag } from './skill-tag.ts';
import { addSkillTeach } from './skill-teach.ts';
import { addSkillTemplates } from './skill-templates.ts';
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
