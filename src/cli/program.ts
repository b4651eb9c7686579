/** The whole command line: nouns, verbs, errors and exit codes. */
import { type Argument, Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { version } from '../kernel/version.ts';
import type { Dispatch } from './command.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addBudget } from './commands/budget.ts';
import { addChat } from './commands/chat.ts';
import { addCompletion } from './commands/completion.ts';
import { addConfigCommands } from './commands/config.ts';
import { addConnectionCommands } from './commands/connection.ts';
import { addCoreCommands } from './commands/core.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExecutionCommands } from './commands/execution.ts';
import { addGoOn } from './commands/go-on.ts';
import { addHome } from './commands/home.ts';
import { addInit } from './commands/init.ts';
import { addKeyCommands } from './commands/key.ts';
import { addNoticeCommands } from './commands/notice.ts';
import { addPasskeyCommands } from './commands/passkey.ts';
import { addPasswordCommands } from './commands/password.ts';
import { addProposalCommands } from './commands/proposal.ts';
import { addSecretCommands } from './commands/secret.ts';
import { addSessionCommands } from './commands/session.ts';
import { addSkillCommands } from './commands/skill.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addStopAll } from './commands/stop-all.ts';
import { addTokenCommands } from './commands/token.ts';
import { addWorker } from './commands/worker.ts';
import { columnsOf, createContext, type Io } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { type CliProblem, missingSeparator, problemDocument, toProblem, usageProblem } from './problem.ts';
import { clean, wrap } from './render/text.ts';

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Prints what went wrong, why, and what to do. */
function reportProblem(io: Io, problem: CliProblem, json: boolean): void {
  const context = createContext(io, [], json);
  if (json) {
    context.printJson(problemDocument(problem));
    return;
  }
  const { err } = context;
  const width = Math.min(io.stderr.isTTY === true ? (columnsOf(io.stderr) ?? 80) : 1000, 100);
  const code = problem.code === 'E_USAGE' || problem.code === 'E_REFUSED' ? '' : ` (${problem.code})`;
  const lines = wrap(`alfred: ${clean(problem.message).trimEnd()}${code}`, width).split('\n');
  const text = lines
    .join('\n')
    .replace(/^alfred:/, err.red('alfred:'))
    .replace(code, err.dim(code));
  const fields = problem.fields
    .filter(({ field, message }) => !(problem.message.includes(field) && problem.message.includes(message)))
    .map(({ field, message }) => wrap(clean(`${field || 'input'}: ${message}`), width, '  '));
  const hint =
    problem.remedy === undefined
      ? []
      : [wrap(`hint: ${lowerFirst(clean(problem.remedy)).replace(/\.$/, '')}`, width, '  ')];
  io.stderr.write(`${[text, ...fields, ...hint.map(err.cyan)].join('\n')}\n`);
  if (
    problem.code === 'E_INTERNAL' &&
    io.env.ALFRED_LOG_LEVEL === 'debug' &&
    problem.cause instanceof Error
  ) {
    io.stderr.write(`${problem.cause.stack}\n`);
  }
}

/** The noun and verb at the start of `argv`, as far as there are such. */
function knownWords(program: Command, argv: string[]): string[] {
  const [first] = argv;
  const next = program.commands.find((command) => command.name() === first);
  return next ? [next.name(), ...knownWords(next, argv.slice(1))] : [];
}

/** What commander says of a wrong command line, in our words. */
function usageFrom(error: CommanderError, program: Command, argv: string[]): CliProblem {
  const message = error.message.replace(/^error: /, '').replace(/\n\(/, ' (');
  if (argv[0] === 'connection' && argv[1] === 'add' && error.code === 'commander.unknownOption') {
    if (!argv.includes('--')) return missingSeparator();
  }
  return usageProblem(message, ['alfred', ...knownWords(program, argv), '--help'].join(' '));
}

const argumentTerm = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

/** The program with all its verbs. */
export function createProgram(dispatch: Dispatch): Command {
  const program = new Command('alfred')
    .description(
      'A private server for one person’s AI butler: secrets sealed, tools walled, every run on record.',
    )
    .version(version, '--version', 'print the version')
    // A verb may have a --version of its own.
    .enablePositionalOptions()
    .helpCommand(false);
  addStart(program, dispatch);
  addInit(program, dispatch);
  addWorker(program, dispatch);
  addHome(program, dispatch);
  addChat(program, dispatch);
  addStatus(program, dispatch);
  addDoctor(program, dispatch);
  addBudget(program, dispatch);
  addStopAll(program, dispatch);
  addGoOn(program, dispatch);
  const noun = (name: string, description: string) =>
    program.command(name).description(description).helpCommand(false);
  addConnectionCommands(noun('connection', 'the servers whose tools skills may use'), dispatch);
  addSkillCommands(noun('skill', 'what Alfred can do: show, make, change and run'), dispatch);
  addProposalCommands(
    noun('proposal', 'skills that were taught and wait for your word: show, rehearse, accept'),
    dispatch,
  );
  addExecutionCommands(noun('execution', 'what was run: watch, look back, cancel, retry'), dispatch);
  addConfigCommands(noun('config', 'settings, the model’s key among them'), dispatch);
  addNoticeCommands(noun('notice', 'where you are told of what failed, waits, or is done'), dispatch);
  addTokenCommands(noun('token', 'access for other programs'), dispatch);
  addPasskeyCommands(noun('passkey', 'devices that sign you in to the console'), dispatch);
  addPasswordCommands(noun('password', 'the password that signs you in to the console'), dispatch);
  addSessionCommands(noun('session', 'browsers that are signed in: see them, sign them out'), dispatch);
  addAuditCommands(noun('audit', 'who did what, and whether anybody changed the record'), dispatch);
  addSecretCommands(noun('secret', 'where each secret was used, and what breaks if it is changed'), dispatch);
  addKeyCommands(noun('key', 'the root key of the vault'), dispatch);
  addBackupCommands(
    noun('backup', 'everything of this VM in one encrypted file: make, verify, restore'),
    dispatch,
  );
  addCompletion(program, dispatch);
  addCoreCommands(noun('core', 'the link to Alfred Core, and Core itself'), dispatch);
  program.addHelpText(
    'after',
    '\nStart here:\n  npm start                              start the VM (in its folder)\n  npx alfred skill run house-report      see a skill at work\n  npx alfred skill run --help            what else a run takes',
  );
  return program;
}

/**
 * Runs one command line.
 *
 * @param argv what follows `alfred`
 * @returns the exit code
 */
export async function runCli(argv: string[], io: Io): Promise<number> {
  const separator = argv.indexOf('--');
  const json = (separator < 0 ? argv : argv.slice(0, separator)).includes('--json');
  let exitCode: number = exitCodes.done;
  const program = createProgram(async (wantsJson, work) => {
    exitCode = (await work(createContext(io, argv, wantsJson))) ?? exitCodes.done;
  });
  const styles = pc.createColors(createContext(io, argv, false).out.isColorSupported);
  const configure = (command: Command): void => {
    command.exitOverride();
    command.configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => Math.min(columnsOf(io.stdout) ?? 80, 100),
      getErrHelpWidth: () => Math.min(columnsOf(io.stderr) ?? 80, 100),
      outputError: () => undefined,
    });
    command.configureHelp({
      styleTitle: (title) => styles.bold(title),
      minWidthToWrap: 20,
      // Every verb has options, so the word says nothing in a list of verbs.
      subcommandTerm: (child) => [child.name(), ...child.registeredArguments.map(argumentTerm)].join(' '),
    });
    for (const child of command.commands) configure(child);
  };
  configure(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help that was asked for is a result; help for want of a verb is a wrong command line (commander printed it).
      if (error.exitCode === 0) return exitCodes.done;
      if (error.code === 'commander.help') return exitCodes.usage;
      reportProblem(io, usageFrom(error, program, argv), json);
      return exitCodes.usage;
    }
    const problem = toProblem(error);
    reportProblem(io, problem, json);
    return problem.exitCode;
  }
  return exitCode;
}
