/**
 * Core's HTTP server. It keeps nothing between requests but PostgreSQL and its key: as many processes as there is load
 * can stand behind one address.
 */
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { type FastifyBaseLogger, type FastifyRequest, fastify, LogController } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { coreApiOperations } from '../../src/contract/core-api/operations.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { parseJson } from '../../src/kernel/parse-json.ts';
import { trustProxy } from '../../src/kernel/trusted-proxies.ts';
import { compressAnswers } from '../../src/web/compress.ts';
import { hostCheck, publicPort } from '../../src/web/hosts.ts';
import { pageHeaders } from '../../src/web/page-headers.ts';
import { programHeaders } from '../../src/web/program-headers.ts';
import { route } from '../../src/web/route.ts';
import { countRoutes } from '../../src/web/route-methods.ts';
import { validator } from '../../src/web/validator.ts';
import { accountRoutes } from './account-routes.ts';
import { alertRoutes } from './alert-routes.ts';
import type { CoreApp, CoreDeps } from './app.ts';
import { fleetRoutes } from './fleet-routes.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { describeCoreApi } from './openapi.ts';
import { pageRoutes } from './page-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { sendProblem } from './problems.ts';
import { sessionRoutes } from './session-routes.ts';
import { registryRoutes, vmRoutes } from './vm-routes.ts';
import { wellKnownRoutes } from './well-known-routes.ts';

/** No request of Core's is longer, in bytes. */
const bodyLimit = 8 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body may say nothing but what its schema reads: no name twice, no odd spelling. */
    exactBody?: boolean;
  }
}

/** Builds the server; `listen` opens it. */
export async function buildCoreServer(deps: CoreDeps): Promise<CoreApp> {
  const { requestsPerMinute = 6000, trustedProxies = [] } = deps;
  const app: CoreApp = fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit,
    requestTimeout: 30_000,
    http: { headersTimeout: 15_000, maxHeaderSize: 16 * 1024 },
    // Of what a proxy says only the caller's address counts: hosts and cookies go by `Host` and the public address.
    trustProxy: trustProxy(trustedProxies),
  }).withTypeProvider<ZodTypeProvider>();

  app.setErrorHandler(sendProblem);
  const { refuseMethod } = countRoutes(app);
  const plainHeaders = programHeaders(isPublic(deps));
  app.setNotFoundHandler((request, reply) => {
    reply.headers(plainHeaders);
    refuseMethod(request, reply);
    throw new AlfredError('E_NOT_FOUND', 'There is nothing at this address');
  });
  app.setValidatorCompiler(({ schema, httpPart }) => validator(schema as z.ZodType, httpPart));
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      const value = parseJson(body);
      if (request.routeOptions.config.exactBody === true) refuseMore(body, value);
      return value;
    },
  );
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: () =>
      new AlfredError('E_RATE_LIMITED', 'There were too many requests from this address', {
        remedy: 'Try again in a minute.',
      }),
  });
  const checkHost = hostCheck({ host: deps.host, publicUrl: deps.issuer }, 'core');
  const withPublicPort = publicPort(deps.issuer);
  app.addHook('onRequest', async ({ headers }, reply) => {
    reply.header('cache-control', 'no-store');
    checkHost(headers.host);
    headers.host = withPublicPort(headers.host);
  });

  await describeCoreApi(app);
  await app.register(cookie);
  // These see every request, so they come first.
  metricsRoutes(app, deps);
  // VMs report by the hundred a second: what people are served by is no part of that.
  await app.register(async (part) => {
    part.addHook('onRequest', async (_request, reply) => void reply.headers(plainHeaders));
    vmRoutes(part as CoreApp, deps);
  });
  await app.register(async (part) => await addRoutesOfPeople(part as CoreApp, deps));
  await app.ready();
  return app;
}

async function addRoutesOfPeople(app: CoreApp, deps: CoreDeps): Promise<void> {
  compressAnswers(app);
  await app.register(helmet, pageHeaders(isPublic(deps)));
  wellKnownRoutes(app, deps);
  pageRoutes(app);
  sessionRoutes(app, deps);
  accountRoutes(app, deps);
  peopleRoutes(app, deps);
  registryRoutes(app, deps);
  fleetRoutes(app, deps);
  alertRoutes(app, deps);
  route(app, coreApiOperations.describeCoreApi, async () => ({ ...app.swagger() }));
}

/** Whether VMs and people reach it by TLS. */
const isPublic = ({ issuer }: CoreDeps): boolean => issuer.startsWith('https:');

/**
 * JSON can carry what no reader sees: a name twice, of which the last counts. White space aside, the bytes must be those
 * that their own meaning is written with.
 */
function refuseMore(body: Buffer, value: unknown): void {
  const text = body.toString('utf8').replaceAll(/[ \t\r\n]/g, '');
  if (text === JSON.stringify(value)) return;
  throw new AlfredError(
    'E_MALFORMED',
    'The body says more than its meaning: a name twice, or an odd spelling',
  );
}
