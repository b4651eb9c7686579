/** Registers an operation of the API (contract/api.ts) with what carries it out. */
import type { FastifyReply, FastifyRequest, FastifySchema, RouteShorthandOptions } from 'fastify';
import type { Answers, Endpoint, Parsed } from '../contract/endpoint.ts';
import type { App } from './app.ts';

export type RequestOf<E extends Endpoint> = FastifyRequest<{
  Params: Parsed<E, 'params'>;
  Querystring: Parsed<E, 'query'>;
  Headers: Parsed<E, 'headers'>;
  Body: Parsed<E, 'body'>;
}>;
export type ReplyOf<E extends Endpoint> = FastifyReply<{ Reply: Answers<E> }>;

type Handler<E extends Endpoint> = (
  request: RequestOf<E>,
  reply: ReplyOf<E>,
) => Promise<Answers<E> | FastifyReply>;

type Options = Pick<RouteShorthandOptions, 'config' | 'bodyLimit' | 'validatorCompiler'>;

export function route<E extends Endpoint>(
  app: App,
  { method, path, query, params, headers, body, responses, summary, description, tags }: E,
  handler: Handler<E>,
  options: Options = {},
): void {
  const parts = {
    summary,
    description,
    tags,
    params,
    querystring: query,
    headers,
    body,
    response: responses,
  };
  const schema: FastifySchema = Object.fromEntries(
    Object.entries(parts).filter(([, part]) => part !== undefined),
  );
  app.route({ ...options, method, url: path, schema, handler: handler as never });
}
