import { z } from 'zod';
import { pageOf, slugSchema } from '../../contract/common.ts';
import { listedSkillSchema } from '../../contract/listed-skill.ts';
import {
  newSkillResultSchema,
  skillDefinitionSchema,
  skillPatchSchema,
  skillQuerySchema,
  skillSchema,
  skillVersionSchema,
} from '../../contract/skills.ts';
import { type SkillFromTemplate, skillFromTemplateSchema } from '../../contract/templates.ts';
import { createSkill, type SkillDeps } from '../../skills/create-skill.ts';
import { getSkill } from '../../skills/get-skill.ts';
import { listSkills } from '../../skills/list-skills.ts';
import { listVersions } from '../../skills/list-versions.ts';
import { removeSkill } from '../../skills/remove-skill.ts';
import { restoreVersion } from '../../skills/restore-version.ts';
import { revisionOf } from '../../skills/skill-row.ts';
import { updateSkill } from '../../skills/update-skill.ts';
import { useTemplate } from '../../skills/use-template.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { etagOf, expectedBy } from '../etag.ts';
import { validator } from '../validator.ts';

const tags = ['skills'];
const params = z.object({ slug: slugSchema });
const isFromTemplate = (body: unknown): body is SkillFromTemplate =>
  typeof body === 'object' && body !== null && 'from' in body;

const versionParams = params.extend({ version: z.coerce.number().int().min(1).max(2_147_483_647) });

export function skillRoutes(app: App, { db, vault }: ServerDeps): void {
  const deps = { db, vault };

  app.get(
    '/api/v1/skills',
    {
      schema: {
        summary: 'List skills, by slug, each with its last run',
        tags,
        querystring: skillQuerySchema,
        response: { 200: pageOf(listedSkillSchema) },
      },
    },
    async (request) => listSkills(deps, request.query),
  );

  app.post(
    '/api/v1/skills',
    {
      schema: {
        summary: 'Create a skill',
        description:
          'Tools that no connection has are refused, unless `isActive` is false. A webhook secret that was left out is in this answer alone, as `triggerConfig.secret`. With `from`, the id of a template, other fields stand in the place of its own; the skill is a draft while connections are missing, and `warnings` name them.',
        tags,
        body: z.union([skillDefinitionSchema, skillFromTemplateSchema]),
        response: { 201: newSkillResultSchema },
      },
      // The body itself says which of the two is meant: what is wrong is named by that one's fields.
      validatorCompiler: ({ httpPart }) => {
        const plain = validator(skillDefinitionSchema, httpPart);
        const template = validator(skillFromTemplateSchema, httpPart);
        return (body) => (isFromTemplate(body) ? template : plain)(body);
      },
    },
    async (request, reply) => {
      const { actor } = callerOf(request);
      const skill = isFromTemplate(request.body)
        ? await fromTemplate(deps, request.body, actor)
        : await createSkill(deps, request.body, { actor });
      return reply
        .code(201)
        .header('etag', etagOf(revisionOf(skill)))
        .header('location', `/api/v1/skills/${skill.slug}`)
        .send(skill);
    },
  );

  app.get(
    '/api/v1/skills/:slug',
    { schema: { summary: 'Show a skill', tags, params, response: { 200: skillSchema } } },
    async (request, reply) => {
      const skill = await getSkill(deps, request.params.slug);
      return reply.header('etag', etagOf(revisionOf(skill))).send(skill);
    },
  );

  app.patch(
    '/api/v1/skills/:slug',
    {
      schema: {
        summary: 'Change a skill',
        description:
          'A JSON merge patch (RFC 7396). With `If-Match`, a skill that was changed meanwhile is left alone (412). A webhook secret that is left out stays; null makes a new one.',
        tags,
        params,
        body: skillPatchSchema,
        response: { 200: skillSchema },
      },
    },
    async (request, reply) => {
      const { actor } = callerOf(request);
      const isExpected = expectedBy(request.headers['if-match']);
      const skill = await updateSkill(deps, request.params.slug, request.body, { actor, isExpected });
      return reply.header('etag', etagOf(revisionOf(skill))).send(skill);
    },
  );

  app.delete(
    '/api/v1/skills/:slug',
    {
      schema: {
        summary: 'Remove a skill; its executions stay',
        tags,
        params,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { actor } = callerOf(request);
      const isExpected = expectedBy(request.headers['if-match']);
      await removeSkill(deps, request.params.slug, { actor, isExpected });
      return reply.code(204).send();
    },
  );

  app.get(
    '/api/v1/skills/:slug/versions',
    {
      schema: {
        summary: "List a skill's versions, the newest first",
        tags,
        params,
        querystring: skillQuerySchema,
        response: { 200: pageOf(skillVersionSchema) },
      },
    },
    async (request) => listVersions(deps, request.params.slug, request.query),
  );

  app.post(
    '/api/v1/skills/:slug/versions/:version/restore',
    {
      schema: {
        summary: 'Save an earlier version again, as a new one',
        tags,
        params: versionParams,
        response: { 200: skillSchema },
      },
    },
    async (request, reply) => {
      const { slug, version } = request.params;
      const { actor } = callerOf(request);
      const isExpected = expectedBy(request.headers['if-match']);
      const skill = await restoreVersion(deps, slug, version, { actor, isExpected });
      return reply.header('etag', etagOf(revisionOf(skill))).send(skill);
    },
  );
}

async function fromTemplate(
  deps: SkillDeps,
  { from, connections, ...fields }: SkillFromTemplate,
  actor: string,
) {
  const { skill, warnings } = await useTemplate(deps, from, { actor, fields, connections });
  return { ...skill, warnings };
}
