/** The scripted Messages API as somebody to talk with: each answer says which turn it answers, when it begins and ends. */
import { startMessagesApi, userTextOf } from '../helpers/messages-api.ts';

export type TalkingModel = {
  url: string;
  /** Requests that did not know every turn before theirs. */
  problems(): string[];
  requests(): number;
  /** Answers that were begun, cut off and gone on with. */
  goneOnWith(): number;
  close(): Promise<void>;
};

/** What a message and its answer are known by. */
export const mark = (conversation: number, turn: number): string => `<${conversation}/${turn}>`;

export async function startTalkingModel(): Promise<TalkingModel> {
  const problems: string[] = [];
  let requests = 0;
  let goneOnWith = 0;
  const api = await startMessagesApi(({ body }) => {
    requests++;
    const text = userTextOf(body);
    const marks = [...text.matchAll(/<(\d+)\/(\d+)>/g)];
    const [name = '', conversation = '0', turn = '0'] = marks.at(-1) ?? [];
    for (let before = 1; before < Number(turn); before++) {
      const earlier = mark(Number(conversation), before);
      if (!text.includes(earlier)) problems.push(`lost: the request of ${name} does not know ${earlier}`);
    }
    const whole = JSON.stringify(body.messages);
    const hasBegun = whole.includes(`${name} begins`);
    // Every fourth turn looks something up first.
    if (Number(turn) % 4 === 0 && !whole.split(name).at(-1)?.includes('"tool_result"') && !hasBegun)
      return { toolCalls: [{ name: 'mcp__alfred__list_skills', input: {} }] };
    if (hasBegun) goneOnWith++;
    // Killed between its last word and its saying so: it knows that it was all, and the VM does not.
    if (whole.includes(`${name} ends`)) return { text: 'That was all.' };
    const words = Array.from({ length: 6 }, (_, index) => ({ text: `word ${index} of it. ` }));
    const end = { text: `${name} ends` };
    return {
      content: hasBegun ? [...words, end] : [{ text: `${name} begins, ` }, ...words, end],
      eventDelayMs: 5 + Math.random() * 40,
    };
  });
  return {
    url: api.url,
    problems: () => problems,
    requests: () => requests,
    goneOnWith: () => goneOnWith,
    close: () => api.close(),
  };
}
