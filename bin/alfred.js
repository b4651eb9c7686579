#!/usr/bin/env node
// Runs `alfred` under the Node.js that this project brings along (node_modules/node-<platform>), whatever started this.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Since 24.7 it has Argon2.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isNewEnough = major > 24 || (major === 24 && minor >= 7);
const own = fileURLToPath(
  new URL(`../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url),
);

if (isNewEnough) {
  const { runProgram } = await import('./program.js');
  await runProgram();
} else if (existsSync(own)) {
  // The channel is there to be closed: the program learns by it that this one was killed.
  const child = spawn(own, process.argv.slice(1), { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(/** @type {NodeJS.Signals} */ (signal)));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
} else {
  console.error(
    `alfred needs Node.js 24.7 or newer, and this is ${process.version}. Run npm ci in the project's folder, or install Node.js 24.`,
  );
  process.exit(1);
}
