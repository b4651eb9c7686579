/**
 * The turns of the model in a step: each is one call of the model, told by the Agent SDK in a message for each block of the
 * answer, all with the id of one message. What a call used comes beside them, as running totals of the whole run: when the
 * model begins to answer, and when it has.
 */
import type { Usage } from '../../src/contract/executions.ts';
import { addUsage } from '../../src/contract/usage.ts';
import type { ItemView, StepView, TurnPart, TurnView } from './run-shapes.ts';

const isTurn = (item: ItemView): item is TurnView => item.kind === 'turn';

/** Nothing is answered any more. */
export const closeTurns = (items: ItemView[], at: number): ItemView[] =>
  items.some((item) => isTurn(item) && item.finishedAt === undefined)
    ? items.map((item) =>
        isTurn(item) && item.finishedAt === undefined ? { ...item, finishedAt: at } : item,
      )
    : items;

/** @param settled the totals when the last model call was over */
export function withUsage(
  step: StepView,
  settled: Usage | undefined,
  total: Usage,
  seq: number,
  at: number,
): StepView {
  const usage = settled === undefined ? total : difference(total, settled);
  const isAnswered = usage.modelCalls > 0;
  if (!isAnswered && tokensOf(usage) === 0) return step;
  const finished = isAnswered ? { finishedAt: at } : {};
  const last = step.items.findLast(isTurn);
  if (last && last.finishedAt === undefined) {
    return { ...step, items: replace(step.items, last, { ...last, usage, ...finished }) };
  }
  return { ...step, items: [...step.items, { ...newTurn(step, `${seq}`, at), usage, ...finished }] };
}

type Block = { type?: string; text?: string; thinking?: string; name?: string };
type Message = { id?: string; model?: string; content?: unknown };

/** The step after a message of the Agent SDK: what was asked, or one more block of a turn. */
export function withMessage(
  step: StepView,
  message: Record<string, unknown>,
  seq: number,
  at: number,
): StepView {
  const inner = (message.message ?? {}) as Message;
  if (message.type === 'user') {
    const asked = typeof inner.content === 'string' ? (step.asked ?? inner.content) : step.asked;
    return { ...step, asked, heardAt: at };
  }
  if (message.type !== 'assistant' || !Array.isArray(inner.content)) return step;
  if (message.saidBy === 'program') return withProgramWords(step, inner, seq, at);
  const parts = inner.content.flatMap(partOf);
  const same = step.items.findLast((item) => isTurn(item) && item.messageId === inner.id);
  const last = step.items.findLast(isTurn);
  const turn = same && isTurn(same) ? same : last?.messageId === undefined ? last : undefined;
  const told = { messageId: inner.id, model: inner.model };
  if (turn) {
    return {
      ...step,
      items: replace(step.items, turn, { ...turn, ...told, parts: [...turn.parts, ...parts] }),
    };
  }
  const items = closeTurns(step.items, at);
  return { ...step, items: [...items, { ...newTurn({ ...step, items }, `${seq}`, at), ...told, parts }] };
}

/** They are no turn of the model's: they stand with the one that they come after, or for the answer that never came. */
function withProgramWords(
  step: StepView,
  { id, model, content }: Message,
  seq: number,
  at: number,
): StepView {
  const blocks: Block[] = Array.isArray(content) ? content : [];
  const said = blocks.flatMap(({ text }): TurnPart[] => (text ? [{ kind: 'program', text }] : []));
  const last = step.items.findLast(isTurn);
  if (last)
    return { ...step, items: replace(step.items, last, { ...last, parts: [...last.parts, ...said] }) };
  const unanswered = { ...newTurn(step, `${seq}`, at), messageId: id, model, parts: said };
  return { ...step, items: [...step.items, unanswered] };
}

function newTurn({ items, heardAt = 0 }: StepView, id: string, at: number): TurnView {
  const turns = items.filter(isTurn);
  // The model may be told of one tool while it still asks for the next.
  const startedAt = Math.max(heardAt, turns.at(-1)?.finishedAt ?? 0);
  return {
    kind: 'turn',
    id,
    number: turns.length + 1,
    messageId: undefined,
    model: undefined,
    parts: [],
    usage: undefined,
    startedAt: startedAt === 0 ? at : Math.min(startedAt, at),
    finishedAt: undefined,
  };
}

function partOf(block: Block): TurnPart[] {
  if (block.type === 'text' && block.text) return [{ kind: 'text', text: block.text }];
  if (block.type === 'thinking' && block.thinking) return [{ kind: 'thinking', text: block.thinking }];
  if (block.type === 'tool_use' && block.name) return [{ kind: 'calls', name: block.name }];
  return [];
}

const replace = (items: ItemView[], before: ItemView, after: ItemView): ItemView[] =>
  items.map((item) => (item === before ? after : item));

const difference = (total: Usage, before: Usage): Usage => ({
  inputTokens: total.inputTokens - before.inputTokens,
  outputTokens: total.outputTokens - before.outputTokens,
  cacheReadTokens: total.cacheReadTokens - before.cacheReadTokens,
  cacheWriteTokens: total.cacheWriteTokens - before.cacheWriteTokens,
  modelCalls: total.modelCalls - before.modelCalls,
  costUsd: total.costUsd === null || before.costUsd === null ? null : total.costUsd - before.costUsd,
});

/** What the model read: what it had read before, and what it was to remember, among it. */
export const readTokensOf = ({ inputTokens, cacheReadTokens, cacheWriteTokens }: Usage): number =>
  inputTokens + cacheReadTokens + cacheWriteTokens;

export const tokensOf = (usage: Usage): number => readTokensOf(usage) + usage.outputTokens;

/** What the turns of a step used together; undefined when none of them told. */
export const usageOfStep = ({ items }: StepView): Usage | undefined =>
  items
    .flatMap((item) => (isTurn(item) && item.usage ? [item.usage] : []))
    .reduce<Usage | undefined>((sum, usage) => (sum === undefined ? usage : addUsage(sum, usage)), undefined);
