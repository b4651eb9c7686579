/** Who calls the VM whose rows are changed: its owner, and whoever holds a token. */
import type { TestVm } from '../helpers/vm.ts';

export type Answer = { status: number; body: Record<string, unknown> };

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export class RowClient {
  readonly vm: TestVm;
  /** The owner's second token, once there is one: whichever of the two is not the changed row is used. */
  spare: string | undefined;
  /** What was done, and what came of it, how often. */
  readonly exercised: Record<string, number> = {};

  constructor(vm: TestVm) {
    this.vm = vm;
  }

  note(what: string): void {
    this.exercised[what] = (this.exercised[what] ?? 0) + 1;
  }

  async call(method: string, route: string, body?: unknown, headers = {}): Promise<Answer> {
    const response = await fetch(new URL(route, this.vm.url), {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson ? (JSON.parse(text) as Answer['body']) : {} };
  }

  /** As the owner. @throws when it is refused */
  async must(method: string, route: string, body?: unknown): Promise<Answer['body']> {
    const answer = await this.call(method, route, body, bearer(this.vm.token));
    if (answer.status >= 300) throw new Error(`${route}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async asOwner(method: string, route: string, body?: unknown): Promise<Answer> {
    const answer = await this.call(method, route, body, bearer(this.vm.token));
    if (answer.status !== 401 || this.spare === undefined) return answer;
    return await this.call(method, route, body, bearer(this.spare));
  }
}
