/**
 * The HTTP server. Every request goes the same way: limit, host, authenticate, authorize, parse, call, present. What goes
 * wrong anywhere becomes a problem document (problems.ts); who may call what stands in access/policy.ts.
 */
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { type FastifyBaseLogger, fastify, LogController, type RouteOptions } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { fieldErrors, validationError } from '../kernel/validate.ts';
import { authenticate } from './access/authenticate.ts';
import { hostCheck } from './access/hosts.ts';
import { accessOf, decide } from './access/policy.ts';
import type { App } from './app.ts';
import { answerBrokenRequest } from './broken-request.ts';
import type { ServerDeps } from './deps.ts';
import { acceptJsonOnly, bodyLimit } from './json-body.ts';
import { describeApi } from './openapi.ts';
import { sendProblem } from './problems.ts';
import { configRoutes } from './routes/config.ts';
import { connectionRoutes } from './routes/connections.ts';
import { executionRoutes } from './routes/executions.ts';
import { healthRoutes } from './routes/health.ts';
import { modelRoutes } from './routes/model.ts';
import { pageRoutes } from './routes/page.ts';
import { sessionRoutes } from './routes/session.ts';
import { skillRoutes } from './routes/skills.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { vaultRoutes } from './routes/vault.ts';

/** Of a request's headers, and of the whole request, in milliseconds: slow senders are cut off. */
const headersTimeout = 15_000;
const requestTimeout = 30_000;

/** One page of the console makes a dozen requests, and a script may poll: this stops floods, not work. */
const requestsPerMinute = 12_000;

/** Builds the server; `listen` opens it, `close` ends streams and waits for requests that are under way. */
export async function buildServer(deps: ServerDeps): Promise<App> {
  const { vault, log, settings } = deps;
  const app: App = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newId,
    bodyLimit,
    requestTimeout,
    http: { headersTimeout, connectionsCheckingInterval: 5000, maxHeaderSize: 16 * 1024 },
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request, reply, vault.redactor);
    },
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<ZodTypeProvider>();

  const closing = new AbortController();
  app.decorate('closing', closing.signal);
  app.addHook('preClose', async () => closing.abort());
  app.decorateRequest('principal', null);

  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, vault.redactor));
  app.setValidatorCompiler(({ schema, httpPart }) => validator(schema as z.ZodType, httpPart));
  // Answers are typed by the same schemas; checking them again at run time could only turn an answer into an error.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  acceptJsonOnly(app);
  const methods = keepPolicy(app);

  await app.register(rateLimit, {
    max: deps.requestsPerMinute ?? requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { after }) =>
      new AlfredError('E_RATE_LIMITED', 'There were too many requests from this address', {
        remedy: `Try again in ${after}.`,
      }),
  });
  await app.register(helmet, securityHeaders(settings.publicUrl !== undefined));
  await app.register(cookie);
  await describeApi(app, deps.version);

  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const pattern = [...methods.keys()].find((url) => fits(url, path));
    if (pattern === undefined) throw new AlfredError('E_NOT_FOUND', 'There is nothing at this address');
    reply.header('allow', [...(methods.get(pattern) ?? [])].join(', '));
    throw new AlfredError('E_METHOD_NOT_ALLOWED', `${request.method} is not possible here`);
  });
  const checkHost = hostCheck(settings);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    checkHost(request.headers.host);
    checkUrl(request.url);
    if (request.is404) return;
    const access = accessOf(request.method, request.routeOptions.url ?? '');
    // Public routes look at no credentials, so that a wrong one cannot close them.
    if (access !== 'public') request.principal = (await authenticate(deps.db, request)) ?? null;
    decide(access, request.principal ?? undefined);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    request.log.debug(
      { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
  });

  healthRoutes(app, deps);
  pageRoutes(app);
  sessionRoutes(app, deps);
  tokenRoutes(app, deps);
  connectionRoutes(app, deps);
  skillRoutes(app, deps);
  executionRoutes(app, deps);
  configRoutes(app, deps);
  vaultRoutes(app, deps);
  modelRoutes(app, deps);
  app.get('/api/openapi.json', { schema: { summary: 'This document' } }, async () => app.swagger());

  await app.ready();
  return app;
}

/** A path that names nothing is not found; everything else that does not fit is 422 with the fields. */
function validator(schema: z.ZodType, httpPart: string | undefined) {
  const what = httpPart === 'body' ? 'The body' : httpPart === 'querystring' ? 'The query' : 'The request';
  return (data: unknown) => {
    const parsed = schema.safeParse(data);
    if (parsed.success) return { value: parsed.data };
    const error =
      httpPart === 'params'
        ? new AlfredError('E_NOT_FOUND', 'There is nothing of that name')
        : validationError(what, fieldErrors(parsed.error.issues));
    return { error };
  };
}

/**
 * Refuses, at start, any route that the policy does not name.
 *
 * @returns the methods of each path, filled as routes are registered
 * @throws Error naming the route: a mistake of ours
 */
function keepPolicy(app: App): ReadonlyMap<string, ReadonlySet<string>> {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ method, url }: RouteOptions) => {
    for (const one of [method].flat()) {
      if (accessOf(one, url) === undefined) throw new Error(`${one} ${url} is not in the policy`);
      methods.set(url, (methods.get(url) ?? new Set()).add(one));
    }
  });
  return methods;
}

/** Whether a path is one of a route's: `:name` stands for one part. */
function fits(pattern: string, path: string): boolean {
  const parts = pattern.split('/');
  const given = path.split('/');
  return (
    parts.length === given.length &&
    parts.every((part, index) => (part.startsWith(':') ? given[index] !== '' : part === given[index]))
  );
}

/** NUL is in no name of ours, and PostgreSQL cannot hold it. */
function checkUrl(url: string): void {
  if (/%00/.test(url)) throw new AlfredError('E_MALFORMED', 'The address holds a NUL character');
}

/** No inline script or style, nothing from elsewhere, and nobody may frame us. */
const securityHeaders = (isPublic: boolean) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' as const },
  // Only an address with TLS can promise TLS.
  strictTransportSecurity: isPublic ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  frameguard: { action: 'deny' as const },
});
