/** What became of a server, in plain words, with its own last ones. */
import { stripVTControlCharacters } from 'node:util';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import { explainDownload, noNetworkRemedy } from './explain-download.ts';
import type { ServerProcess } from './spawn-server.ts';
import type { StdioTransport } from './stdio-transport.ts';

type Case = {
  name: string;
  transport: StdioTransport;
  server: ServerProcess;
  redact: (text: string) => string;
};

const maxLineLength = 300;

/** Why a server that was in use is gone. */
export function explainEnd({ name, transport, server, redact }: Case): AlfredError {
  const { end } = transport;
  if (end?.kind === 'exited') {
    return new AlfredError(
      'E_SERVER_EXITED',
      `"${name}" ended by itself (${exitOf(end)}).${lastWords(server, redact)}`,
      {
        remedy: wroteOutside(server)
          ? outsideRemedy
          : 'The next call starts it again; if it keeps ending, its last lines say why.',
      },
    );
  }
  if (end?.kind === 'broken') {
    return new AlfredError(
      'E_CONNECTION_FAILED',
      `"${name}" was ended because it ${end.reason}.${lastWords(server, redact)}`,
      {
        remedy: 'The next call starts it again; if it happens again, ask it for less or use another server.',
      },
    );
  }
  return new AlfredError('E_CONNECTION_FAILED', `"${name}" was closed.`, {
    remedy: 'Try again: the next call opens it.',
  });
}

/** Why a server could not be opened. @param failure `downloads` of a package manager, which fetches what it runs */
export function explainFailure(
  failure: Case & { downloads: boolean; error: unknown; isLate: boolean; startTimeoutMs: number },
): AlfredError {
  const { name, transport, server, redact, downloads, error, isLate, startTimeoutMs } = failure;
  const { end, printed } = transport;
  const speaksNothing = transport.messages === 0 && printed.length > 0;
  const itPrinted = speaksNothing ? ` It printed:${asLines(printed, redact)}` : '';
  if (end?.kind === 'exited' && !(speaksNothing && end.code === 0)) {
    // Any other server may print what npm does, and mean nothing by it.
    const download = downloads ? explainDownload(server) : undefined;
    if (download)
      return new AlfredError(
        'E_SERVER_EXITED',
        `"${name}" could not be started: ${download.words}.${lastWords(server, redact)}`,
        { remedy: download.remedy, cause: error },
      );
    return new AlfredError(
      'E_SERVER_EXITED',
      `"${name}" ended before it was ready (${exitOf(end)}).${lastWords(server, redact)}${itPrinted}`,
      {
        remedy: wroteOutside(server)
          ? outsideRemedy
          : hasNoNetwork(server)
            ? noNetworkRemedy
            : remedyForExit(end.code),
        cause: error,
      },
    );
  }
  if (speaksNothing || (end?.kind === 'broken' && printed.length > 0)) {
    return new AlfredError('E_NOT_MCP', `"${name}" runs, but does not speak MCP.${itPrinted}`, {
      remedy:
        'Check that the command starts an MCP server over stdio; some need an argument such as "stdio" or "mcp".',
      cause: error,
    });
  }
  if (end?.kind === 'broken') return explainEnd(failure);
  if (isLate && hasNoNetwork(server)) {
    return new AlfredError(
      'E_CONNECTION_TIMEOUT',
      `"${name}" does not get ready, as it cannot reach the network.${lastWords(server, redact)}`,
      { remedy: noNetworkRemedy, cause: error },
    );
  }
  if (isLate || isTimeout(error)) {
    return new AlfredError(
      'E_CONNECTION_TIMEOUT',
      `"${name}" started, but did not answer within ${Math.round(startTimeoutMs / 100) / 10} s.${lastWords(server, redact)}`,
      {
        remedy:
          'Its last lines may say what it waits for. Else check that the command is an MCP server over stdio.',
        cause: error,
      },
    );
  }
  return new AlfredError(
    'E_NOT_MCP',
    `"${name}" answered, but not as an MCP server does: ${redact(messageOf(error)).slice(0, 500)}`,
    {
      remedy: 'Check that the command starts an MCP server, and whether there is a newer version of it.',
      cause: error,
    },
  );
}

const isTimeout = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'REQUEST_TIMEOUT';

const exitOf = ({ code, signal }: { code: number | null; signal: NodeJS.Signals | null }) =>
  signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;

/** What walls that refuse a write are called by most programs. */
const refusals = {
  bubblewrap: /EROFS|read-only file system/i,
  namespaces: /EROFS|read-only file system/i,
  landlock: /EACCES|permission denied/i,
  none: undefined,
};

const wroteOutside = ({ walls, stderr }: ServerProcess): boolean =>
  refusals[walls]?.test(stderr.lines().join('\n')) === true;

/** What programs say that cannot reach any host. */
export const hasNoNetwork = ({ stderr }: Pick<ServerProcess, 'stderr'>): boolean =>
  /ENOTFOUND|EAI_AGAIN|ENETUNREACH|getaddrinfo|name resolution|network is unreachable|could not resolve|dns error/i.test(
    stderr.lines(40).join('\n'),
  );

const outsideRemedy =
  'It may have wanted to write where its sandbox does not let it. Name the folder: alfred connection edit NAME --path FOLDER.';

function remedyForExit(code: number | null): string {
  if (code === 126) return 'The program cannot be run here: check that it is made for this machine.';
  return 'Its last lines say what it misses; often that is an argument, a variable in "env", or the network.';
}

const lastWords = (server: ServerProcess, redact: (text: string) => string): string => {
  const lines = server.stderr.lines();
  return lines.length === 0 ? ' It wrote nothing to stderr.' : ` Its last lines:${asLines(lines, redact)}`;
};

/** Redacted as one text first: a secret may be longer than what is shown of a line. */
const asLines = (lines: string[], redact: (text: string) => string): string =>
  redact(lines.join('\n'))
    .split('\n')
    .map((line) => `\n  ${stripVTControlCharacters(line).slice(0, maxLineLength)}`)
    .join('');
