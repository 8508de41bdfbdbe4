import { countPassing } from '../bisect.js';
import { groupedBy } from '../grouped-by.js';
import type { Protocol } from '../protocol.js';
import { reaches } from '../rules/verdict.js';
import { Protocols, type Fact, type Study } from '../study.js';
import { Course } from './course.js';
import { FirstAbove } from './first-above.js';
import { reachedByScores } from './score-sheet.js';

/** A humane endpoint of the protocol that a score or a weight reached, and what was decided about it. */
export interface ReachedEndpoint {
  readonly id: string;
  readonly description: string;
  /** The record that reached it. */
  readonly record: number;
  readonly occurredAt: string;
  /** What was seen, in words. */
  readonly observed: string;
  /** The weights that it rests on and that were flagged implausible, where there are any. */
  readonly implausible?: readonly number[];
  readonly decision: {
    readonly record: number;
    readonly decision: string;
    readonly justification: string | null;
  } | null;
}

/** An endpoint that was reached and about which nothing is decided: it asks for a person at once. */
export interface EndpointAlert extends Omit<ReachedEndpoint, 'decision'> {
  readonly subject: string;
}

interface Reached {
  readonly fact: Fact;
  readonly endpoint: Protocol['welfare']['endpoints'][number];
  readonly observed: string;
  readonly implausible?: readonly number[];
}

/**
 * Endpoints by the protocol version under which each score and weight was recorded, oldest first. A decision covers what
 * had happened and was known when it was recorded: a later score, or a correction, asks for another. Killing the animal
 * is a decision.
 */
export function endpointsOf(course: Course, protocols: Protocols): ReachedEndpoint[] {
  if (protocols.versions.length === 0) return [];
  const decisions = new Decisions(course.of('EndpointDecided'));
  const [killed] = course.of('SubjectEuthanised');
  return reachedIn(course, protocols).map(({ fact, endpoint, ...seen }) => {
    const decided = decisions.about(endpoint.id, fact);
    const decision = decided
      ? { record: decided.holder, decision: decided.data.decision, justification: decided.data.justification }
      : killed && killed.at >= fact.at
        ? { record: killed.holder, decision: 'kill', justification: null }
        : null;
    const { id, description } = endpoint;
    return { id, description, record: fact.holder, occurredAt: fact.time, ...seen, decision };
  });
}

type Decision = Fact<'EndpointDecided'>;

/** By endpoint, the decisions on it, oldest first. */
class Decisions {
  private readonly byEndpoint = new Map<string, { facts: readonly Decision[]; numbers: FirstAbove }>();

  constructor(decisions: readonly Decision[]) {
    for (const [id, facts] of groupedBy(decisions, ({ data }) => data.endpoint))
      this.byEndpoint.set(id, { facts, numbers: new FirstAbove(facts.map(({ number }) => number)) });
  }

  /** The first one after what was seen that was recorded after the record that states it. */
  about(endpoint: string, { at, holder }: Fact): Decision | undefined {
    const found = this.byEndpoint.get(endpoint);
    if (!found) return undefined;
    const from = countPassing(found.facts, (decision) => decision.at < at);
    return found.facts[found.numbers.find(from, holder) ?? -1];
  }
}

/** Endpoints of one animal that wait for a decision. */
export function alertsOf(study: Study, subject: string): EndpointAlert[] {
  return alertsIn(study.subjects.get(subject)?.facts ?? [], study, subject);
}

/** Endpoints that wait for a decision since the last record and did not before it, of every animal that it changed. */
export function newAlerts(study: Study): EndpointAlert[] {
  const alerts: EndpointAlert[] = [];
  for (const subject of study.subjects.values()) {
    if (subject.asOf !== study.size - 1) continue;
    const before = alertsIn(subject.factsBefore(), study, subject.id);
    const known = new Set(before.map(keyOfAlert));
    alerts.push(
      ...alertsIn(subject.facts, study, subject.id).filter((alert) => !known.has(keyOfAlert(alert))),
    );
  }
  return alerts;
}

/** Tells the alerts of one animal apart. */
export function keyOfAlert({ id, record }: EndpointAlert): string {
  return `${record} ${id}`;
}

function alertsIn(facts: Iterable<Fact>, study: Study, subject: string): EndpointAlert[] {
  return endpointsOf(new Course([...facts]), new Protocols(study)).flatMap(({ decision, ...endpoint }) =>
    decision === null ? [{ subject, ...endpoint }] : [],
  );
}

function reachedIn(course: Course, protocols: Protocols): Reached[] {
  const reached: Reached[] = [];
  for (const { fact, heaviest, lossPercent } of course.weighings) {
    for (const endpoint of protocols.of(fact).welfare.endpoints) {
      const limit = endpoint.weightLossPercent;
      if (limit === undefined || !reaches(lossPercent, Number(limit))) continue;
      reached.push({
        fact,
        endpoint,
        observed: `${lossPercent.toFixed(1)} % below the heaviest weight`,
        ...doubtOf([fact, heaviest]),
      });
    }
  }
  for (const fact of course.of('WelfareScored')) {
    for (const endpoint of protocols.of(fact).welfare.endpoints) {
      const observed = reachedByScores(fact.data.scores, endpoint);
      if (observed !== undefined) reached.push({ fact, endpoint, observed });
    }
  }
  return reached.sort((a, b) => a.fact.at - b.fact.at || a.fact.number - b.fact.number);
}

function doubtOf(weights: readonly Fact[]): Pick<Reached, 'implausible'> {
  const doubted = weights.filter(({ data }) => data.flags?.includes('implausible'));
  const records = [...new Set(doubted.map(({ holder }) => holder))].sort((one, other) => one - other);
  return records.length > 0 ? { implausible: records } : {};
}

/** What was seen, and which of the weights behind it are hardly possible. */
export function seenInWords({
  observed,
  implausible = [],
}: Pick<EndpointAlert, 'observed' | 'implausible'>): string {
  if (implausible.length === 0) return observed;
  const records = implausible.map((record) => `#${record}`).join(' and ');
  return `${observed}; ${records} ${implausible.length > 1 ? 'are' : 'is'} flagged implausible`;
}
