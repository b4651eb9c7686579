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
  /** Colours of the pretty format; on unless told otherwise. */
  colorize?: boolean;
  /** While this says true, lines below `warn` are left out: somebody is reading something else. */
  isQuiet?: () => boolean;
};

/** pino's `info` and below; its lines begin with their level. */
const isChatter = (line: string): boolean => /^\{"level":[123]0,/.test(line);

const isPlain = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  Array.isArray(value) ||
  Object.getPrototypeOf(value) === Object.prototype;

/** A driver hangs its whole connection on an error, with the key by which others end its queries: what is said of one is plain values. */
function sayError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const said = pino.stdSerializers.err(error);
  return Object.fromEntries(Object.entries(said).filter(([, value]) => isPlain(value)));
}

export function createLogger(options: LogOptions): Logger {
  const { level, format, redact, destination = process.stderr, colorize = true, isQuiet } = options;
  const out =
    format === 'pretty'
      ? pretty({ destination, colorize, ignore: 'pid,hostname', singleLine: true, sync: true })
      : destination;
  const redacting = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      if (!(isQuiet?.() && isChatter(line))) out.write(redact(line));
      done();
    },
  });
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: sayError } },
    redacting,
  );
}
