/** A mail server that answers as a test says, on the loopback: for what no library's server does. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export type ScriptedMail = { to: string[]; raw: string };
/** What is answered to a line; nothing for the usual answer. `hang up` ends the connection, `silence` answers nothing. */
export type Answer = (line: string) => string | undefined;

export type SmtpScript = {
  port: number;
  /** Every line that clients sent, but the mails. */
  lines: string[];
  /** Every mail that came whole, whatever was answered. */
  mails: ScriptedMail[];
  /** From now on. */
  answers(next: Answer): void;
  close(): Promise<void>;
};

const usual = (line: string): string => {
  if (line === 'greeting') return '220 mail.house.example ESMTP';
  if (/^EHLO /i.test(line)) return '250-mail.house.example\r\n250 8BITMIME';
  if (/^DATA$/i.test(line)) return '354 go on';
  return /^QUIT$/i.test(line) ? '221 bye' : '250 2.0.0 fine';
};

/** The line `.` is the end of a mail, and `greeting` the beginning of a connection. */
export async function startSmtpScript(): Promise<SmtpScript> {
  const lines: string[] = [];
  const mails: ScriptedMail[] = [];
  const sockets = new Set<Socket>();
  let script: Answer = () => undefined;
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}));
    const say = (line: string): string => {
      const answer = script(line) ?? usual(line);
      if (answer === 'hang up') socket.destroy();
      else if (answer !== 'silence') socket.write(`${answer}\r\n`);
      return answer;
    };
    let rest = '';
    let body: string[] | undefined;
    let to: string[] = [];
    say('greeting');
    socket.on('data', (part) => {
      const parts = `${rest}${part}`.split('\r\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        if (body !== undefined && line !== '.') body.push(line);
        else if (body !== undefined) {
          mails.push({ to, raw: body.join('\r\n') });
          body = undefined;
          to = [];
          say(line);
        } else {
          lines.push(line);
          const answer = say(line);
          if (answer.startsWith('354')) body = [];
          const receiver = /^RCPT TO:<(.*?)>/i.exec(line)?.[1];
          if (receiver !== undefined && answer.startsWith('2')) to.push(receiver);
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    lines,
    mails,
    answers: (next) => {
      script = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
