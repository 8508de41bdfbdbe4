import type { Stand } from '../snapshot.js';
import type { Set } from './rule.js';
import { SEND_RULES } from './rules.js';
import { SHAPE_RULES } from './shape.js';

/** `conformance.json`: every rule with what came of it. Nothing in it says that the set is ready for anybody. */
export function conformance(set: Set, { code, size, root, simulated }: Stand): string {
  const rules = [
    ...SEND_RULES.map((rule) => ({ of: 'SEND', rule })),
    ...SHAPE_RULES.map((rule) => ({ of: 'Dataset-JSON 1.1', rule })),
  ].map(({ of, rule }) => {
    const { status, detail } = rule.check(set);
    return {
      of,
      ...(rule.ids.length > 0 && { rules: rule.ids }),
      says: rule.says,
      result: status,
      ...(detail !== undefined && { detail }),
      ...(rule.remark !== undefined && { remark: rule.remark }),
    };
  });
  const count = (result: string): number => rules.filter((rule) => rule.result === result).length;
  const report = {
    study: code,
    treeSize: size,
    root,
    simulated,
    statement:
      'Data sets in the manner of SEND, from the records of a ledger. They are not a submission, and no claim is made that ' +
      'they could be one. A rule that was not run has not been passed. Rule numbers are those of the CDISC conformance ' +
      'rules, the words our own.',
    outside: Object.values(set)
      .filter(({ outside }) => outside !== undefined)
      .map(({ name, outside }) => ({ dataset: name, is: outside })),
    passed: count('passed'),
    failed: count('failed'),
    notRun: count('not run'),
    rules,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
