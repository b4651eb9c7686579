/** Executions as resources, `alfred://executions/<id>`: the latest to whoever may read, each to whoever started it. */
import type { ReadResourceResult, Resource } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { getExecution } from '../executions/get-execution.ts';
import { listExecutions } from '../executions/list-executions.ts';
import { AlfredError } from '../kernel/errors.ts';
import { type McpCaller, type McpServerDeps, maySee } from './caller.ts';

const scheme = 'alfred://executions/';
/** How many are listed: the latest. */
const most = 20;

export const executionTemplate = {
  name: 'execution',
  title: 'One run',
  uriTemplate: `${scheme}{id}`,
  mimeType: 'application/json',
};

export async function listExecutionResources(deps: McpServerDeps, caller: McpCaller): Promise<Resource[]> {
  if (!maySee(caller)) return [];
  const { items } = await listExecutions(deps, { limit: most });
  return items.map(({ id, skillSlug, createdAt, status }) => ({
    uri: `${scheme}${id}`,
    name: `${skillSlug} ${createdAt}`,
    description: `A run of ${skillSlug}: ${status}`,
    mimeType: 'application/json',
  }));
}

/** @throws AlfredError E_NOT_FOUND for what is none, or was started by somebody else */
export async function readExecutionResource(
  deps: McpServerDeps,
  caller: McpCaller,
  uri: string,
): Promise<ReadResourceResult> {
  const id = uri.startsWith(scheme) ? uri.slice(scheme.length) : '';
  if (!z.uuid().safeParse(id).success) throw noResource(uri);
  const run = await getExecution(deps, id, { trace: 'none' });
  if (!maySee(caller) && run.actor !== caller.actor) throw noResource(uri);
  const { trace: _trace, toolCalls, ...shown } = run;
  const calls = toolCalls.map(({ name, status, durationMs }) => ({ name, status, durationMs }));
  const text = JSON.stringify({ ...shown, toolCalls: calls });
  return { contents: [{ uri, mimeType: 'application/json', text }] };
}

const noResource = (uri: string) => new AlfredError('E_NOT_FOUND', `There is no resource ${uri} for you.`);
