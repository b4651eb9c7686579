/** Structured logs on stderr. Every line passes the redactor before it leaves the process. */
import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

export type LogOptions = {
  level: string;
  format: 'pretty' | 'json';
  /** Replaces every known secret value in a line. */
  redact: (line: string) => string;
  /** Where lines go; standard error unless a test says otherwise. */
  destination?: NodeJS.WritableStream;
};

export function createLogger({ level, format, redact, destination = process.stderr }: LogOptions): Logger {
  const out =
    format === 'pretty'
      ? pretty({ destination, colorize: true, ignore: 'pid,hostname', sync: true })
      : destination;
  const redacting = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      out.write(redact(line));
      done();
    },
  });
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, redacting);
}
