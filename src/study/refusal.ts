/** The answer “no” of a command: a stable code for programs, a sentence for people, the field that it is about. */
export class Refusal {
  constructor(
    readonly code: string,
    readonly message: string,
    readonly field?: string,
  ) {}
}

export function refuse(code: string, message: string, field?: string): Refusal {
  return new Refusal(code, message, field);
}
