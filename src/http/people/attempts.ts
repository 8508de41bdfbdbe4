import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { Engine } from '../../recording/engine.js';
import { clientAddress } from '../platform/admission.js';
import { HttpSettings } from '../platform/http-settings.js';
import { Problem } from '../platform/problems.js';

const MINUTE_MS = 60_000;
/** Of addresses that are remembered; the oldest are forgotten first. */
const MOST_ADDRESSES = 10_000;

/** How often an address tries to sign in. Nothing here can be guessed, so this only spares the processor. */
@Injectable()
export class Attempts {
  private readonly made = new Map<string, { sinceMs: number; count: number }>();

  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(HttpSettings) private readonly settings: HttpSettings,
  ) {}

  /** @throws Problem `too-many-attempts`. */
  count(request: IncomingMessage): void {
    const nowMs = this.engine.clock();
    const address = clientAddress(request, this.settings.behindProxy);
    const known = this.made.get(address);
    const entry = known && nowMs < known.sinceMs + MINUTE_MS ? known : { sinceMs: nowMs, count: 0 };
    entry.count++;
    this.made.delete(address);
    this.made.set(address, entry);
    const [oldest = ''] = this.made.size > MOST_ADDRESSES ? this.made.keys() : [];
    if (this.made.size > MOST_ADDRESSES) this.made.delete(oldest);
    if (entry.count <= this.settings.attemptsAMinute) return;
    const detail = `An address may try to sign in ${this.settings.attemptsAMinute} times a minute: wait for a minute.`;
    throw new Problem('too-many-attempts', detail, undefined, { 'Retry-After': '60' });
  }
}
