/**
 * The HTTP server. Every request goes the same way: limit, authenticate, authorize (guard.ts), parse, call, present. What
 * goes wrong anywhere becomes a problem document (problems.ts); who may call what stands in access/policy.ts.
 */
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { operations } from '../contract/operations.ts';
import { consoleFiles } from '../contract/pages.ts';
import { newId } from '../kernel/ids.ts';
import { trustProxy } from '../kernel/trusted-proxies.ts';
import { type BuiltPages, readPages, sendBuilt } from '../web/built-pages.ts';
import { compressAnswers } from '../web/compress.ts';
import { inlineHashes } from '../web/inline-hashes.ts';
import { answerNotModified } from '../web/not-modified.ts';
import { pageHeaders } from '../web/page-headers.ts';
import { route } from '../web/route.ts';
import { validator } from '../web/validator.ts';
import { Challenges } from './access/passkeys/challenges.ts';
import type { App } from './app.ts';
import { answerBrokenRequest, answerExpectation } from './broken-request.ts';
import type { ServerDeps } from './deps.ts';
import { guard } from './guard.ts';
import { acceptJsonOnly, bodyLimit } from './json-body.ts';
import { keepRoutes } from './known-routes.ts';
import { describeApi } from './openapi.ts';
import { sendProblem } from './problems.ts';
import { approvalLinkRoutes } from './routes/approval-links.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { appRoutes } from './routes/apps.ts';
import { auditRoutes } from './routes/audit.ts';
import { backupRoutes } from './routes/backups.ts';
import { budgetRoutes } from './routes/budget.ts';
import { channelRoutes } from './routes/channels.ts';
import { configRoutes } from './routes/config.ts';
import { connectionImportRoutes } from './routes/connection-import.ts';
import { connectionLoginRoutes } from './routes/connection-logins.ts';
import { connectionRoutes } from './routes/connections.ts';
import { conversationRoutes } from './routes/conversations.ts';
import { coreRoutes } from './routes/core.ts';
import { doctorRoutes } from './routes/doctor.ts';
import { executionRoutes } from './routes/executions.ts';
import { healthRoutes } from './routes/health.ts';
import { hookRoutes } from './routes/hooks.ts';
import { manyExecutionsRoutes } from './routes/many-executions.ts';
import { mcpRoutes } from './routes/mcp.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { modelRoutes } from './routes/model.ts';
import { newsRoutes } from './routes/news.ts';
import { pageRoutes } from './routes/page.ts';
import { passkeyRoutes } from './routes/passkeys.ts';
import { passwordRoutes } from './routes/password.ts';
import { proposalRoutes } from './routes/proposals.ts';
import { replayRoutes } from './routes/replays.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { sessionRoutes } from './routes/session.ts';
import { sessionsRoutes } from './routes/sessions.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { skillFolderRoutes } from './routes/skill-folders.ts';
import { skillHookRoutes } from './routes/skill-hooks.ts';
import { skillRoutes } from './routes/skills.ts';
import { statsRoutes } from './routes/stats.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { tryRoutes } from './routes/tries.ts';
import { vaultRoutes } from './routes/vault.ts';
import { vmStatusRoutes } from './routes/vm-status.ts';

/** Slow senders are cut off: nobody holds a connection without asking for something. */
const usualTimeouts = { headers: 15_000, request: 30_000 };

/** Builds the server; `listen` opens it, `close` ends streams and waits for requests that are under way. */
export async function buildServer(deps: ServerDeps): Promise<App> {
  const { vault, log, settings, timeouts = usualTimeouts } = deps;
  const app: App = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newId,
    bodyLimit,
    // Of what a proxy says only the caller's address counts: hosts, origins and cookies go by `Host` and the public address.
    trustProxy: trustProxy(settings.trustedProxies),
    requestTimeout: timeouts.request,
    http: {
      headersTimeout: timeouts.headers,
      connectionsCheckingInterval: Math.min(5000, timeouts.headers),
      maxHeaderSize: 16 * 1024,
      // Node would answer without a body: a request without a host is refused with the others (web/hosts.ts).
      requireHostHeader: false,
    },
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
  app.server.on('checkExpectation', answerExpectation);
  const answerUnknown = keepRoutes(app);
  await describeApi(app, deps.version);
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    request.log.debug(
      { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
  });
  const guardRoutes = await guard(app, deps);
  await hookRoutes(app, deps, guardRoutes);
  // Programs deliver by the hundred a second: what people and clients of the API are served by is no part of that.
  await app.register(async (rest) => {
    const part = rest as App;
    const pages = readPages('index.html', consoleFiles);
    answerNotModified(part);
    compressAnswers(part);
    const inline = inlineHashes(String(pages.page.content));
    await part.register(helmet, pageHeaders(settings.publicUrl !== undefined, inline));
    await part.register(cookie);
    guardRoutes(part);
    answerUnknown(part, (request, reply) => sendBuilt(request, reply, pages.page, 'page'));
    await addRoutes(part, deps, pages);
  });
  await app.ready();
  return app;
}

async function addRoutes(app: App, deps: ServerDeps, pages: BuiltPages): Promise<void> {
  metricsRoutes(app, deps);
  doctorRoutes(app, deps);
  healthRoutes(app, deps);
  pageRoutes(app, pages);
  const challenges = new Challenges();
  signInRoutes(app, { ...deps, challenges });
  sessionRoutes(app, deps);
  passkeyRoutes(app, { ...deps, challenges });
  passwordRoutes(app, deps);
  sessionsRoutes(app, deps);
  tokenRoutes(app, deps);
  await appRoutes(app, deps);
  connectionImportRoutes(app, deps);
  connectionRoutes(app, deps);
  connectionLoginRoutes(app, deps);
  skillRoutes(app, deps);
  skillFolderRoutes(app, deps);
  scheduleRoutes(app, deps);
  executionRoutes(app, deps);
  manyExecutionsRoutes(app, deps);
  approvalLinkRoutes(app, deps);
  approvalRoutes(app, deps);
  conversationRoutes(app, deps);
  proposalRoutes(app, deps);
  replayRoutes(app, deps);
  tryRoutes(app, deps);
  newsRoutes(app, deps);
  mcpRoutes(app, deps);
  budgetRoutes(app, deps);
  statsRoutes(app, deps);
  skillHookRoutes(app, deps);
  configRoutes(app, deps);
  channelRoutes(app, deps);
  backupRoutes(app, deps);
  vaultRoutes(app, deps);
  auditRoutes(app, deps);
  modelRoutes(app, deps);
  coreRoutes(app, deps);
  vmStatusRoutes(app, deps);
  route(app, operations.describeApi, async () => ({ ...app.swagger() }));
}
