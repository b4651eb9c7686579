/** `curl` as documentation prints it to try a server: its address, and the headers that let one in. */

import { basicLogin } from './parse-servers.ts';

/** Options without a value. */
const alone =
  /^(?:--(?:silent|show-error|no-buffer|location|insecure|fail|verbose|include|compressed|http[\d.]+|get|head|globoff)|-[sSNLkfviIgG]+)$/;
/** What curl says of a message, which a connection says by itself. */
const ofMessage = /^(?:accept|content-type|content-length|host|mcp-protocol-version|mcp-session-id)$/i;

/** @returns undefined where the words are no call of curl; no `url` in them is an empty one */
export function readCurl(
  words: readonly string[],
): { url: string; headers: Record<string, string> } | undefined {
  if (!/^(?:.*\/)?curl(?:\.exe)?$/.test(words[0] ?? '')) return undefined;
  const rest = words.slice(1);
  const headers: Record<string, string> = {};
  let url = '';
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    const [, option = word, inline] =
      /^(--[\w-]+)=(.*)$/s.exec(word) ?? /^(-[HuAbXd])(.+)$/s.exec(word) ?? [];
    const value = () => inline ?? rest.shift() ?? '';
    if (option === '-H' || option === '--header') {
      const [, name = '', text = ''] = /^\s*([\w-]+)\s*:\s*(.*)$/s.exec(value()) ?? [];
      if (name !== '' && !ofMessage.test(name)) headers[name] = text;
    } else if (option === '-u' || option === '--user') {
      const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(value()) ?? [];
      headers.Authorization = basicLogin(user, password);
    } else if (option === '--oauth2-bearer') headers.Authorization = `Bearer ${value()}`;
    else if (option === '-b' || option === '--cookie') headers.Cookie = value();
    else if (option === '-A' || option === '--user-agent') headers['User-Agent'] = value();
    else if (option === '--url') url = value();
    else if (/^https?:\/\//i.test(word)) url = word;
    else if (word.startsWith('-') && !alone.test(word)) value();
    else if (!word.startsWith('-') && url === '' && /^[\w.-]+(?::\d+)?(?:\/|$)/.test(word))
      url = `http://${word}`;
  }
  return { url, headers };
}
