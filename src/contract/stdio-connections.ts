/** Configuration of the connections that are started: MCP servers on this machine. */
import { z } from 'zod';
import { oneAtATimeSchema, secretInputSchema } from './common.ts';

const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'use letters, digits and underscores');

export const stdioConfigSchema = z
  .object({
    command: z.string().min(1).max(4096),
    args: z.array(z.string().max(16_384)).max(256).default([]),
    env: z.record(environmentName, secretInputSchema).default({}),
    secrets: z
      .record(environmentName, z.string().min(1))
      .default({})
      .describe('A dollar and {NAME} in args take the entry of that name'),
    cwd: z.string().optional(),
    sandbox: z.enum(['off', 'default', 'strict']).default('default'),
    network: z.union([z.boolean(), z.array(z.string())]).optional(),
    paths: z
      .array(z.string())
      .optional()
      .describe('Folders that a sandbox may write; a strict one sees no others'),
    oneAtATime: oneAtATimeSchema,
    timeoutMs: z.int().min(100).max(3_600_000).optional().describe('For one call, in milliseconds'),
  })
  .strict();
export type StdioConfigInput = z.infer<typeof stdioConfigSchema>;
