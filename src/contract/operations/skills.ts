import { z } from 'zod';
import { cancelledRunsSchema } from '../budget.ts';
import { ifMatchSchema, pageOf, slugSchema } from '../common.ts';
import { listedSkillSchema } from '../listed-skill.ts';
import { operation } from '../operation.ts';
import { schedulePreviewRequestSchema, schedulePreviewSchema } from '../schedules.ts';
import {
  describedSkillPatchSchema,
  newSkillResultSchema,
  skillDefinitionSchema,
  skillExportSchema,
  skillImportPreviewSchema,
  skillImportResultSchema,
  skillImportSchema,
  skillPatchSchema,
  skillQuerySchema,
  skillSchema,
  skillVersionSchema,
} from '../skills.ts';
import { skillFromTemplateSchema, templateSchema } from '../templates.ts';
import { stepTriedSchema, tryStepSchema } from '../tries.ts';
import { upcomingQuerySchema, upcomingSchema } from '../upcoming.ts';

const params = z.object({ slug: slugSchema });
const versionParams = params.extend({ version: z.coerce.number().int().min(1).max(2_147_483_647) });

export const skillsOperations = {
  previewSchedule: operation('POST /api/v1/schedules/preview', {
    access: 'read',
    summary: 'What a schedule means, and when it fires next',
    tags: ['skills'],
    body: schedulePreviewRequestSchema,
    responses: { 200: schedulePreviewSchema },
  }),
  tryStep: operation('POST /api/v1/skills/:slug/tries', {
    // A draft, or the tools of a live one, wants more (acts).
    access: 'run',
    summary: 'Try one step of a skill, saved or not',
    description:
      'A new execution of the skill as far as that step, which counts for nothing else. What the steps before it gave is taken from the last run that got so far, and so is the input. A rehearsal costs nothing and does the steps that no run has done; live, the step asks before it calls a tool that may destroy, unless it says otherwise. A draft needs the scope `write` besides, and live `connections:approve`. 409 `E_NOT_REPLAYABLE` where no run got so far.',
    tags: ['skills'],
    params,
    body: tryStepSchema,
    answerHeaders: ['location'],
    responses: { 202: stepTriedSchema },
  }),
  listUpcoming: operation('GET /api/v1/schedules/upcoming', {
    access: 'read',
    summary: 'What the schedules bring in the days that come',
    tags: ['skills'],
    query: upcomingQuerySchema,
    responses: { 200: upcomingSchema },
  }),
  exportSkill: operation('GET /api/v1/skills/:slug/export', {
    access: 'read',
    summary: 'Export a skill as a SKILL.md folder',
    description:
      'The format of agentskills.io; our steps and limits stand in its metadata. No secret is in it. `Accept: text/markdown` gets the SKILL.md itself.',
    tags: ['skills'],
    params: z.object({ slug: slugSchema }),
    responses: {
      200: {
        description: 'The folder, or its SKILL.md',
        content: {
          'application/json': { schema: skillExportSchema },
          'text/markdown': { schema: z.string() },
        },
      },
    },
  }),
  importSkill: operation('POST /api/v1/skills/import', {
    access: 'write',
    records: ['skill.created'],
    summary: 'Import a SKILL.md folder',
    description:
      'What was exported here comes back equal. A plain skill from elsewhere becomes a draft of one step. A slug that is taken is a conflict, unless `replace` is true or `slug` says another. With `preview`, the answer shows what it would become, and nothing is kept.',
    tags: ['skills'],
    body: skillImportSchema,
    answerHeaders: ['location'],
    responses: { 200: skillImportPreviewSchema, 201: skillImportResultSchema },
  }),
  listTemplates: operation('GET /api/v1/templates', {
    access: 'read',
    summary: 'List the skills that ship, with the connections that they want',
    tags: ['skills'],
    responses: { 200: z.object({ items: z.array(templateSchema) }) },
  }),
  listSkills: operation('GET /api/v1/skills', {
    access: 'read',
    summary: 'List skills, by slug, each with its last run',
    tags: ['skills'],
    query: skillQuerySchema,
    responses: { 200: pageOf(listedSkillSchema) },
  }),
  createSkill: operation('POST /api/v1/skills', {
    access: 'write',
    records: ['skill.created'],
    summary: 'Create a skill',
    description:
      'Tools that no connection has are refused, unless `isActive` is false. A webhook secret that was left out is in this answer alone, as `triggerConfig.secret`. A tool that is not marked read-only and that no `approval` asks about, an unsigned hook and one that gives results need the scope `connections:approve`. With `from`, the id of a template, other fields stand in the place of its own; the skill is a draft while connections are missing, and `warnings` name them.',
    tags: ['skills'],
    body: z.union([skillDefinitionSchema, skillFromTemplateSchema]),
    answerHeaders: ['etag', 'location'],
    responses: { 201: newSkillResultSchema },
  }),
  getSkill: operation('GET /api/v1/skills/:slug', {
    access: 'read',
    summary: 'Show a skill',
    tags: ['skills'],
    params,
    answerHeaders: ['etag'],
    responses: { 200: skillSchema },
  }),
  updateSkill: operation('PATCH /api/v1/skills/:slug', {
    access: 'write',
    records: ['skill.changed'],
    summary: 'Change a skill',
    description:
      'A JSON merge patch (RFC 7396). With `If-Match`, a skill that was changed meanwhile is left alone (412). A webhook secret that is left out stays; null makes a new one. What loosens the skill (docs/security.md, Scopes) needs the scope `connections:approve`.',
    tags: ['skills'],
    params,
    body: skillPatchSchema,
    describedBody: describedSkillPatchSchema,
    headers: ifMatchSchema,
    answerHeaders: ['etag'],
    responses: { 200: newSkillResultSchema },
  }),
  cancelSkillRuns: operation('POST /api/v1/skills/:slug/cancel', {
    access: 'run',
    records: ['skill.runs_cancelled'],
    summary: 'Cancel every execution of a skill that has not ended',
    tags: ['skills'],
    params,
    responses: { 200: cancelledRunsSchema },
  }),
  removeSkill: operation('DELETE /api/v1/skills/:slug', {
    access: 'write',
    records: ['skill.removed'],
    summary: 'Remove a skill; its executions stay, and those that wait are cancelled',
    tags: ['skills'],
    params,
    headers: ifMatchSchema,
    responses: { 204: z.undefined() },
  }),
  listSkillVersions: operation('GET /api/v1/skills/:slug/versions', {
    access: 'read',
    summary: "List a skill's versions, the newest first",
    tags: ['skills'],
    params,
    query: skillQuerySchema,
    responses: { 200: pageOf(skillVersionSchema) },
  }),
  restoreSkillVersion: operation('POST /api/v1/skills/:slug/versions/:version/restore', {
    access: 'write',
    records: ['skill.changed'],
    summary: 'Save an earlier version again, as a new one',
    tags: ['skills'],
    params: versionParams,
    headers: ifMatchSchema,
    answerHeaders: ['etag'],
    responses: { 200: newSkillResultSchema },
  }),
};
