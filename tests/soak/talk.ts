/** One who talks: says a thing, waits for the answer, says the next one; whoever is away meanwhile is asked again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readStream } from '../../src/cli/event-stream.ts';
import { chatEventSchemas, type SentMessage } from '../../src/contract/chat.ts';
import type { TestVm } from '../helpers/vm.ts';
import { mark } from './talking-model.ts';

/** Before it is tried again, in milliseconds. */
const againMs = 300;

export class Talk {
  readonly id: string;
  readonly number: number;
  /** What was streamed of each answer. */
  readonly streamed = new Map<string, string>();
  answered = 0;
  reconnects = 0;
  readonly #origin: { url: string; token: string };
  readonly #left = new AbortController();
  readonly #over = new Set<string>();
  #news = Promise.withResolvers<void>();
  readonly #say: (line: string) => void;

  private constructor(id: string, number: number, { url, token }: TestVm, say: (line: string) => void) {
    this.id = id;
    this.number = number;
    // The port stays, over every start.
    this.#origin = { url, token };
    this.#say = say;
  }

  static async begin(vm: TestVm, number: number, say: (line: string) => void): Promise<Talk> {
    const { body } = await vm.api('POST', '/api/v1/conversations', { title: `Talk ${number}` });
    return new Talk((body as { id: string }).id, number, vm, say);
  }

  async all(turns: number): Promise<void> {
    void this.#watch();
    for (let turn = 1; turn <= turns; turn++) {
      const { answerId } = await this.#send(`${mark(this.number, turn)} and what of it?`, `turn-${turn}`);
      while (!this.#over.has(answerId)) await this.#news.promise;
      this.answered++;
    }
  }

  leave(): void {
    this.#left.abort();
  }

  /** Sends until it is accepted: the same message each time. */
  async #send(text: string, clientId: string): Promise<SentMessage> {
    for (;;) {
      try {
        const response = await this.#fetch(`/messages`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ text, clientId }),
        });
        if (response.status === 202) return (await response.json()) as SentMessage;
        const said = await response.text();
        // A server that goes down or has no database says so.
        if (response.status < 500) throw new TypeError(`${response.status}: ${said}`, { cause: 'refused' });
      } catch (error) {
        if (error instanceof TypeError && error.cause === 'refused') throw error;
      }
      await sleep(againMs);
    }
  }

  /** Follows the conversation to the end, from where it was cut off each time. */
  async #watch(): Promise<void> {
    let last = '0.0';
    while (!this.#left.signal.aborted) {
      try {
        const response = await this.#fetch('/events', { headers: { 'last-event-id': last } });
        for await (const message of response.ok && response.body ? readStream(response.body) : []) {
          if (message.id !== undefined) last = message.id;
          this.#take(message.event ?? '', message.data);
        }
      } catch {
        // The server was killed: it is asked again.
      }
      if (this.#left.signal.aborted) return;
      this.reconnects++;
      await sleep(againMs);
    }
  }

  #take(event: string, data: string): void {
    if (event === 'delta') {
      const { messageId, text } = chatEventSchemas.delta.parse(JSON.parse(data));
      this.streamed.set(messageId, (this.streamed.get(messageId) ?? '') + text);
    }
    if (event !== 'message') return;
    const { id, role, status, error } = chatEventSchemas.message.parse(JSON.parse(data));
    if (role !== 'assistant' || !['done', 'stopped', 'failed'].includes(status)) return;
    if (status !== 'done') this.#say(`an answer is ${status}: ${error}`);
    this.#over.add(id);
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  #fetch(route: string, { headers, ...init }: RequestInit & { headers: Record<string, string> }) {
    const { url, token } = this.#origin;
    return fetch(new URL(`/api/v1/conversations/${this.id}${route}`, url), {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...headers },
      signal: this.#left.signal,
    });
  }
}
