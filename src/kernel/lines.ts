/**
 * The lines of a stream of UTF-8, ended by "\n" and by nothing else. Node's readline also ends them at U+2028 and U+2029,
 * which stand unescaped in JSON.
 */
export async function* readLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let pending: string[] = [];
  for await (const chunk of stream) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    pending.push(first);
    for (const other of others) {
      yield pending.join('');
      pending = [other];
    }
  }
  const last = pending.join('') + decoder.decode();
  if (last !== '') yield last;
}
