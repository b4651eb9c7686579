/** What the machine had no more of when it was asked: it passes, and is nobody's fault who asked. */

const words: Record<string, string> = {
  EMFILE: 'this process may open no more files (ulimit -n)',
  ENFILE: 'the system may open no more files',
  ENOMEM: 'the system has no memory left',
};

/** Why, in words, when an error says that the machine had nothing left to start or open something with. */
export function shortageOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (Object.hasOwn(words, code)) return words[code];
    const call = 'syscall' in at && typeof at.syscall === 'string' ? at.syscall : '';
    if (code === 'EAGAIN' && call.startsWith('spawn')) return 'the system may start no more processes';
    if (at instanceof AggregateError) {
      const why = at.errors.map(shortageOf).find((each) => each !== undefined);
      if (why !== undefined) return why;
    }
  }
  return undefined;
}
