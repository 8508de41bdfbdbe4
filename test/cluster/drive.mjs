/**
 * Two ledger processes under load on a cluster whose leader is killed and paused meanwhile; then everything that was
 * answered is looked for. It knows nothing of how nodes are run: their addresses and the commands that stop and start
 * them are arguments.
 *
 *   node test/cluster/drive.mjs --dist dist --data FOLDER --store kurrentdb://… --nodes HOST:PORT,HOST:PORT,HOST:PORT \
 *     --kill 'COMMAND {}' --pause 'COMMAND {}' --resume 'COMMAND {}' [--kills 5] [--pauses 3] [--pause-seconds 20]
 *
 * `{}` stands for the number of the node in --nodes, from 1. A killed node has to be started again by whatever runs it.
 * FOLDER is a ledger that `study-ledger init` made on that store. With TLS, NODE_EXTRA_CA_CERTS names the authority.
 * Exit code 0 where nothing answered was lost, nothing was recorded twice and no head forked; else 1.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { inspected } from './evidence.mjs';
import { Leaders } from './leaders.mjs';
import { Load } from './load.mjs';

const { values: options } = parseArgs({
  options: {
    dist: { type: 'string', default: 'dist' },
    data: { type: 'string' },
    store: { type: 'string' },
    nodes: { type: 'string' },
    kill: { type: 'string' },
    pause: { type: 'string' },
    resume: { type: 'string' },
    kills: { type: 'string', default: '5' },
    pauses: { type: 'string', default: '3' },
    'pause-seconds': { type: 'string', default: '20' },
    'settle-seconds': { type: 'string', default: '15' },
    callers: { type: 'string', default: '20' },
    studies: { type: 'string', default: '5' },
  },
});
for (const name of ['data', 'store', 'nodes', 'kill', 'pause', 'resume'])
  if (options[name] === undefined) throw new Error(`--${name} is missing; see the head of this file`);
const nodes = options.nodes.split(',');
const children = [];
const scheme = /[?&]tls=false(&|$)/.test(options.store) ? 'http' : 'https';
const say = (text) => process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${text}\n`);

/** A ledger process that has to live through everything; where it serves, once it does. */
async function ledgerProcess(name) {
  const cli = join(options.dist, 'cli.js');
  const served = ['serve', '--data', options.data, '--store', options.store, '--port', '0'];
  const child = spawn(process.execPath, [cli, ...served], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const ledger = { name, child, url: '', exits: 0 };
  child.on('exit', (code, signal) => {
    ledger.exits++;
    say(`${name} ended: ${code ?? signal}`);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => process.stderr.write(`${name}: ${text}`));
  let out = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    out += text;
    ledger.url = /listening on (http:\S+)/.exec(out)?.[1] ?? '';
    if (ledger.url !== '') break;
  }
  if (ledger.url === '') throw new Error(`${name} does not serve: ${out}`);
  return ledger;
}

function get(url, timeout = 2000) {
  return new Promise((resolve, reject) => {
    const sent = (scheme === 'https' ? https : http).get(url, { timeout, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      answer.on('end', () => resolve(text)).on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer'))).on('error', reject);
  });
}

/** What each node says that it is; a paused one says nothing. */
function statesOf(timeout) {
  const asked = nodes.map((node) => get(`${scheme}://${node}/info`, timeout));
  return Promise.all(
    asked.map((answer) =>
      answer.then(
        (text) => JSON.parse(text).state,
        () => undefined,
      ),
    ),
  );
}

/** The number of the node that leads. */
async function leader() {
  for (let tries = 0; tries < 240; tries++) {
    const states = await statesOf();
    const found = states.indexOf('leader');
    if (found >= 0 && states.filter((state) => state === 'follower').length >= 1) return found + 1;
    await pause(250);
  }
  throw new Error('there is no leader');
}

async function run(command, node) {
  const child = spawn('sh', ['-c', command.replaceAll('{}', String(node))], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`“${command}” for node ${node} ended with ${code}`);
}

/** Lets the load run on for a while around a disturbance; the longest times without an answer and without a leader. */
async function disturbed(load, leaders, what, disturb) {
  const node = await leader();
  const began = performance.now();
  const before = load.answered.length;
  await disturb(node);
  await pause(1000 * Number(options['settle-seconds']));
  const answered = load.answered.length - before;
  const longestGapSeconds = Number(load.longestGapSince(began).toFixed(1));
  const leaderlessSeconds = Number(leaders.longestWithoutSince(began).toFixed(1));
  say(
    `${what} node ${node}: ${answered} answered, longest without an answer ${longestGapSeconds} s, without a leader ${leaderlessSeconds} s`,
  );
  return { what, node, answered, longestGapSeconds, leaderlessSeconds };
}

for (const signal of ['SIGINT', 'SIGTERM', 'exit'])
  process.once(signal, () => {
    for (const child of children) child.kill('SIGKILL');
    if (signal !== 'exit') process.exit(1);
  });

const ledgers = await Promise.all(['A', 'B'].map(ledgerProcess));
say(`A at ${ledgers[0].url}, B at ${ledgers[1].url}`);
const load = new Load(
  ledgers.map(({ url }) => url),
  { callers: Number(options.callers), studies: Number(options.studies) },
);
await load.prepare();
load.start();
await pause(5000);
say(`${load.answered.length} answered in the first 5 s`);

const leaders = new Leaders(() => statesOf(500));
const disturbances = [];
for (let i = 0; i < Number(options.kills); i++)
  disturbances.push(await disturbed(load, leaders, 'killed', (node) => run(options.kill, node)));
for (let i = 0; i < Number(options.pauses); i++)
  disturbances.push(
    await disturbed(load, leaders, 'paused', async (node) => {
      await run(options.pause, node);
      await pause(1000 * Number(options['pause-seconds']));
      await run(options.resume, node);
    }),
  );

await leaders.stop();
await load.stop();
say('the load has stopped; looking for everything that was answered');
const found = await inspected(options.dist, ledgers, load);
const report = {
  server: JSON.parse(await get(`${scheme}://${nodes[(await leader()) - 1]}/info`)).esVersion ?? 'unknown',
  ...load.summary(),
  ...found,
  processExits: ledgers.reduce((sum, { exits }) => sum + exits, 0),
  disturbances,
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
const exits = ledgers.reduce((sum, { exits }) => sum + exits, 0);
for (const { child } of ledgers) child.kill('SIGTERM');
const isGood =
  [
    report.lost,
    report.twice,
    report.forks,
    report.wentBack,
    report.differently,
    report.refused,
    report.abandoned,
  ].every((count) => count === 0) && exits === 0;
process.exitCode = isGood ? 0 : 1;
