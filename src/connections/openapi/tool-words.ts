/** What a person and the model read of an operation. */
import type { Tool } from '../../contract/connections.ts';
import { type JsonObject, own, shorten, textOf } from './json.ts';
import type { Method, ParameterPlan } from './operation.ts';

const maxDescription = 1_500;

/** Names of parameters that ask for a part of a long list. */
const paging =
  /^(page|page_?size|page_?token|page_?number|per_?page|cursor|next_?token|offset|limit|starting_after|ending_before|after|before|continue|start|max_?results|start_?at)$/i;

const safeMethods = ['GET', 'HEAD', 'OPTIONS', 'QUERY'];

/**
 * RFC 9110 section 9.2: GET, HEAD and OPTIONS change nothing, and QUERY neither; PUT and DELETE may be repeated.
 *
 * @param readOnly what the owner says of an operation listed by hand
 */
export function annotationsOf(method: Method, readOnly?: boolean): NonNullable<Tool['annotations']> {
  const isSafe = readOnly ?? safeMethods.includes(method);
  return {
    readOnlyHint: isSafe,
    ...(isSafe ? { destructiveHint: false } : method === 'DELETE' ? { destructiveHint: true } : {}),
    idempotentHint: isSafe || method === 'PUT' || method === 'DELETE',
    openWorldHint: true,
  };
}

/**
 * Ends with the request itself: it is part of what a person approves and what is pinned, so an operation that moves to
 * another path or server is a changed tool.
 */
export function descriptionOf(
  operation: JsonObject,
  request: { method: Method; url: string; parameters: ParameterPlan[]; leftOut: number },
): string {
  const summary = textOf(own(operation, 'summary'))?.trim() ?? '';
  const description = textOf(own(operation, 'description'))?.trim() ?? '';
  const words = description.startsWith(summary) ? description : `${summary}\n${description}`.trim();
  const pages = request.parameters
    .filter((one) => one.in === 'query' && paging.test(one.name))
    .map((one) => one.property);
  return [
    shorten(words, maxDescription),
    own(operation, 'deprecated') === true ? 'Deprecated.' : '',
    pages.length > 0 && request.method === 'GET'
      ? `Answers in pages; ask for more with ${pages.join(', ')}.`
      : '',
    request.leftOut === 0
      ? ''
      : `${request.leftOut} more parameters of it, all optional, cannot be given here.`,
    `${request.method} ${request.url}`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}
