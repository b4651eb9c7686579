/** Where a VM's secrets, calls and programs may go, where changed rows would lead them, and what has come to each place. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Canary, startCanary } from '../helpers/canary.ts';
import { type ScriptedHttp, startScriptedHttp } from '../helpers/mcp/scripted-http.ts';
import { type MessagesApi, startMessagesApi } from '../helpers/messages-api.ts';
import type { Script } from '../helpers/messages-api-script.ts';
import { type Lures, mark } from './row-values.ts';

/** Each belongs to one place, and may be nowhere else. */
export const canaries = {
  program: 'canary-program-5f1e83aa90c1',
  bearer: 'canary-bearer-77aa01b2c3d4',
  model: 'sk-ant-canary-93b1c07de2f84a65',
};

export type Forbidden = Record<
  | 'secret at another address'
  | 'another address dialled'
  | 'another program started'
  | 'got in, or did more'
  | 'call that nobody approved'
  | 'changed text to the model',
  number
>;

/** Two steps: the second wants a call that somebody has to approve. */
const script: Script = ({ body }) => {
  const last = JSON.stringify(body.messages.at(-1) ?? {});
  const all = JSON.stringify(body.messages);
  if (all.includes('PAY NOW') && !all.includes('tool_result'))
    return { toolCalls: [{ name: 'mcp__ledger__pay', input: { amount: 1 } }] };
  return { text: last.includes('FIRST') ? 'The first is done.' : 'Done.' };
};

const recorder = path.resolve(import.meta.dirname, 'recorded-start.ts');

type Servers = {
  right: ScriptedHttp;
  lure: ScriptedHttp;
  model: MessagesApi;
  lureModel: MessagesApi;
  notices: Canary;
};

export class Places {
  readonly servers: Servers;
  /** What the right program does, and how it is started. */
  readonly #ledger: string;
  readonly #starts: string;
  /** What another program was started with. */
  readonly #evil: string;
  readonly #evilProgram: string;

  private constructor(home: string, servers: Servers) {
    this.servers = servers;
    this.#ledger = path.join(home, 'ledger.jsonl');
    this.#starts = path.join(home, 'starts.jsonl');
    this.#evil = path.join(home, 'evil.jsonl');
    this.#evilProgram = path.join(home, 'evil.sh');
    const words = `#!/bin/sh\nenv | tr '\\n' ' ' >> '${this.#evil}'\necho >> '${this.#evil}'\n`;
    writeFileSync(this.#evilProgram, words);
    chmodSync(this.#evilProgram, 0o755);
  }

  static async open(home: string): Promise<Places> {
    const [right, lure, model, lureModel, notices] = await Promise.all([
      startScriptedHttp(),
      startScriptedHttp(),
      startMessagesApi(script),
      startMessagesApi(script),
      startCanary((_request, response) => response.writeHead(204).end()),
    ]);
    return new Places(home, { right, lure, model, lureModel, notices });
  }

  /** Of the right program. */
  get args(): string[] {
    return [recorder, this.#ledger, this.#starts];
  }

  get lures(): Lures {
    const { lure, lureModel } = this.servers;
    return {
      url: lure.url,
      mcp: lure.mcp,
      model: lureModel.url,
      command: this.#evilProgram,
      args: [recorder, this.#ledger, this.#evil],
    };
  }

  /** The process of the right program that was started last. */
  lastStarted(): number | undefined {
    const last = linesOf(this.#starts).at(-1);
    return last === undefined ? undefined : (JSON.parse(last) as { pid: number }).pid;
  }

  /**
   * What came about up to now that must not.
   *
   * @param known how often somebody got in who must not, and how many calls were approved
   */
  count({ gotIn, decided }: { gotIn: number; decided: number }): Forbidden {
    const { right, lure, model, lureModel, notices } = this.servers;
    const modelCalls = [...model.requests, ...model.others];
    const atLures = [...lure.requests, ...lureModel.requests, ...lureModel.others];
    const started = linesOf(this.#starts);
    const evil = linesOf(this.#evil);
    const isApproved = (line: string) =>
      JSON.stringify((JSON.parse(line) as { args: string[] }).args) ===
      JSON.stringify([this.#ledger, this.#starts]);
    const pays = this.#pays();
    const isAsked = (line: string) => line === '["pay",{"amount":1}]';
    return {
      'secret at another address':
        atLures.filter((one) => holds(textOf(one))).length +
        right.requests.filter((one) => holds(textOf(one), 'bearer')).length +
        notices.requests.filter((one) => holds(textOf(one))).length +
        modelCalls.filter((one) => holds(textOf(one), 'model')).length +
        started.filter((line) => holds(line, 'program')).length +
        evil.filter((line) => holds(line)).length,
      'another address dialled': lure.connections() + lureModel.requests.length + lureModel.others.length,
      'another program started': evil.length + started.filter((line) => !isApproved(line)).length,
      'got in, or did more': gotIn,
      'call that nobody approved':
        Math.max(0, pays.length - decided) + pays.filter((line) => !isAsked(line)).length,
      'changed text to the model': modelCalls.filter((one) => textOf(one).includes(mark)).length,
    };
  }

  /** How much of the right kind there was: a bench that uses nothing finds nothing. */
  used(): Record<string, number> {
    const { right, model, notices } = this.servers;
    return {
      'starts of the program': linesOf(this.#starts).length,
      'requests to the right address': right.requests.length,
      'requests to the right model': model.requests.length,
      'notices at the right address': notices.requests.length,
      'calls that were approved': this.#pays().length,
    };
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.servers).map((one) => one.close()));
  }

  #pays(): string[] {
    return linesOf(this.#ledger).filter((line) => line.startsWith('["pay"'));
  }
}

const linesOf = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];

const textOf = (one: { headers: unknown; body: unknown }): string =>
  JSON.stringify(one.headers) + (Buffer.isBuffer(one.body) ? String(one.body) : JSON.stringify(one.body));

/** @param but whose canary belongs there */
const holds = (text: string, but?: keyof typeof canaries): boolean =>
  Object.entries(canaries).some(([name, canary]) => name !== but && text.includes(canary));
