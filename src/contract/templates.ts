/** Templates: skills that ship as SKILL.md folders, with the connections that they want. */
import { z } from 'zod';
import { connectionNameSchema, slugSchema } from './common.ts';
import { connectionTypeSchema } from './connection-types.ts';
import { triggerTypeSchema } from './triggers.ts';

/** A connection that a template wants, and what a person must fill in before it can be made. */
export const templateConnectionSchema = z.object({
  name: connectionNameSchema,
  why: z.string().describe('What the skill uses it for'),
  type: connectionTypeSchema,
  config: z
    .record(z.string(), z.unknown())
    .describe('May hold {{NAME}}, which stands for the answer of that name'),
  ask: z
    .array(
      z.object({
        name: z.string(),
        question: z.string(),
        example: z.string().optional(),
        secret: z.boolean().default(false),
      }),
    )
    .default([]),
});
export type TemplateConnection = z.infer<typeof templateConnectionSchema>;

/** The questions of a connection that have no answer yet. */
export const unanswered = (
  connection: TemplateConnection,
  answers: Readonly<Record<string, string>>,
): TemplateConnection['ask'] => connection.ask.filter(({ name }) => !answers[name]);

/** The connection with the answers in the place of `{{NAME}}`: what `POST /api/v1/connections` takes. */
export function fillConnection(
  { name, type, config }: TemplateConnection,
  answers: Readonly<Record<string, string>>,
): Pick<TemplateConnection, 'name' | 'type' | 'config'> {
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.replace(/\{\{(\w+)\}\}/g, (whole, key: string) => answers[key] ?? whole);
    }
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
  };
  return { name, type, config: fill(config) as Record<string, unknown> };
}

export const templateSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  needsAccount: z.boolean(),
  sample: z.string().describe('What one run of it may give, in Markdown'),
  triggerType: triggerTypeSchema,
  stepCount: z.int(),
  tools: z.array(z.string()),
  connections: z.array(
    templateConnectionSchema.extend({
      exists: z.boolean(),
      fits: z
        .array(connectionNameSchema)
        .describe('Connections that have the tools which the template uses of it, the latest first'),
    }),
  ),
});
export type Template = z.infer<typeof templateSchema>;

/** A skill made of a template: `from` names it, whatever else is given stands in the place of the template's own. */
export const skillFromTemplateSchema = z
  .looseObject({
    from: slugSchema,
    slug: slugSchema.optional(),
    connections: z
      .record(connectionNameSchema, connectionNameSchema)
      .default({})
      .describe('Of each connection that the template wants, which of yours takes its place'),
  })
  .describe('`from`: the id of a template; other fields of a skill are taken instead of its own');
export type SkillFromTemplate = z.infer<typeof skillFromTemplateSchema>;
