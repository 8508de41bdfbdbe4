import { commandNamed } from '../../study/catalogue.js';

/** Who decides, where a technician does not: “The study director decides.” */
export function whoDecides(command: string): string | undefined {
  const who = commandNamed(command)?.who;
  if (!who || who.roles.includes('technician')) return undefined;
  return who.isStudyDirector ? 'The study director decides.' : `A ${who.roles.join(' or a ')} decides.`;
}
