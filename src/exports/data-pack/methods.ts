import type { Protocol } from '../../study/protocol.js';

/** The methods that a protocol has. */
export function methodsOf({
  ladder,
  assays = [],
  hypersensitivity,
  responder,
}: Protocol): [string, string][] {
  return [
    ...(ladder
      ? [['ladder of filaments', `${ladder.id}, begun at ${ladder.start}`] as [string, string]]
      : []),
    ...assays.map(({ id, title }): [string, string] => [`assay ${id}`, title]),
    ...(hypersensitivity ? [['hypersensitivity', hypersensitivity.name] as [string, string]] : []),
    ...(responder ? [['responder', responder.name] as [string, string]] : []),
  ];
}
