/** One answer in the terminal: its words as they come, its tools as they run, and questions where a call waits. */
import type { ChatEvent, Message } from '../../contract/chat.ts';
import { visibleJson, visibleText } from '../../contract/visible.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';
import { followExecution } from '../event-stream.ts';
import { CliProblem } from '../problem.ts';
import { askYes } from '../prompts.ts';
import { formatDuration, formatMoney } from '../render/figures.ts';
import { RunView, renderToolCall } from '../render/run.ts';
import { clean } from '../render/text.ts';
import { followConversation } from './follow-conversation.ts';
import type { TypedAhead } from './typed-ahead.ts';

export type Asked = { conversationId: string; answerId: string; after: string };

/** What a person may do meanwhile. */
export type Meanwhile = {
  /** Aborted when they leave; the answer goes on. */
  signal: AbortSignal;
  typed: TypedAhead | undefined;
  /** Has the answer stop. */
  stop(): void;
};

const ended = new Set<Message['status']>(['done', 'stopped', 'failed']);

/**
 * Shows an answer to its end.
 *
 * @returns the answer as it is in the end; undefined when they left before
 */
export async function showAnswer(
  context: Context,
  api: Api,
  { conversationId, answerId, after }: Asked,
  meanwhile: Meanwhile,
): Promise<Message | undefined> {
  const { signal, typed, stop } = meanwhile;
  const view = new AnswerView(context, api, meanwhile);
  typed?.listen(stop);
  try {
    for await (const event of followConversation(api, conversationId, { after, signal })) {
      const about = event.event === 'message' ? event.data.id : event.data.messageId;
      if (about !== answerId) continue;
      await view.take(event);
      if (event.event === 'message' && ended.has(event.data.status)) {
        view.end(event.data);
        return event.data;
      }
    }
    return undefined;
  } finally {
    typed?.rest();
    view.leave();
  }
}

type Call = Extract<ChatEvent, { event: 'tool_call' }>['data'];

class AnswerView {
  readonly #context: Context;
  readonly #api: Api;
  readonly #meanwhile: Meanwhile;
  readonly #calls = new Map<string, Call>();
  /** Runs that a call waits for, by their ids. */
  readonly #runs = new Map<string, AbortController>();
  /** Whether the last line of what was said is not ended yet. */
  #isOpen = false;

  constructor(context: Context, api: Api, meanwhile: Meanwhile) {
    this.#context = context;
    this.#api = api;
    this.#meanwhile = meanwhile;
  }

  async take(event: ChatEvent): Promise<void> {
    if (this.#context.json) return;
    if (event.event === 'delta') this.#say(event.data.text);
    if (event.event === 'tool_call') this.#call(event.data);
    if (event.event === 'summary') this.#summary(event.data);
    if (event.event === 'approval' && event.data.status === 'pending') await this.#ask(event.data);
  }

  end({ status, error, costUsd, durationMs, mode }: Message): void {
    if (this.#context.json) return;
    this.#closeLine();
    const { err } = this.#context;
    if (error !== null && status === 'failed') this.#context.note(err.red(clean(error)));
    const figures = [
      ...(status === 'stopped' ? ['stopped'] : []),
      ...(durationMs === null ? [] : [formatDuration(durationMs)]),
      mode === 'live' ? formatMoney(costUsd) : 'rehearsal model, no cost',
    ];
    this.#context.note(err.dim(figures.join(' · ')));
  }

  #say(text: string): void {
    // Of an escape sequence over two pieces, the first loses its escape: what follows is plain text.
    const shown = clean(text);
    this.#context.stdout.write(shown);
    this.#isOpen = !shown.endsWith('\n');
  }

  #closeLine(): void {
    if (this.#isOpen) this.#context.stdout.write('\n');
    this.#isOpen = false;
  }

  #call(news: Call): void {
    const whole = { ...this.#calls.get(news.id), ...news };
    this.#calls.set(news.id, whole);
    if (news.executionId != null && news.status === 'dispatched') void this.#follow(news.executionId);
    const { preview, executionId: _, ...rest } = whole;
    const call = { ...rest, ...(preview == null ? {} : { preview }) };
    const lines = renderToolCall(call, this.#context.err, Math.min(this.#context.columns ?? 100, 120));
    if (lines.length === 0) return;
    this.#closeLine();
    for (const line of lines) this.#context.note(line);
  }

  /** No run that a call waited for is shown any more. */
  leave(): void {
    for (const stop of this.#runs.values()) stop.abort();
  }

  /** Shows what a run does that a call waits for: its steps and its tools, beneath the call. */
  async #follow(executionId: string): Promise<void> {
    if (this.#runs.has(executionId)) return;
    const stop = new AbortController();
    this.#runs.set(executionId, stop);
    const { err } = this.#context;
    const view = new RunView(err, Math.min(this.#context.columns ?? 100, 116));
    try {
      for await (const event of followExecution(this.#api, executionId, { signal: stop.signal })) {
        const lines = view.take(event);
        if (lines.length > 0) this.#closeLine();
        for (const line of lines) this.#context.note(`    ${line}`);
      }
    } catch (error) {
      // The answer says what came of it; this was to see it go on.
      this.#context.note(err.dim(clean(String(error))));
    }
  }

  #summary({ messages, summary }: Extract<ChatEvent, { event: 'summary' }>['data']): void {
    this.#closeLine();
    const { err } = this.#context;
    const cost = summary?.costUsd == null ? '' : ` · ${formatMoney(summary.costUsd)}`;
    this.#context.note(
      err.dim(
        summary === null
          ? `The conversation is long: ${messages} earlier messages are being summed up first.`
          : `They were summed up${cost}; /history has the summary, and all that was said.`,
      ),
    );
  }

  /** In place, where somebody sits there; else it says how to decide. */
  async #ask({
    id,
    name,
    arguments: args,
    argumentsHash,
  }: Extract<ChatEvent, { event: 'approval' }>['data']) {
    const context = this.#context;
    this.#closeLine();
    context.note(context.err.yellow(`Alfred asks to call ${visibleText(name)} with`));
    context.note(visibleJson(args));
    if (!context.canAsk) {
      context.note(context.err.dim(`  alfred execution approve ${id}`));
      return;
    }
    const decision = await this.#decide();
    if (decision === undefined) return;
    // Somebody else may have decided first: that stands, and the answer goes on.
    await this.#api
      .decideApproval({ params: { id }, body: { decision, argumentsHash } })
      .catch((error: unknown) => context.note(context.err.yellow(clean(String(error)))));
  }

  /** @returns undefined for a person who has the answer stop instead */
  async #decide(): Promise<'approve' | 'deny' | undefined> {
    const { typed, stop } = this.#meanwhile;
    typed?.rest();
    try {
      return (await askYes(this.#context, 'Make this call?')) ? 'approve' : 'deny';
    } catch (error) {
      if (!(error instanceof CliProblem)) throw error;
      stop();
      return undefined;
    } finally {
      typed?.listen(stop);
    }
  }
}
