#!/usr/bin/env node
import { once } from 'node:events';
import type { Io } from './cli/subcommand.js';
import { run } from './cli/run.js';

const { stdout, stderr } = process;

// A reader such as head closes the pipe early; that is not a failure.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const io: Io = {
  print: (text) => void stdout.write(`${text}\n`),
  warn: (text) => void stderr.write(`${text}\n`),
  async write(text) {
    if (!stdout.write(text)) await once(stdout, 'drain');
  },
  draw: stderr.isTTY ? (text) => void stderr.write(text) : undefined,
  env: process.env,
  verifier: new URL('./verify.mjs', import.meta.url),
  stopped: () =>
    new Promise((resolve) => ['SIGINT', 'SIGTERM'].map((signal) => process.once(signal, resolve))),
};

process.exitCode = await run(process.argv.slice(2), io);
