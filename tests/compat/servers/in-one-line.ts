/** What differs between two answers that are the same: times, ids, ports, folders, and how an error is wrapped. */
const passing: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '<id>'],
  [/\/tmp\/[\w./@-]+/g, '<path>'],
  [/\d+(\.\d+)?/g, '<number>'],
];

/** What stands before the message of an error of the protocol, which is no answer. */
export const thrown = 'thrown: ';

type Answer = { content?: unknown; structuredContent?: unknown; isError?: unknown; error?: string };

/** An answer as a text to be compared: the blocks, whether it is an error, and the data. */
export function inOneLine({ content, structuredContent, isError = false, error }: Answer): string {
  const whole =
    error === undefined ? JSON.stringify([isError, content, structuredContent]) : `${thrown}${error}`;
  return passing.reduce((text, [pattern, word]) => text.replace(pattern, word), whole);
}
