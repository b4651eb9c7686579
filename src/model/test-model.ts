/** Tries the model endpoint the way a run uses it: through the proxy, with one very short message. */
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { readModelSettings } from '../config/model-settings.ts';
import type { ModelTest } from '../contract/model.ts';
import type { Database } from '../database/client.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Failure } from '../kernel/failure.ts';
import { newId } from '../kernel/ids.ts';
import type { Logger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { fullModelName } from '../money/prices.ts';
import { isCostCap } from '../money/spend/caps.ts';
import { ledgerCap } from '../money/spend/ledger-cap.ts';
import { spendCap } from '../money/spend-caps.ts';
import type { Redactor } from '../vault/redact.ts';
import type { ModelProxy } from './tickets.ts';
import { noteTrouble } from './trouble.ts';

/** How long the endpoint may take, in milliseconds. */
const timeout = 30_000;

/** More than one word of an answer can cost, in US dollars. */
const mostUsd = 0.05;

export type TestModelDeps = {
  db: Database;
  vault: { redactor: Redactor };
  settings: Pick<Settings, 'model'>;
  proxy: Pick<ModelProxy, 'socketPath' | 'issue'>;
  log: Logger;
  /** Of this process: what a try costs counts towards the VM's caps. */
  workerId: string;
  /** Which day it counts towards; the database's clock without one. */
  clock?: Clock;
};

/** Says in plain words whether a run could reach the model, as it is configured now. */
export async function testModel(
  deps: TestModelDeps,
  { signal }: { signal?: AbortSignal } = {},
): Promise<ModelTest> {
  const { db, vault, settings, proxy } = deps;
  const { model: named, rehearsal, maxCostPerRunUsd } = await readModelSettings({ db, settings });
  const model = fullModelName(named);
  if (rehearsal) {
    const message =
      'No model is set up, so the built-in rehearsal model answers. It needs no key and costs nothing.';
    const remedy = 'To use a real one: alfred config set anthropic_api_key';
    return { ok: true, message, remedy, model, rehearsal, durationMs: 0, costUsd: 0 };
  }

  const started = performance.now();
  const ticket = proxy.issue({
    executionId: newId(),
    stepId: 1,
    mode: 'live',
    model,
    // A cap of the owner's holds here too; without one, a model whose price is not known may be tried.
    caps: [
      ...(maxCostPerRunUsd === undefined
        ? []
        : [spendCap({ scope: 'this try', capUsd: Math.min(mostUsd, maxCostPerRunUsd) })]),
      ledgerCap(deps, { executionId: undefined, skillId: undefined, runCapUsd: undefined }),
    ],
  });
  try {
    const limit = AbortSignal.timeout(timeout);
    const status = await call(
      proxy.socketPath,
      ticket.token,
      model,
      signal ? AbortSignal.any([limit, signal]) : limit,
    );
    const durationMs = Math.round(performance.now() - started);
    const failure = status === 200 ? undefined : (ticket.lastFailure() ?? unanswered(model));
    if (failure && !isCostCap(failure.code) && !signal?.aborted)
      await noteTrouble({ db, redactor: vault.redactor }, model, failure);
    return {
      ...verdict(failure, model, vault.redactor),
      model,
      rehearsal,
      durationMs,
      costUsd: ticket.usage().costUsd,
    };
  } finally {
    ticket.revoke();
  }
}

function verdict(failure: Failure | undefined, model: string, redactor: Redactor) {
  if (failure === undefined) return { ok: true, message: `The model ${model} answers.` };
  const { code, message, remedy } = failure;
  return { ok: false, code, message: redactor.text(message), remedy: redactor.text(remedy) };
}

const unanswered = (model: string): Failure => ({
  code: 'E_MODEL_TIMEOUT',
  message: `The model ${model} did not answer within ${timeout / 1000} s.`,
  remedy: 'Try again; if it stays so, look at the endpoint: alfred config get model_base_url',
});

/** The answer's status; undefined when none came before the signal. */
function call(
  socketPath: string,
  token: string,
  model: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const body = JSON.stringify({
    model,
    max_tokens: 16,
    system: 'You are being tried out. Answer with one word.',
    messages: [{ role: 'user', content: 'Answer with the word OK.' }],
  });
  const headers = {
    'content-type': 'application/json',
    'anthropic-version': '2023-06-01',
    'x-api-key': token,
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve) => {
    const sent = request(
      { socketPath, path: '/v1/messages', method: 'POST', headers, signal },
      (response) => {
        buffer(response).then(
          () => resolve(response.statusCode),
          // Cut off on the way: the ticket knows why.
          () => resolve(undefined),
        );
      },
    );
    sent.on('error', () => resolve(undefined));
    sent.end(body);
  });
}
