#!/usr/bin/env bash
# @bomb.sh/tab 0.0.22 with commander 15.1.0: it offers a shell one candidate a line, and takes a command's whole description for its words,
# where commander itself lists the summary: of a description of two paragraphs the second is offered as a command, whatever was typed so far,
# and so is the empty line between. And its script for bash, read again in the same shell (a ~/.bashrc that is sourced twice), prints an error for each of six
# names that it declared readonly.
. "$(dirname "$0")/lib.sh"
install @bomb.sh/tab@0.0.22 commander@15.1.0
cat > program.mjs <<'JS'
import tab from '@bomb.sh/tab/commander';
import { Command } from 'commander';
const program = new Command('butler').description('a program').helpCommand(false);
program
  .command('start')
  .summary('start it')
  .description('start it\n\nMakes what it needs, the first time.')
  .action(() => undefined);
tab(program, { completionCommandName: 'completion' });
program.parse();
JS
run look.mjs <<'JS'
import { execFileSync, spawnSync } from 'node:child_process';
const ask = (...args) => execFileSync(process.execPath, ['program.mjs', ...args], { encoding: 'utf8' });
console.log('candidates for "st":');
for (const line of ask('complete', '--', 'st').split('\n').slice(0, -2)) console.log(`  [${line.replace('\t', '] [')}]`);
const twice = spawnSync('bash', ['--norc', '-c', 'eval "$1"; eval "$1"', 'bash', ask('completion', 'bash')], { encoding: 'utf8' });
const errors = twice.stderr.split('\n').filter((line) => line.includes('readonly variable'));
console.log(`its script read twice: ${errors.length} errors, such as "${errors[0]?.replace(/^.*line \d+: /, '')}"`);
JS
sees <<'SEEN'
candidates for "st":
  [start] [start it]
  []
  [Makes what it needs, the first time.]
its script read twice: 6 errors, such as "ShellCompDirectiveError: readonly variable"
SEEN
