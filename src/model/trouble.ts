/**
 * What keeps the model from answering: kept until it answers again, so that what failed in the night, or when it was tried, is
 * still to be seen where the owner looks. Every process writes it, and each reads what the others found.
 */
import type { ErrorCode } from '../contract/errors.ts';
import type { ModelTrouble } from '../contract/model.ts';
import type { Database } from '../database/client.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Failure } from '../kernel/failure.ts';
import type { Logger } from '../kernel/log.ts';
import type { Outcome } from './proxy/call.ts';
import type { Redacts } from './proxy/request.ts';

type Deps = { db: Pick<Database, 'pool'>; redactor: Pick<Redacts, 'text'> };

/** These are of the model's, whatever it is asked; what is wrong with one request alone says nothing of the next. */
const ofTheModel: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'E_MODEL_AUTH',
  'E_MODEL_BILLING',
  'E_MODEL_RATE_LIMITED',
  'E_MODEL_OVERLOADED',
  'E_MODEL_FAILED',
  'E_MODEL_UNREACHABLE',
  'E_MODEL_TIMEOUT',
]);

const isOfTheModel = ({ code }: Pick<Failure, 'code'>): boolean => ofTheModel.has(code);

/** Takes down that it did not answer. */
export async function noteTrouble(
  { db, redactor }: Deps,
  model: string,
  { code, message, remedy }: Failure,
): Promise<void> {
  await db.pool.query(
    `INSERT INTO model_trouble (since, at, model, code, message, remedy) VALUES (now(), now(), $1, $2, $3, $4)
     ON CONFLICT (singleton) DO UPDATE SET at = greatest(model_trouble.at, excluded.at), model = excluded.model,
       code = excluded.code, message = excluded.message, remedy = excluded.remedy`,
    [model, code, redactor.text(message), redactor.text(remedy)],
  );
}

/** It answered: what was is over. A model that is not there is not found by another that is. */
export async function endTrouble({ db }: Pick<Deps, 'db'>, model: string): Promise<void> {
  await db.pool.query(`DELETE FROM model_trouble WHERE code <> 'E_MODEL_NOT_FOUND' OR model = $1`, [model]);
}

/** An answer that comes so soon behind another has nothing new to say, in milliseconds. */
const sameNewsMs = 30_000;

/** What the calls of one process tell of the model. */
export class ModelWatch {
  readonly #deps: Deps & { log: Pick<Logger, 'warn'> };
  #answeredAt = -Infinity;

  constructor(deps: Deps & { log: Pick<Logger, 'warn'> }) {
    this.#deps = deps;
  }

  /** Takes down how a call ended. That it cannot be taken down is logged, and harms no call. */
  async tell(model: string, { state, failure }: Pick<Outcome, 'state' | 'failure'>): Promise<void> {
    try {
      if (failure !== undefined && isOfTheModel(failure)) {
        this.#answeredAt = -Infinity;
        await noteTrouble(this.#deps, model, failure);
      } else if (state === 'answered' && performance.now() - this.#answeredAt > sameNewsMs) {
        this.#answeredAt = performance.now();
        await endTrouble(this.#deps, model);
      }
    } catch (error) {
      this.#deps.log.warn(
        `that the model ${failure ? 'failed' : 'answers'} was not written down: ${messageOf(error)}`,
      );
    }
  }
}

/** What keeps it from answering, by the settings of now; undefined when nothing is known to. */
export async function readTrouble({ db }: Pick<Deps, 'db'>): Promise<ModelTrouble | undefined> {
  const { rows } = await db.pool.query<Omit<ModelTrouble, 'since'> & { since: Date }>(
    `SELECT since, code, message, remedy FROM model_trouble t WHERE NOT EXISTS (
       SELECT FROM config WHERE key IN ('anthropic_api_key', 'model_base_url', 'model') AND updated_at > t.at)`,
  );
  const [row] = rows;
  return row && { ...row, since: row.since.toISOString() };
}
