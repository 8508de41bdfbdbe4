#!/usr/bin/env node
import { once } from 'node:events';
import { basename, relative } from 'node:path';
import type { Host } from './cli/subcommand.js';
import { run } from './cli/run.js';
import { escapeControls } from './verify/checks/printable.js';

const { stdout, stderr } = process;

// A reader such as head closes the pipe early; that is not a failure.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/**
 * The width of the terminal. In a pipe or a file nothing is wrapped, so that one row is one line for grep and diff; there
 * the variable COLUMNS sets a width.
 */
function widthOf({ isTTY, columns }: typeof stdout): number | undefined {
  const width = isTTY ? columns : Number(process.env['COLUMNS']);
  return width > 0 ? width : undefined;
}

/** As installed it has a name. In a checkout or a container its file is named, for npx would ask a registry for the name. */
function programName(file = ''): string {
  return basename(file) === 'cli.js' ? `node ${relative('', file)}` : 'study-ledger';
}

const host: Host = {
  program: programName(process.argv[1]),
  print: (text) => void stdout.write(`${text}\n`),
  warn: (text) => void stderr.write(`${text}\n`),
  async write(text) {
    // A terminal would obey control characters; a pipe or a file gets the bytes as they are.
    const shown = stdout.isTTY ? text.split('\n').map(escapeControls).join('\n') : text;
    if (!stdout.write(shown)) await once(stdout, 'drain');
  },
  draw: stderr.isTTY ? (text) => void stderr.write(text) : undefined,
  columns: widthOf(stdout),
  isTerminal: stdout.isTTY,
  env: process.env,
  verifier: new URL('./verify.mjs', import.meta.url),
  stopped: () =>
    new Promise((resolve) => ['SIGINT', 'SIGTERM'].map((signal) => process.once(signal, resolve))),
};

process.exitCode = await run(process.argv.slice(2), host);
