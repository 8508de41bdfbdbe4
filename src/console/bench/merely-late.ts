/** Whether lateness is all that a reason is due for: a departure from the protocol is explained by its person. */
export function isMerelyLate(flags: readonly string[]): boolean {
  return flags.includes('late') && !flags.includes('deviation') && !flags.includes('query');
}
