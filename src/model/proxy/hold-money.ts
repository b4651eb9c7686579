/** Sets aside what a call of the model can cost, while what may leave of it is made. */
import { waitWhileAway } from '../../database/wait-while-away.ts';
import type { Price } from '../../money/prices.ts';
import { type Reservation, reserve } from '../../money/spend-caps.ts';
import { leastAnswer, type ModelRequestBody, type PromptSize, promptSize } from './request.ts';
import type { Ticket } from './tickets.ts';

/** A request as it may leave; `text` is that as JSON. */
export type Leaving = { redacted: ModelRequestBody; text: string };

/** A request as the agent made it. */
export type Asked = {
  body: ModelRequestBody;
  /** All that it sent, from which the cost is judged: the database sets that aside while `redact` is at work. */
  came: string;
  redact(): Leaving;
};

type Held = Leaving & { reservation: Reservation; size: PromptSize };

/** @throws AlfredError E_COST_CAP and its kin when too little is left; E_MODEL_UNPRICED under a cap when `price` is not known */
export async function holdMoney(
  { ticket, signal }: { ticket: Ticket; signal: AbortSignal },
  price: Price | undefined,
  { body, came, redact }: Asked,
): Promise<Held> {
  const hold = (size: PromptSize) =>
    waitWhileAway(
      () =>
        reserve(ticket.run.caps, {
          model: body.model,
          price,
          promptTokens: size.tokens,
          cache: size.cache,
          signal,
          maxTokens: body.max_tokens ?? undefined,
          leastTokens: leastAnswer(body),
        }),
      { signal },
    );
  const size = promptSize(came, ticket.lastPrompt);
  const holding = hold(size);
  // It is awaited when the text is made.
  holding.catch(() => {});
  let leaving: Leaving;
  try {
    leaving = redact();
  } catch (error) {
    await holding.then((reservation) => reservation.settle(0));
    throw error;
  }
  const reservation = await holding;
  const sent = promptSize(leaving.text, ticket.lastPrompt);
  if (sent.tokens <= size.tokens) return { ...leaving, reservation, size };
  // What stands in a secret's place may be longer than it.
  await reservation.settle(0);
  return { ...leaving, reservation: await hold(sent), size: sent };
}
