import type { z } from 'zod';
import { isRecord } from '../../contract/is-record.ts';
import { operations } from '../../contract/operations.ts';
import { skillDefinitionSchema } from '../../contract/skills.ts';
import { type SkillFromTemplate, skillFromTemplateSchema } from '../../contract/templates.ts';
import { endWaiting } from '../../executions/cancel-runs.ts';
import { cancelSkillRuns } from '../../executions/cancel-skill-runs.ts';
import { withCounts } from '../../runner/counted-tools.ts';
import { type Author, createSkill, type SkillDeps } from '../../skills/create-skill.ts';
import { getSkill } from '../../skills/get-skill.ts';
import { listSkills } from '../../skills/list-skills.ts';
import { listVersions } from '../../skills/list-versions.ts';
import { removeSkill } from '../../skills/remove-skill.ts';
import { restoreVersion } from '../../skills/restore-version.ts';
import { revisionOf } from '../../skills/skill-row.ts';
import { updateSkill } from '../../skills/update-skill.ts';
import { useTemplate } from '../../skills/use-template.ts';
import { route } from '../../web/route.ts';
import { validator } from '../../web/validator.ts';
import { authorOf, callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { etagOf, expectedBy } from '../etag.ts';

const isFromTemplate = (body: unknown): body is SkillFromTemplate => isRecord(body) && 'from' in body;

export function skillRoutes(app: App, server: ServerDeps): void {
  const { db, vault } = server;
  const deps = { db, vault };

  route(app, operations.listSkills, async (request) => listSkills(deps, request.query));

  route(
    app,
    operations.createSkill,
    async (request, reply) => {
      const author = authorOf(request);
      const skill = isFromTemplate(request.body)
        ? await fromTemplate(deps, request.body, author)
        : await createSkill(deps, request.body, author);
      return reply
        .code(201)
        .header('etag', etagOf(revisionOf(skill)))
        .header('location', `/api/v1/skills/${skill.slug}`)
        .send(await withCounts(server, skill, { mayAsk: true }));
    },
    {
      // The body itself says which of the two is meant: what is wrong is named by that one's fields.
      validatorCompiler: ({ schema, httpPart }) => {
        if (httpPart !== 'body') return validator(schema as z.ZodType, httpPart);
        const plain = validator(skillDefinitionSchema, httpPart);
        const template = validator(skillFromTemplateSchema, httpPart);
        return (body) => (isFromTemplate(body) ? template : plain)(body);
      },
    },
  );

  route(app, operations.getSkill, async (request, reply) => {
    const skill = await getSkill(deps, request.params.slug);
    return reply
      .header('etag', etagOf(revisionOf(skill)))
      .send(await withCounts(server, skill, { mayAsk: false }));
  });

  route(app, operations.updateSkill, async (request, reply) => {
    const isExpected = expectedBy(request.headers['if-match']);
    const change = { ...authorOf(request), isExpected };
    const skill = await updateSkill(deps, request.params.slug, request.body, change);
    if (!skill.isActive) await endWaiting(server, skill.slug, change.actor);
    return reply
      .header('etag', etagOf(revisionOf(skill)))
      .send(await withCounts(server, skill, { mayAsk: true }));
  });

  route(app, operations.removeSkill, async (request, reply) => {
    const { actor } = callerOf(request);
    const isExpected = expectedBy(request.headers['if-match']);
    await removeSkill(deps, request.params.slug, { actor, isExpected });
    await endWaiting(server, request.params.slug, actor);
    return reply.code(204).send();
  });

  route(app, operations.cancelSkillRuns, async (request) => ({
    cancelled: await cancelSkillRuns(server, request.params.slug, callerOf(request).actor),
  }));

  route(app, operations.listSkillVersions, async (request) =>
    listVersions(deps, request.params.slug, request.query),
  );

  route(app, operations.restoreSkillVersion, async (request, reply) => {
    const { slug, version } = request.params;
    const isExpected = expectedBy(request.headers['if-match']);
    const skill = await restoreVersion(deps, slug, version, { ...authorOf(request), isExpected });
    return reply
      .header('etag', etagOf(revisionOf(skill)))
      .send(await withCounts(server, skill, { mayAsk: true }));
  });
}

async function fromTemplate(
  deps: SkillDeps,
  { from, connections, ...fields }: SkillFromTemplate,
  author: Author,
) {
  const { skill, warnings } = await useTemplate(deps, from, { ...author, fields, connections });
  return { ...skill, warnings };
}
