/** Registers an operation of an API, the VM's (contract/operations.ts) or Core's (contract/core-api/), with what carries it out. */
import type { FastifyReply, FastifyRequest, FastifySchema, RouteShorthandOptions } from 'fastify';
import { z } from 'zod';
import type { Answers, Operation, Parsed } from '../contract/operation.ts';
import type { TypedApp } from './typed-app.ts';

type RequestOf<E extends Operation> = FastifyRequest<{
  Params: Parsed<E, 'params'>;
  Querystring: Parsed<E, 'query'>;
  Headers: Parsed<E, 'headers'>;
  Body: Parsed<E, 'body'>;
}>;
type ReplyOf<E extends Operation> = FastifyReply<{ Reply: Answers<E> }>;

type Handler<E extends Operation> = (
  request: RequestOf<E>,
  reply: ReplyOf<E>,
) => Promise<Answers<E> | FastifyReply>;

type Options = Pick<
  RouteShorthandOptions,
  'config' | 'bodyLimit' | 'validatorCompiler' | 'onRequest' | 'onError' | 'exposeHeadRoute'
>;

export function route<E extends Operation>(
  app: TypedApp,
  { method, path, query, params, headers, body, responses, summary, description, tags }: E,
  handler: Handler<E>,
  options: Options = {},
): void {
  const parts = {
    summary,
    description,
    tags,
    params,
    querystring: path.startsWith('/api/v1/') || path.startsWith('/v1/') ? exactly(query) : query,
    headers,
    body,
    response: responses,
  };
  const schema: FastifySchema = Object.fromEntries(
    Object.entries(parts).filter(([, part]) => part !== undefined),
  );
  app.route({ ...options, method, url: path, schema, handler: handler as never });
}

/** A parameter that an operation does not have is a mistake of its caller's: what it was meant to narrow would be whole. */
const exactly = (query: z.ZodType | undefined): z.ZodType | undefined =>
  query === undefined ? z.strictObject({}) : query instanceof z.ZodObject ? query.strict() : query;
