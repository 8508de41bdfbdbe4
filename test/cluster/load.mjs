import { randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const { paths } = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));

/** The example of a command, as the document of the interface has it. */
function exampleOf(route) {
  return paths[`/api/v1/studies/{code}/commands/${route}`].post.requestBody.content['application/json']
    .example;
}

/** One command in this many is sent to both processes at once. */
const TWINS = 20;
const ATTEMPT_MS = 40_000;
/** After the load has stopped. */
const GIVE_UP_MS = 60_000;

/**
 * Callers who each send one command after the other, to either process, and send it again under the same key until it is
 * answered. What was answered is kept, to be looked for later.
 */
export class Load {
  /** Each: study, key, first record number, leaf, treeSize, root, at (ms). */
  answered = [];
  /** Heads that were signed: log, size, root, as each process showed them. */
  heads = [];
  retries = 0;
  refusals = [];
  /** Commands that were given up after the load had stopped: neither answered nor refused. */
  abandoned = 0;
  differently = 0;
  wentBack = 0;
  reads = 0;
  longestReadMs = 0;
  #running = false;
  #callers = [];
  #started = 0;
  #stopped = 0;
  #giveUp = Infinity;

  constructor(urls, { callers, studies }) {
    this.urls = urls;
    this.callers = callers;
    const run = randomUUID().slice(0, 6).toUpperCase();
    this.studies = Array.from({ length: studies }, (_, index) => `DRIVE-${run}-${index}`);
    /** The largest tree size that anybody was told, by study. */
    this.seen = new Map();
  }

  async prepare() {
    for (const study of this.studies)
      for (const route of ['register-study', 'approve-protocol', 'enrol-subject'])
        await this.#command(study, route, randomUUID(), this.urls[randomInt(this.urls.length)]);
  }

  start() {
    this.#running = true;
    this.#started = performance.now();
    this.#callers = [
      ...Array.from({ length: this.callers }, (_, index) =>
        this.#call(this.studies[index % this.studies.length]),
      ),
      ...this.urls.map((url) => this.#watch(url)),
    ];
  }

  async stop() {
    this.#running = false;
    this.#stopped = performance.now();
    this.#giveUp = performance.now() + GIVE_UP_MS;
    await Promise.all(this.#callers);
  }

  /** The longest time without an answer, in seconds. */
  longestGapSince(then, end = performance.now()) {
    const times = [then, ...this.answered.map(({ at }) => at).filter((at) => at > then && at < end), end];
    return (
      Math.max(...times.sort((one, other) => one - other).map((at, i) => at - (times[i - 1] ?? at))) / 1000
    );
  }

  summary() {
    const seconds = (this.#stopped - this.#started) / 1000;
    const gap = this.longestGapSince(this.#started, this.#stopped);
    return {
      answered: this.answered.length,
      seconds: Math.round(seconds),
      longestGapSeconds: Number(gap.toFixed(1)),
      retries: this.retries,
      abandoned: this.abandoned,
      ...(this.abandoned > 0 && { lastNo: this.lastNo }),
      reads: this.reads,
      longestReadSeconds: Number((this.longestReadMs / 1000).toFixed(1)),
      refused: this.refusals.length,
      ...(this.refusals.length > 0 && { refusals: this.refusals.slice(0, 5) }),
      differently: this.differently,
      wentBack: this.wentBack,
    };
  }

  async #call(study) {
    while (this.#running) {
      const key = randomUUID();
      const first = randomInt(this.urls.length);
      const urls = randomInt(TWINS) === 0 ? this.urls : [this.urls[first]];
      const receipts = await Promise.all(
        urls.map((url) => this.#command(study, 'record-body-weight', key, url)),
      );
      if (new Set(receipts.map((receipt) => JSON.stringify(receipt))).size > 1) this.differently++;
      const [receipt] = receipts;
      if (!receipt) continue;
      const [{ number, leaf }] = receipt.records;
      const { treeSize, root } = receipt;
      this.answered.push({ study, key, number, leaf, treeSize, root, at: performance.now() });
      this.seen.set(study, Math.max(this.seen.get(study) ?? 0, treeSize));
    }
  }

  /** Until it is answered, from either process in turn: the key makes it one command. */
  async #command(study, route, key, url) {
    for (let at = this.urls.indexOf(url); ; at++) {
      const answer = await asked(
        `${this.urls[at % this.urls.length]}/api/v1/studies/${study}/commands/${route}`,
        {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
          body: JSON.stringify(exampleOf(route)),
        },
      );
      if (answer?.status === 201) return answer.body;
      const mayPass = !answer || answer.status === 503 || answer.body.code === 'busy';
      if (!mayPass) {
        this.refusals.push(`${answer.status} ${answer.body.code}: ${answer.body.detail}`);
        return undefined;
      }
      this.retries++;
      this.lastNo = answer ? `${answer.status} ${answer.body.code}` : 'no answer';
      if (performance.now() > this.#giveUp) {
        this.abandoned++;
        return undefined;
      }
      await pause(100 + randomInt(200));
    }
  }

  /** Reads as one who has seen a tree size, and keeps the heads that the process signs. */
  async #watch(url) {
    while (this.#running) {
      const study = this.studies[randomInt(this.studies.length)];
      const size = this.seen.get(study) ?? 0;
      const began = performance.now();
      const answer = await asked(`${url}/api/v1/studies/${study}?atLeast=${size}`, {});
      this.longestReadMs = Math.max(this.longestReadMs, performance.now() - began);
      if (answer?.status === 200) {
        this.reads++;
        if (answer.body.treeSize < size) this.wentBack++;
      }
      for (const path of [`/api/v1/studies/${study}/checkpoint`, '/api/v1/lab/checkpoint']) {
        const note = await asked(url + path, {});
        if (note?.status !== 200) continue;
        const [origin, signed, root] = note.body.split('\n');
        this.heads.push({
          origin,
          study: path === '/api/v1/lab/checkpoint' ? undefined : study,
          size: Number(signed),
          root,
        });
      }
      await pause(200);
    }
  }
}

/** Undefined where no answer came: the connection broke, or the time was over. */
async function asked(url, init) {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(ATTEMPT_MS) });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, body: isJson ? JSON.parse(text) : text };
  } catch {
    return undefined;
  }
}
